# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Garbage collection: what no manifest needs goes, and nobody can push meanwhile.

Records of the table ``garbage_collections`` by uuid, as the API gives them.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources.registries.registries import TABLE as REGISTRIES
from localcloud.resources.registries.registries import wanted
from localcloud.resources.registries.repositories import LAYER
from localcloud.world.world import World, duration, timer

TABLE = "garbage_collections"
# docs.digitalocean.com/products/container-registry/how-to/clean-up-container-registry: tokens that may write live
# fifteen minutes, and are waited for.
STEPS = ("requested", "waiting for write JWTs to expire", "scanning manifests", "deleting unreferenced blobs")
OVER = ("failed", "succeeded", "cancelled")
duration("registry.garbage.requested", 2)
duration("registry.garbage.waiting", 900)
duration("registry.garbage.scanning", 20)
duration("registry.garbage.deleting", 20)
_WAITS = [f"registry.garbage.{name}" for name in ("requested", "waiting", "scanning", "deleting")]


def active(world: World, registry: str) -> JSON | None:
    for row in world.table(TABLE).everything():
        if row["registry_name"] == registry and row["status"] not in OVER:
            return row
    return None


@timer("registries.garbage")
def _go_on(world: World, uuid: str, step: int) -> None:
    row = world.table(TABLE).peek(uuid)
    registry = world.table(REGISTRIES).peek(row["registry_name"]) if row else None
    if row is None or row["status"] in OVER:
        return
    row["updated_at"] = world.timestamp()
    if registry is None:
        row["status"] = "failed"
    elif row["status"] == "cancelling":
        row["status"] = "cancelled"
    elif step < len(STEPS):
        row["status"] = STEPS[step]
        world.after(_WAITS[step], "registries.garbage", uuid=uuid, step=step + 1)
    else:
        freed = registry.pop("_garbage", 0)
        registry["storage_usage_bytes"] -= freed
        registry["storage_usage_bytes_updated_at"] = world.timestamp()
        row.update(status="succeeded", blobs_deleted=freed // LAYER, freed_bytes=freed)


@operation("POST", "/v2/registries/{registry_name}/garbage-collection", scope="registry:update", status=201)
@operation("POST", "/v2/registry/{registry_name}/garbage-collection", scope="registry:update", status=201)
def start(request: Request) -> JSON:
    world, registry = request.world, wanted(request)
    if active(world, registry["name"]):
        # A guess: no public text shows the words.
        raise ApiError(409, "registry already has an active garbage collection")
    uuid, now = world.uuid(), world.timestamp()
    row = {
        "uuid": uuid,
        "registry_name": registry["name"],
        "status": STEPS[0],
        "created_at": now,
        "updated_at": now,
        "blobs_deleted": 0,
        "freed_bytes": 0,
    }
    world.table(TABLE).insert(uuid, row)
    world.after(_WAITS[0], "registries.garbage", uuid=uuid, step=1)
    return {"garbage_collection": row}


@operation("GET", "/v2/registries/{registry_name}/garbage-collection", scope="registry:read")
@operation("GET", "/v2/registry/{registry_name}/garbage-collection", scope="registry:read")
def read_active(request: Request) -> JSON:
    row = active(request.world, wanted(request)["name"])
    if row is None:
        raise not_found()
    return {"garbage_collection": row}


@operation("GET", "/v2/registries/{registry_name}/garbage-collections", scope="registry:read")
@operation("GET", "/v2/registry/{registry_name}/garbage-collections", scope="registry:read")
def list_all(request: Request) -> JSON:
    """The newest first."""
    name = wanted(request)["name"]
    rows = [row for row in request.world.table(TABLE).all() if row["registry_name"] == name]
    return paginate(request, "garbage_collections", rows[::-1])


@operation(
    "PUT", "/v2/registries/{registry_name}/garbage-collection/{garbage_collection_uuid}", scope="registry:update"
)
@operation("PUT", "/v2/registry/{registry_name}/garbage-collection/{garbage_collection_uuid}", scope="registry:update")
def cancel(request: Request) -> JSON:
    row = request.world.table(TABLE).get(request.params["garbage_collection_uuid"])
    if row is None or row["registry_name"] != wanted(request)["name"] or row["status"] in OVER:
        raise not_found()
    if request.json.get("cancel") is True:
        row.update(status="cancelling", updated_at=request.world.timestamp())
    return {"garbage_collection": row}
