# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One instance: started, held out of the way until it is ready, looked at, and started again when it ends or hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from localcloud.dataplane import work
from localcloud.dataplane.apps.checks import Check, IllError, NobodyError
from localcloud.dataplane.apps.meter import Meter
from localcloud.dataplane.apps.program import Log, Program, ended
from localcloud.dataplane.kinds import FailedError
from localcloud.dataplane.supervisor import Process
from localcloud.resources.apps.deployments.failures import JOB_FAILED, UNHEALTHY

# Seconds that no speed of the clock shortens, since a process takes its time: until somebody listens at all, until
# what answers badly is given up, until one that nobody asks counts as started; between two looks at one that runs.
LISTENS_WITHIN = 20.0
WELL_WITHIN = 3.0
STARTS_WITHIN = 0.5
FIRST_LOOKS, LATER_LOOKS = 0.1, 1.0
# One that is busy has connections that it has not accepted yet, which end with it.
DRAINS_FOR = 2.0
PAUSES = (0.1, 0.3, 1.0, 3.0)
GRACE = 5.0


@dataclass(frozen=True)
class Terms:
    """How it is judged and ended; seconds as in the specification."""

    ready: Check | None
    alive: Check | None
    drain: float
    grace: float


class Instance:
    """``first`` is done once it was ready for the first time; FailedError when it never was, and then it is over.

    ``scale`` makes seconds of the specification real ones; ``changed`` is called when it is ready, or no more.
    """

    def __init__(
        self,
        program: Program,
        address: str,
        terms: Terms,
        log: Log,
        scale: Callable[[float], float],
        changed: Callable[[], None],
        meter: Meter,
    ) -> None:
        self.address, self.ready, self.restarts = address, False, 0
        self._program, self._terms, self._log = program, terms, log
        self._scale, self._changed, self.meter = scale, changed, meter
        self._process: Process | None = None
        self.first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.ensure_future(self._run())

    @property
    def pid(self) -> int:
        return self._process.pid if self._process and self._process.running else 0

    async def stop(self, *, drain: bool) -> None:
        """End it; with ``drain``, after the time that requests on their way have."""
        if drain:
            await asyncio.sleep(max(self._scale(self._terms.drain), min(self._terms.drain, DRAINS_FOR)))
        await work.ended(self._task)
        self.first.cancel()
        await self._end()

    async def _end(self) -> None:
        if self._process:
            await self._process.stop(patience=max(GRACE, self._scale(self._terms.grace)))

    async def _run(self) -> None:
        tries = 0
        while True:
            try:
                await self._start()
                await self._becomes_ready()
                tries = 0
                self._turn(True)
                if not self.first.done():
                    self.first.set_result(None)
                why = await self._lives()
            except FailedError as error:
                why = str(error)
                if not self.first.done():
                    await self._end()
                    self._say(why)
                    self.first.set_exception(error)
                    return
            self._turn(False)
            self._say(f"{why}; it is started again")
            await self._end()
            await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1
            self.restarts += 1

    def _turn(self, ready: bool) -> None:
        if ready != self.ready:
            self.ready = ready
            self._changed()

    def _say(self, text: str) -> None:
        self._log.say(self._program.component, f"localcloud: {text}")

    def _failed(self, reason: dict[str, str], why: str) -> FailedError:
        error = FailedError(f"{self._program.component}: {why}", component=self._program.component, code=reason["code"])
        error.look.reason["message"] = reason["message"]
        return error

    async def _start(self) -> None:
        starting = asyncio.ensure_future(self._program.start(self._log))
        try:
            self._process = await asyncio.shield(starting)
        except asyncio.CancelledError:
            self._process = await starting
            raise
        except (OSError, ValueError) as error:
            raise self._failed(JOB_FAILED, f"it cannot be started: {error}") from None

    async def _becomes_ready(self) -> None:
        assert self._process  # noqa: S101
        if self._terms.ready is None:
            status = await ended(self._process, STARTS_WITHIN)
            if status is not None:
                raise self._failed(JOB_FAILED, f"it ended with status {status}")
            return
        exits = asyncio.ensure_future(self._process.wait())
        well = asyncio.ensure_future(self._well(self._terms.ready))
        try:
            await asyncio.wait({exits, well}, return_when=asyncio.FIRST_COMPLETED)
            if exits.done():
                raise self._failed(JOB_FAILED, f"it ended with status {exits.result()}")
            well.result()
        finally:
            exits.cancel()
            well.cancel()

    async def _well(self, check: Check) -> None:
        """Until it has answered well so often, or so badly that it is given up."""
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(self._scale(check.initial))
        began, good, bad = clock(), 0, 0
        last = self._scale(check.period * check.failures)
        while good < check.successes:
            try:
                await check.ask(self.address)
                good, bad = good + 1, 0
                continue
            except NobodyError as error:
                why, over = str(error), clock() - began > max(last, LISTENS_WITHIN)
            except IllError as error:
                bad += 1
                why, over = str(error), bad >= check.failures and clock() - began > max(last, WELL_WITHIN)
            if over:
                raise self._failed(UNHEALTHY, f"health check failed: {why}")
            good = 0
            await asyncio.sleep(max(FIRST_LOOKS, self._scale(check.period)))

    async def _lives(self) -> str:
        """Until it has ended or is taken for dead: why. Meanwhile it may be ready or not."""
        assert self._process  # noqa: S101
        tasks: list[asyncio.Task[str]] = [asyncio.ensure_future(self._ends(self._process))]
        if self._terms.alive:
            tasks.append(asyncio.ensure_future(self._fails(self._terms.alive, forever=False)))
        if self._terms.ready:
            tasks.append(asyncio.ensure_future(self._fails(self._terms.ready, forever=True)))
        try:
            done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            for task in tasks:
                task.cancel()

    async def _ends(self, process: Process) -> str:
        return f"it ended with status {await process.wait()}"

    async def _fails(self, check: Check, *, forever: bool) -> str:
        """Until the check has failed so often; with ``forever`` it only turns readiness on and off."""
        good = bad = 0
        await asyncio.sleep(self._scale(check.initial))
        while True:
            await asyncio.sleep(max(LATER_LOOKS, self._scale(check.period)))
            try:
                await check.ask(self.address)
                good, bad = good + 1, 0
            except (NobodyError, IllError) as error:
                good, bad = 0, bad + 1
                if bad >= check.failures and not forever:
                    return f"liveness check failed: {error}"
            if forever and (good >= check.successes or bad >= check.failures):
                self._turn(good > 0)
