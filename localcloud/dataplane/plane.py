# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings what runs in line with what the account holds, again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from localcloud import JSON
from localcloud.dataplane import supervisor, usage
from localcloud.dataplane.ground import Ground, free_address, usable
from localcloud.dataplane.kinds import FailedError, Kind, Thing
from localcloud.dataplane.work import ended
from localcloud.world.plane import UP, Look, Plane

log = logging.getLogger("localcloud")

# Seconds: between two looks at what became due, and at what is used; how long a request waits for what runs to follow
# it; between two tries.
TICK = 0.2
MEASURE = 1.0
SETTLES_WITHIN = 10.0
AGAIN_AFTER = (0.1, 0.3, 1.0, 3.0)

STARTING = Look("starting")


class Keeper:
    """Keeps one thing in line, one step at a time."""

    def __init__(
        self, kind: Kind, ground: Ground, key: str, spec: JSON, after: asyncio.Task[None] | None = None
    ) -> None:
        """``after``: what it begins after."""
        self.key, self.look, self.spec, self._after = key, STARTING, spec, after
        self._news = asyncio.Event()
        self._news.set()
        self._in_line = asyncio.Event()
        self.figures: Mapping[str, float] = {}
        self.thing: Thing = kind.make(ground, key, self.again)
        self._task = asyncio.ensure_future(self._run())

    def again(self) -> None:
        """It is no longer what it should be: it has died, or what it stands on is another."""
        if self.look.state == "up":
            self.look = STARTING
        self._news.set()

    def want(self, spec: JSON) -> None:
        if spec != self.spec:
            self.spec = spec
            self._in_line.clear()
            self._news.set()

    async def followed(self) -> None:
        """Once it is as was last wanted."""
        await self._in_line.wait()

    async def measure(self) -> None:
        try:
            self.figures = await self.thing.measure()
        except Exception as error:
            log.debug("%s cannot be measured: %s", self.key, error)

    async def end(self, *, forget: bool) -> None:
        await ended(self._task)
        try:
            await self.thing.end(forget=forget)
        except Exception:
            log.exception("%s could not be ended", self.key)
        self._in_line.set()

    async def _run(self) -> None:
        if self._after is not None:
            await asyncio.wait([self._after])
        tries = 0
        while True:
            await self._news.wait()
            self._news.clear()
            spec = self.spec
            try:
                await self.thing.bring(spec)
            except FailedError as error:
                log.warning("%s: %s", self.key, error)
                self.look, tries = error.look, 0
            except Exception as error:
                pause = AGAIN_AFTER[min(tries, len(AGAIN_AFTER) - 1)]
                log.warning("%s: %s; again in %g s", self.key, error or type(error).__name__, pause, exc_info=not tries)
                self.look, tries = STARTING, tries + 1
                await asyncio.sleep(pause)
                self._news.set()
                continue
            else:
                self.look, tries = UP, 0
            if spec == self.spec:
                self._in_line.set()


