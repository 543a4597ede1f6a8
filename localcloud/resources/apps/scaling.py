# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances follow the load, where any run: within the bounds of a component, to what its hungriest metric asks for.

How often the platform looks is a guess, and so is the formula: as many as would just meet each target. Requests are
those of the whole app.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from localcloud import JSON
from localcloud.resources.apps import instances, metrics
from localcloud.resources.apps.rows import APPS, DEPLOYMENTS
from localcloud.resources.apps.spec import components
from localcloud.world.world import World, timer

# Seconds of the virtual clock between two looks.
EVERY = 60.0


def begin(world: World, deployment: JSON) -> None:
    """A deployment has become active."""
    scaled = [c["name"] for _kind, c in components(deployment["spec"], *metrics.RUNNING) if c.get("autoscaling")]
    if any(instances.of(world, deployment, name) for name in scaled):
        world.after(EVERY, "apps.scale", id=deployment["id"])


@timer("apps.scale")
def scale(world: World, id: str) -> None:
    deployment = world.table(DEPLOYMENTS).peek(id)
    app = world.table(APPS).peek(deployment["_app_id"]) if deployment else None
    if deployment is None or app is None or app["_active"] != id:
        return
    for _kind, component in components(deployment["spec"], *metrics.RUNNING):
        bounds, there = component.get("autoscaling"), len(instances.of(world, deployment, component["name"]))
        if bounds and there:
            asked_for = _asked_for(world, app, component, there)
            met = max((math.ceil(round(count, 6)) for count in asked_for), default=there)
            count = min(max(met, bounds["min_instance_count"]), bounds["max_instance_count"])
            deployment["_scaled"] = {**deployment.get("_scaled", {}), component["name"]: count}
    # Of a time that was jumped over nothing else is known.
    world.after(max(EVERY, world.clock.behind()), "apps.scale", id=id)


def _asked_for(world: World, app: JSON, component: JSON, there: int) -> Iterator[float]:
    """How many instances would meet each target that something is known of."""
    targets = component["autoscaling"].get("metrics") or {}
    measured = metrics.requests(world, app)
    if cpu := targets.get("cpu"):
        yield there * metrics.used(world, app, component["name"], "cpu", world.now().timestamp()) / cpu["percent"]
    if measured and (wanted := targets.get("requests_per_second")):
        yield measured[0] / wanted["per_instance"]
    if measured and (wanted := targets.get("request_duration")):
        yield there * measured[1] / wanted["p95_milliseconds"]
