# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many Droplets a pool has, and how it gets there.

By utilization it is looked at once per cooldown of the virtual clock, and goes to the number at which each target would
just be met, within its bounds; the formula is a guess. How busy Droplets are is said by ``PUT utilization`` of the
admin API. One that somebody deletes is replaced.
"""

from __future__ import annotations

import math

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.resources.droplets import creation
from localcloud.resources.droplets import rows as droplets
from localcloud.world.world import World, duration, timer

TABLE = "autoscale_pools"
UTILIZATION = "utilization"
# What an idle Droplet uses.
IDLE = 0.05

duration("pool.scale", 30.0)
duration("pool.settle", 60.0)


def members(world: World, pool: JSON) -> list[JSON]:
    """Its Droplets, oldest first."""
    return [row for row in droplets.droplets(world).everything() if row.get("_pool") == pool["id"]]


def used(world: World) -> JSON:
    """``{"cpu", "memory"}`` of every Droplet, between 0 and 1."""
    row = world.table(UTILIZATION).peek("droplets") or {}
    return {"memory": row.get("memory", IDLE), "cpu": row.get("cpu", IDLE)}


def wanted(world: World, pool: JSON) -> int:
    """The number of Droplets that its configuration asks for now."""
    config = pool["config"]
    if "target_number_instances" in config:
        return int(config["target_number_instances"])
    there, use = len(members(world, pool)), used(world)
    needed = [
        math.ceil(round(there * use[name] / config[f"target_{name}_utilization"], 6))
        for name in use
        if f"target_{name}_utilization" in config
    ]
    return int(min(config["max_instances"], max(config["min_instances"], *needed)))


def scale(world: World, pool: JSON, reason: str = "") -> None:
    """Begin to get to the wanted number; ``reason`` is up or down when it is not given."""
    now, then = len(members(world, pool)), wanted(world, pool)
    if now == then:
        return
    event: JSON = {
        "history_event_id": world.uuid(),
        "current_instance_count": now,
        "desired_instance_count": then,
        "reason": reason or ("SCALE_UP" if then > now else "SCALE_DOWN"),
        "status": "in_progress",
        "created_at": world.timestamp(),
        "updated_at": world.timestamp(),
    }
    pool["_history"].append(event)
    world.after("pool.scale", "pools.apply", id=pool["id"], desired=then)


@timer("pools.apply")
def apply(world: World, id: str, desired: int) -> None:
    """Make what is missing, remove the youngest of what is too many."""
    pool = world.table(TABLE).peek(id)
    if pool is None:
        return
    there = members(world, pool)
    status = "success"
    try:
        for _missing in range(desired - len(there)):
            _add(world, pool)
    except ApiError:
        # The account's limit, or what is no longer on offer.
        status = "error"
    for row in there[desired:]:
        row["_pool"] = None
        droplets.forget(world, row)
    world.after("pool.settle", "pools.settled", id=id, status=status)


def _add(world: World, pool: JSON) -> None:
    template = pool["droplet_template"]
    creation.check_limit(world, 1)
    name = f"{template.get('name') or pool['name']}-{world.token_hex(4)}"
    creation.make(world, name, creation.check(world, template), template["project_id"], _pool=pool["id"])


@timer("pools.settled")
def _settled(world: World, id: str, status: str) -> None:
    pool = world.table(TABLE).peek(id)
    for event in pool["_history"] if pool else []:
        if event["status"] == "in_progress":
            event.update(status=status, updated_at=world.timestamp())


def watch(world: World, pool: JSON) -> None:
    """Look at its utilization after each cooldown, as it is configured now."""
    world.cancel("pools.look", id=pool["id"])
    if "cooldown_minutes" in pool["config"]:
        world.after(60.0 * pool["config"]["cooldown_minutes"], "pools.look", id=pool["id"])


@timer("pools.look")
def _look(world: World, id: str) -> None:
    pool = world.table(TABLE).peek(id)
    if pool is not None:
        scale(world, pool)
        watch(world, pool)


@droplets.on_delete
def _heal(world: World, _id: int) -> None:
    """Whoever has lost a Droplet that it did not give up itself gets another one."""
    for pool in world.table(TABLE).everything():
        if pool["status"] != "active":
            continue
        least = pool["config"].get("target_number_instances") or pool["config"].get("min_instances")
        if len(members(world, pool)) < least and not any(
            event["status"] == "in_progress" for event in pool["_history"]
        ):
            scale(world, pool, "SCALE_UP")