class DataPlane(Plane):
    def __init__(self, ground: Ground, kinds: list[Kind]) -> None:
        self._ground = ground
        self.missing = {kind.name: why for kind in kinds if (why := kind.missing())}
        self._kinds = {kind.name: kind for kind in kinds if kind.name not in self.missing}
        self.keepers: dict[str, Keeper] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        # By key, what the next one of that key waits for.
        self._ends: dict[str, asyncio.Task[None]] = {}
        self._watching: list[asyncio.Task[None]] = []
        # Those of them that take their time, which nobody has to wait for.
        self._lingering: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        if self._kinds:
            self._ground.prepare()
        for name, why in self.missing.items():
            log.warning("%s stays a record: %s", name, why)
        self.change()
        self._watching = [asyncio.ensure_future(self._tick()), asyncio.ensure_future(self._measure())]

    async def stop(self, *, keep: bool) -> None:
        """End everything; what uses others first, the rest at once."""
        for task in self._watching:
            task.cancel()
        for name in self._kinds:
            ending = [keeper.end(forget=not keep) for keeper in self._of(name)]
            await asyncio.gather(*ending)
        await asyncio.gather(*self._leaving)
        self.keepers.clear()

    def runs(self, kind: str) -> bool:
        return kind in self._kinds

    def place(self, kind: str, ports: Mapping[str, int]) -> JSON:
        if not self.runs(kind):
            return {}
        there = {service: usable(port) for service, port in ports.items()}
        address = free_address(there.values())
        return {service: [address, port] for service, port in there.items()}

    def look(self, key: str) -> Look:
        if not self.runs(key.partition("/")[0]):
            return UP
        keeper = self.keepers.get(key)
        return keeper.look if keeper else STARTING

    def change(self) -> None:
        """Tell each keeper what is wanted of it; make those that are missing, let those go that nobody wants."""
        wanted = {
            f"{name}/{id}": (kind, spec)
            for name, kind in self._kinds.items()
            for id, spec in self._wanted(kind).items()
        }
        for key in self.keepers.keys() - wanted.keys():
            keeper = self.keepers.pop(key)
            leaving = self._ends[key] = asyncio.ensure_future(keeper.end(forget=True))
            for tasks in (self._leaving, self._lingering) if keeper.thing.lingers else (self._leaving,):
                tasks.add(leaving)
                leaving.add_done_callback(tasks.discard)
            leaving.add_done_callback(partial(self._ended, key))
        for key, (kind, spec) in wanted.items():
            if key in self.keepers:
                self.keepers[key].want(spec)
            else:
                # After a reset ids come again: the one before has its folder until it has ended.
                self.keepers[key] = Keeper(kind, self._ground, key, spec, after=self._ends.pop(key, None))

    def _ended(self, key: str, task: asyncio.Task[None]) -> None:
        if self._ends.get(key) is task:
            del self._ends[key]

    async def settle(self) -> None:
        """What is only being started is not waited for: who made it asks whether it is there."""
        following = [keeper.followed() for keeper in self.keepers.values() if keeper.look.state == "up"]
        tasks = [asyncio.ensure_future(one) for one in following] + list(self._leaving - self._lingering)
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=SETTLES_WITHIN)
            for task in late - self._leaving:
                task.cancel()

    def figures(self, key: str) -> Mapping[str, float]:
        keeper = self.keepers.get(key)
        return keeper.figures if keeper and keeper.look.state == "up" else {}

    def describe(self) -> list[JSON]:
        return [
            {
                "key": key,
                "state": keeper.look.state,
                "reason": keeper.look.reason.get("message", ""),
                "lines": keeper.thing.describe(),
            }
            for key, keeper in sorted(self.keepers.items())
        ]

    def usage(self) -> JSON:
        found: JSON = {}
        for key in list(self.keepers):
            taken = []
            for pid in [pid for pid, name in list(supervisor.alive.items()) if key in name]:
                with suppress(OSError):  # it has ended meanwhile
                    taken.append(usage.usage(pid))
            if taken:
                memory, seconds = sum(one.bytes for one in taken), sum(one.seconds for one in taken)
                found[key] = {"memory_mb": round(memory / 2**20, 1), "cpu_seconds": round(seconds, 1)}
        return found

    def records(self) -> dict[str, str]:
        return self.missing

    def env(self) -> dict[str, str]:
        return {name: value for kind in self._kinds.values() for name, value in kind.env().items()}

    def hosts(self) -> dict[str, str]:
        return {name: at for kind in self._kinds.values() for name, at in kind.hosts(self._ground.world).items()}

    def logs(self) -> list[str]:
        return sorted(self._ground.all_logs())

    def log_tail(self, key: str, lines: int) -> list[str]:
        return self._ground.log_tail(key, lines)

    def _wanted(self, kind: Kind) -> dict[str, JSON]:
        """One that cannot tell leaves what runs of it as it is, and takes no request of others along."""
        try:
            return kind.wanted(self._ground.world)
        except Exception:
            log.exception("what of %s should run cannot be told", kind.name)
            return {keeper.key.partition("/")[2]: keeper.spec for keeper in self._of(kind.name)}

    def _of(self, name: str) -> list[Keeper]:
        return [keeper for key, keeper in self.keepers.items() if key.partition("/")[0] == name]

    async def _tick(self) -> None:
        """What becomes due happens although nobody asks: what runs changes with it."""
        while True:
            await asyncio.sleep(TICK)
            try:
                if self._ground.world.run_timers():
                    self._ground.changed()
            except Exception:
                log.exception("what became due has failed")

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(MEASURE)
            await asyncio.gather(*(keeper.measure() for keeper in self.keepers.values() if keeper.look.state == "up"))
