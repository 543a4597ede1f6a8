# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind of software that looks at alert policies and the alerts of apps again and again, in this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from localcloud import JSON
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.dataplane.work import Work
from localcloud.resources.apps.rows import APPS
from localcloud.resources.monitoring import app_alerts, measured, sink
from localcloud.resources.monitoring.policies import TABLE
from localcloud.resources.monitoring.uptime import ALERTS_TABLE
from localcloud.world.world import World

log = logging.getLogger("localcloud")

# Seconds between two looks.
EVERY = 0.5


class Alerting(Kind):
    name = "alerting"

    def wanted(self, world: World) -> dict[str, JSON]:
        return {"all": {}} if any(len(world.table(name)) for name in (TABLE, APPS, sink.TABLE)) else {}

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Looking(ground, key, again)


class Looking(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        super().__init__(ground, key, again)
        self._work = Work()

    async def bring(self, spec: JSON) -> None:  # noqa: ARG002
        self._work.begin(self._run)

    async def end(self, *, forget: bool) -> None:  # noqa: ARG002
        await self._work.end()

    def describe(self) -> list[str]:
        world = self.ground.world
        alerts = sum(len(app["_alerts"]) for app in world.table(APPS).everything())
        return [f"{len(world.table(TABLE))} alert policies, {alerts} alerts of apps"]

    async def _run(self) -> None:
        while True:
            try:
                measured.judge(self.ground.world)
                app_alerts.judge(self.ground.world)
                sink.withdraw(self.ground.world, self._known())
            except Exception:
                log.exception("alert policies could not be judged")
            await asyncio.sleep(EVERY)

    def _known(self) -> set[str]:
        world = self.ground.world
        return {*world.table(ALERTS_TABLE), *measured.known(world), *app_alerts.known(world)}
