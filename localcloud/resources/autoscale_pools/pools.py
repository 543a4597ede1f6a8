# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pools: ``/v2/droplets/autoscale``. A change of the template is for Droplets to come [?]; the others stay.

Records of the table ``autoscale_pools`` by id: ``{id, name, config, droplet_template, created_at, updated_at,
status}``, with ``_history``. Its Droplets bear its id as ``_pool``.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.autoscale_pools import checks, scaling
from localcloud.resources.autoscale_pools.scaling import TABLE
from localcloud.resources.droplets import rows as droplets
from localcloud.world import hooks
from localcloud.world.world import World, duration, timer

ONE = "/v2/droplets/autoscale/{autoscale_pool_id}"

duration("pool.delete", 20.0)


def _wanted(request: Request) -> JSON:
    return request.row(TABLE, "autoscale_pool_id")


def _render(world: World, pool: JSON) -> JSON:
    shown: JSON = {**public(pool), "active_resources_count": 0}
    shown["active_resources_count"] = sum(row["status"] == "active" for row in scaling.members(world, pool))
    if "cooldown_minutes" in pool["config"]:
        shown["current_utilization"] = scaling.used(world)
    return shown


@operation("GET", "/v2/droplets/autoscale", scope="droplet:read")
def list_pools(request: Request) -> JSON:
    name = request.query.get("name")
    found = [row for row in request.world.table(TABLE).all() if not name or row["name"] == name]
    return paginate(request, "autoscale_pools", [_render(request.world, row) for row in found])


@operation("POST", "/v2/droplets/autoscale", scope="droplet:create", status=202)
def create(request: Request) -> JSON:
    return {"autoscale_pool": _render(request.world, _insert(request.world, request.json))}


def _insert(world: World, body: JSON) -> JSON:
    if not body["name"].strip():
        raise ApiError(422, "name can't be blank")
    config = checks.config(body["config"])
    now, id = world.timestamp(), world.uuid()
    pool: JSON = {
        "id": id,
        "name": body["name"],
        "config": config,
        "droplet_template": checks.template(world, body["droplet_template"], config),
        "created_at": now,
        "updated_at": now,
        "status": "active",
        "_history": [],
    }
    world.table(TABLE).insert(id, pool)
    scaling.scale(world, pool, "CONFIGURATION_CHANGE")
    scaling.watch(world, pool)
    return pool


@operation("GET", ONE, scope="droplet:read")
def read(request: Request) -> JSON:
    return {"autoscale_pool": _render(request.world, _wanted(request))}


@operation("PUT", ONE, scope="droplet:create")
def replace(request: Request) -> JSON:
    """All of it but the name, which stays."""
    world, pool, body = request.world, _wanted(request), request.json
    if body["name"] != pool["name"]:
        raise ApiError(422, "name cannot be updated")
    if pool["status"] != "active":
        raise ApiError(409, "the pool is being deleted")
    config = checks.config(body["config"])
    template = checks.template(world, body["droplet_template"], config)
    pool.update(config=config, droplet_template=template, updated_at=world.timestamp())
    scaling.scale(world, pool, "CONFIGURATION_CHANGE")
    scaling.watch(world, pool)
    return {"autoscale_pool": _render(world, pool)}


@operation("DELETE", ONE, scope="droplet:delete", status=202)
def delete(request: Request) -> None:
    """Its Droplets stay, and are nobody's then."""
    _begin_end(request, with_droplets=False)


@operation("DELETE", f"{ONE}/dangerous", scope="droplet:delete", status=202)
def delete_with_droplets(request: Request) -> None:
    """The header must say so."""
    if request.headers.get("x-dangerous", "").lower() != "true":
        raise ApiError(400, "The header X-Dangerous must be true.")
    _begin_end(request, with_droplets=True)


def _begin_end(request: Request, *, with_droplets: bool) -> None:
    pool = _wanted(request)
    pool["status"] = "deleting"
    for name in ("pools.apply", "pools.look", "pools.settled"):
        request.world.cancel(name, id=pool["id"])
    request.world.after("pool.delete", "pools.gone", id=pool["id"], with_droplets=with_droplets)


@timer("pools.gone")
def _gone(world: World, id: str, with_droplets: bool) -> None:
    pool = world.table(TABLE).delete(id)
    for row in scaling.members(world, pool) if pool else []:
        row["_pool"] = None
        if with_droplets:
            droplets.forget(world, row)


@operation("GET", f"{ONE}/members", scope="droplet:read")
def list_members(request: Request) -> JSON:
    world, pool = request.world, _wanted(request)
    states = {"new": "provisioning", "active": "active", "off": "off"}
    found = [
        {
            "droplet_id": row["id"],
            "created_at": row["created_at"],
            "updated_at": row["created_at"],
            "health_status": "unhealthy" if row["status"] == "off" else "healthy",
            **({"unhealthy_reason": "the Droplet is off"} if row["status"] == "off" else {}),
            "status": "deleting" if pool["status"] == "deleting" else states[row["status"]],
            "current_utilization": scaling.used(world),
        }
        for row in scaling.members(world, pool)
    ]
    return paginate(request, "droplets", found)


@operation("GET", f"{ONE}/history", scope="droplet:read")
def list_history(request: Request) -> JSON:
    """The newest first."""
    return paginate(request, "history", list(reversed(_wanted(request)["_history"])))


@hooks.seeder("autoscale_pools")
def _seed(world: World, count: int) -> None:
    """Without Droplets: theirs have a limit, too."""
    start = len(world.table(TABLE))
    template = {"region": "fra1", "size": "s-1vcpu-1gb", "image": "debian-13-x64", "ssh_keys": []}
    for number in range(start, start + count):
        body = {"name": f"foreign-pool-{number + 1:04}", "config": {"target_number_instances": 1}}
        pool = _insert(world, {**body, "droplet_template": template})
        world.cancel("pools.apply", id=pool["id"])
