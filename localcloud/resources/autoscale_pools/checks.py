# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pool may be: its size or its bounds, and what its Droplets are made of. The words of refusals are guesses."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.resources import projects, vpcs
from localcloud.resources.droplets import creation
from localcloud.world.world import World

TARGETS = ("target_cpu_utilization", "target_memory_utilization")
DEFAULT_COOLDOWN = 10
TEMPLATE = (
    "name",
    "region",
    "size",
    "image",
    "ssh_keys",
    "tags",
    "vpc_uuid",
    "with_droplet_agent",
    "project_id",
    "ipv6",
    "user_data",
    "public_networking",
)


def config(given: JSON) -> JSON:
    """A fixed number, or bounds with at least one target."""
    if given.get("target_number_instances"):
        return {"target_number_instances": given["target_number_instances"]}
    if given["min_instances"] > given["max_instances"]:
        raise ApiError(422, "min_instances must not be greater than max_instances")
    targets = {name: given[name] for name in TARGETS if given.get(name)}
    if not targets:
        raise ApiError(422, "a target for cpu or memory utilization must be given")
    bounds = {name: given[name] for name in ("min_instances", "max_instances")}
    return {**bounds, **targets, "cooldown_minutes": given.get("cooldown_minutes") or DEFAULT_COOLDOWN}


def template(world: World, given: JSON, wanted: JSON) -> JSON:
    """Whole, as it is answered; 422 when no Droplet can be made of it."""
    whole: JSON = {name: given[name] for name in TEMPLATE if given.get(name) is not None}
    whole.setdefault("with_droplet_agent", True)
    whole.setdefault("ipv6", False)
    whole.setdefault("public_networking", True)
    whole.setdefault("tags", [])
    if "target_number_instances" not in wanted and not whole["with_droplet_agent"]:
        raise ApiError(422, "with_droplet_agent must be true to scale by utilization")
    spec = creation.check(world, whole)
    project = whole.get("project_id")
    if project and world.table(projects.TABLE).peek(project) is None:
        raise ApiError(422, f"project {project} does not exist")
    whole["vpc_uuid"] = spec["vpc"] or vpcs.default_vpc(world, spec["region"])["id"]
    whole["project_id"] = project or projects.default_project(world)["id"]
    whole["tags"] = spec["tags"]
    return whole
