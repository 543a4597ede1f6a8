# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind of software that uptime checks are: each asks its target, in this process."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from localcloud import JSON
from localcloud.dataplane.asking import ask
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.dataplane.uptime.targets import ElsewhereError, target
from localcloud.dataplane.work import Work
from localcloud.resources.monitoring import probes
from localcloud.resources.monitoring.uptime import CHECKS_TABLE
from localcloud.world.world import World

log = logging.getLogger("localcloud")

# Seconds: between two probes, by the clock's speed; but no nearer than this, of real time; until a probe gives up.
EVERY, LEAST, PATIENCE = 60.0, 0.2, 10.0


class UptimeChecks(Kind):
    name = "uptime"

    def wanted(self, world: World) -> dict[str, JSON]:
        rows = world.table(CHECKS_TABLE).everything()
        return {row["id"]: {"type": row["type"], "target": row["target"]} for row in rows if row["enabled"]}

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return UptimeCheck(ground, key, again)


class UptimeCheck(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        super().__init__(ground, key, again)
        self._spec: JSON = {}
        self._work = Work()
        self._due: datetime | None = None
        self._last = "not asked yet"

    async def bring(self, spec: JSON) -> None:
        self._spec, self._due = spec, None
        self._work.begin(self._run)

    async def end(self, *, forget: bool) -> None:  # noqa: ARG002
        await self._work.end()

    def describe(self) -> list[str]:
        return [f"{self._spec['target']}: {self._last}"] if self._spec else []

    async def _run(self) -> None:
        """It is looked at the clock again and again, since that may be advanced."""
        world = self.ground.world
        while True:
            if self._due is None or world.now() >= self._due:
                self._due = world.now() + timedelta(seconds=world.clock.scale(EVERY))
                try:
                    await self._probe()
                except Exception:
                    log.exception("%s could not be probed", self.key)
            await asyncio.sleep(LEAST)

    async def _probe(self) -> None:
        world, spec = self.ground.world, self._spec
        try:
            found = target(world, spec["target"], spec["type"], _trust(world.ca_pem.decode()))
        except ElsewhereError as error:
            self._last = f"nobody asks: {error}"
            return
        began = asyncio.get_running_loop().time()
        # Whatever is on this machine can be pinged.
        heard = None if found is None or spec["type"] == "ping" else await ask(found, PATIENCE)
        took = (asyncio.get_running_loop().time() - began) * 1000
        up = found is not None and (spec["type"] == "ping" or (heard is not None and 200 <= heard.status < 400))
        until = heard.certificate_until if heard else None
        told = f"{heard.status}, {took:.0f} ms" if heard else "no answer" if found else "its name leads nowhere"
        self._last = f"{'up' if up else 'down'} ({told})"
        probes.note(world, self.key.partition("/")[2], up=up, latency_ms=took, certificate_until=until)


@cache
def _trust(authority: str) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority)
