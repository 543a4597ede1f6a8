# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kind ``deployment``: the instances of its services and workers, from the moment they roll out to their end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from localcloud import JSON
from localcloud.dataplane.apps.checks import liveness, readiness
from localcloud.dataplane.apps.instance import Instance, Terms
from localcloud.dataplane.apps.meter import Meter
from localcloud.dataplane.apps.program import Log
from localcloud.dataplane.apps.relays import Relays
from localcloud.dataplane.apps.setting import Setting
from localcloud.dataplane.ground import Ground, free_address, usable
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.resources.apps.catalogue import find_size
from localcloud.resources.apps.deployments.stages import AFTER, RUN
from localcloud.resources.apps.instances import INSTANCES, wanted
from localcloud.resources.apps.rows import APPS, DEPLOYMENTS
from localcloud.resources.apps.spec import components
from localcloud.world.world import World

# What the platform takes where a component does not say [G].
DRAIN, GRACE = 15, 120
RUNNING = ("services", "workers")
# Seconds.
MEASURED_EVERY = 5.0


class Deployments(Kind):
    name = "deployment"

    def __init__(self, relays: Relays) -> None:
        self._relays = relays

    def wanted(self, world: World) -> dict[str, JSON]:
        """What rolls out, what is active, and what requests still go to."""
        found = {}
        apps = {app["id"]: {app["_active"], app.get("_routed")} for app in world.table(APPS).everything()}
        for id, row in world.table(DEPLOYMENTS).items():
            rolling = row["phase"] == "DEPLOYING" and row.get("_stage") in (RUN, AFTER)
            if rolling or id in apps.get(row["_app_id"], ()):
                found[id] = {"counts": {c["name"]: wanted(row, c) for _kind, c in components(row["spec"], *RUNNING)}}
        return found

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Deployment(ground, key, again, self._relays)


class Deployment(Thing):
    lingers = True

    def __init__(self, ground: Ground, key: str, again: Callable[[], None], relays: Relays) -> None:
        super().__init__(ground, key, again)
        self.id = key.partition("/")[2]
        self._relays = relays
        self._log = Log(ground.world, ground.log(key))
        self._setting: Setting | None = None
        self._instances: dict[tuple[str, int], Instance] = {}
        self._measured = 0.0

    async def bring(self, spec: JSON) -> None:
        """As many as wanted, each of them ready once. What is of an environment is that of the first time."""
        setting = self._setting or await self._set()
        counts: dict[str, int] = spec["counts"]
        for _kind, component in setting.components(*RUNNING):
            for number in range(counts[component["name"]]):
                if (component["name"], number) not in self._instances:
                    self._make(setting, component, number)
        surplus = [which for which in self._instances if which[1] >= counts.get(which[0], 0)]
        leaving = [self._instances.pop(which) for which in surplus]
        self._write()
        await asyncio.gather(*(instance.first for instance in self._instances.values()), return_exceptions=True)
        failed = {which: error for which, one in self._instances.items() if (error := _failure(one.first))}
        for error in failed.values():
            if not self._is_active():
                await self._stop(drain=False)
                raise error
        if failed:
            # Those that serve go on.
            await asyncio.gather(*(self._instances.pop(which).stop(drain=False) for which in failed))
            self._write()
            raise RuntimeError("; ".join(map(str, failed.values())))
        await asyncio.gather(*(instance.stop(drain=True) for instance in leaving))

    async def _set(self) -> Setting:
        self._setting = setting = Setting(self.ground, self._relays, self.key, self.id)
        await setting.prepare()
        return setting

    def _make(self, setting: Setting, component: JSON, number: int) -> None:
        name, port = component["name"], component.get("http_port", 0)
        ready, alive = readiness(component), liveness(component)
        ports = {usable(check.port) for check in (ready, alive) if check} | {usable(port)} if port else set()
        address = free_address(ports)
        home = self.ground.room(self.key) / f"{name}-{number}"
        given = {"HOSTNAME": address, **({"PORT": str(usable(port))} if port else {})}
        program = setting.program(component, home, **given)
        if program is None:
            return
        termination = component.get("termination") or {}
        terms = Terms(
            ready, alive, termination.get("drain_seconds", DRAIN), termination.get("grace_period_seconds", GRACE)
        )
        scale = self.ground.world.clock.scale
        meter = Meter(find_size(component["instance_size_slug"]) or {})
        self._instances[name, number] = Instance(program, address, terms, self._log, scale, self._changed, meter)

    async def measure(self) -> Mapping[str, float]:
        now = asyncio.get_running_loop().time()
        if now - self._measured >= MEASURED_EVERY:
            self._measured = now
            for instance in self._instances.values():
                instance.meter.read(instance.pid, self.ground.world.now().timestamp())
            self._write()
        return {}

    def _is_active(self) -> bool:
        row = self.ground.world.table(DEPLOYMENTS).peek(self.id)
        return row is not None and row["phase"] == "ACTIVE"

    def _changed(self) -> None:
        self._write()
        self.ground.changed()

    def _write(self) -> None:
        """Only what the account still has is written of: after a reset there is nothing to tell."""
        world = self.ground.world
        row = world.table(DEPLOYMENTS).peek(self.id)
        if row is None:
            world.table(INSTANCES).delete(self.id)
            return
        ports = {c["name"]: usable(c.get("http_port", 0)) for _kind, c in components(row["spec"], *RUNNING)}
        found = [
            {
                "component": name,
                "number": number,
                "address": instance.address,
                "port": ports[name],
                "ready": instance.ready,
                "restarts": instance.restarts,
                "pid": instance.pid,
                "used": list(instance.meter.samples),
            }
            for (name, number), instance in sorted(self._instances.items())
        ]
        world.table(INSTANCES).insert(self.id, {"instances": found})

    async def _stop(self, *, drain: bool) -> None:
        leaving = list(self._instances.values())
        self._instances.clear()
        await asyncio.gather(*(instance.stop(drain=drain) for instance in leaving))

    async def end(self, *, forget: bool) -> None:
        """One that was replaced finishes what it is asked for; when all ends, nobody asks any more."""
        replaced = self.ground.world.table(DEPLOYMENTS).peek(self.id) is not None
        self.ground.world.table(INSTANCES).delete(self.id)
        await self._stop(drain=forget and replaced)
        self._relays.leave(self.key)
        if forget:
            await asyncio.to_thread(self.ground.forget, self.key)
            if not replaced:
                # After a reset ids come again, and the next one would be told what this one has said.
                self._log.remove()

    def describe(self) -> list[str]:
        return [
            f"{name}-{number} {instance.address} {'ready' if instance.ready else 'not ready'},"
            f" pid {instance.pid or '-'}, restarts {instance.restarts}"
            for (name, number), instance in sorted(self._instances.items())
        ]


def _failure(first: asyncio.Future[None]) -> BaseException | None:
    return first.exception() if first.done() and not first.cancelled() else None
