# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kind ``job``: the jobs of a deployment before it or after it, one after the other, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from localcloud import JSON
from localcloud.dataplane.apps.program import Log, ended
from localcloud.dataplane.apps.relays import Relays
from localcloud.dataplane.apps.setting import Setting
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import FailedError, Kind, Thing
from localcloud.dataplane.supervisor import Process
from localcloud.resources.apps.deployments.failures import JOB_FAILED
from localcloud.resources.apps.deployments.stages import AFTER, BEFORE, job_id, jobs
from localcloud.resources.apps.rows import DEPLOYMENTS
from localcloud.world.world import World

# Seconds that one may take.
PATIENCE = 1800.0


class Jobs(Kind):
    name = "job"

    def __init__(self, relays: Relays) -> None:
        self._relays = relays

    def wanted(self, world: World) -> dict[str, JSON]:
        return {
            job_id(row, row["_stage"]): {"deployment": row["id"], "stage": row["_stage"]}
            for row in world.table(DEPLOYMENTS).everything()
            if row["phase"] == "DEPLOYING" and row.get("_stage") in (BEFORE, AFTER)
        }

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Job(ground, key, again, self._relays)


class Job(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None], relays: Relays) -> None:
        super().__init__(ground, key, again)
        self._relays = relays
        self._process: Process | None = None
        self._done = False

    async def bring(self, spec: JSON) -> None:
        if self._done:
            return
        setting = Setting(self.ground, self._relays, self.key, spec["deployment"])
        await setting.prepare()
        log = Log(self.ground.world, self.ground.log(f"deployment/{spec['deployment']}"))
        for job in jobs(setting.deployment, spec["stage"]):
            await self._run(setting, job, log)
        self._done = True

    async def _run(self, setting: Setting, job: JSON, log: Log) -> None:
        name = job["name"]
        program = setting.program(job, self.ground.room(self.key) / name)
        if program is None:
            return
        status: int | None = None
        try:
            self._process = await program.start(log)
        except (OSError, ValueError) as wrong:
            ending = f"it cannot be started: {wrong}"
        else:
            status = await ended(self._process, PATIENCE)
            ending = "it takes too long" if status is None else f"it ended with status {status}"
        log.say(name, f"localcloud: {ending}")
        if status != 0:
            if self._process:
                await self._process.stop()
            error = FailedError(f"{name}: {ending}", component=name, code=JOB_FAILED["code"])
            error.look.reason["message"] = JOB_FAILED["message"]
            raise error

    async def end(self, *, forget: bool) -> None:
        if self._process:
            await self._process.stop()
        self._relays.leave(self.key)
        if forget:
            await asyncio.to_thread(self.ground.forget, self.key)
