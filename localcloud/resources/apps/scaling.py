# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances follow the load, where any run: within the bounds of a component, by the CPU that they use on average.

Requests per second and their duration are taken into the specification, and move nothing here. How often the platform
looks is a guess, and so is the formula: as many as would just meet the target.
"""

from __future__ import annotations

import math

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
        target = (((component.get("autoscaling") or {}).get("metrics") or {}).get("cpu") or {}).get("percent")
        there = len(instances.of(world, deployment, component["name"]))
        if target and there:
            bounds = component["autoscaling"]
            use = metrics.used(world, app, component["name"], "cpu", world.now().timestamp())
            met = math.ceil(round(there * use / target, 6))
            count = min(max(met, bounds["min_instance_count"]), bounds["max_instance_count"])
            deployment["_scaled"] = {**deployment.get("_scaled", {}), component["name"]: count}
    world.after(EVERY, "apps.scale", id=id)
