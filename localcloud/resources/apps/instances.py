# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances that really run: what the software behind a deployment has written down of itself.

Rows of ``app_instances`` by deployment: ``{"instances": [{component, number, address, port, ready, restarts, pid,
used}]}``, where ``used`` are samples ``[Unix time, per cent of its CPUs, per cent of its memory]``, the last one last.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps.spec import instance_count
from localcloud.world.world import World

INSTANCES = "app_instances"


def of(world: World, deployment: JSON | None, component: str) -> list[JSON]:
    """In the order of their numbers; empty where none runs, as where there are records only."""
    row = world.table(INSTANCES).peek(deployment["id"]) if deployment else None
    return [one for one in (row or {"instances": []})["instances"] if one["component"] == component]


def count(world: World, deployment: JSON, component: JSON) -> int:
    """How many there are, or as many as there should be where none runs."""
    return len(of(world, deployment, component["name"])) or wanted(deployment, component)


def wanted(deployment: JSON, component: JSON) -> int:
    """How many there should be: as load has moved it, within the bounds of the specification."""
    moved: dict[str, int] = deployment.get("_scaled", {})
    return moved.get(component["name"], instance_count(component))


def used(instance: JSON, part: str, at: float) -> float | None:
    """What it used at a moment: of samples the last one before, of a time before all of them nothing is known."""
    if part == "restarts":
        return float(instance["restarts"])
    earlier = [sample for sample in instance["used"] if sample[0] <= at]
    return float(earlier[-1][1 if part == "cpu" else 2]) if earlier else None
