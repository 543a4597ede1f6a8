# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Droplet's end together with its snapshots. There are no volumes and no reserved addresses here."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.routing import Request, operation
from localcloud.resources.droplets import actions, images, rows

TABLE = "droplets_destroyed"
BASE = f"{rows.ONE}/destroy_with_associated_resources"
KINDS = ("reserved_ips", "floating_ips", "snapshots", "volumes", "volume_snapshots")
SCOPES = (
    "droplet:delete",
    "block_storage:delete",
    "block_storage_snapshot:delete",
    "image:delete",
    "reserved_ip:delete",
)


def _snapshots(request: Request, row: JSON) -> list[JSON]:
    found = request.world.table(images.TABLE).all()
    return [image for image in found if image["_droplet_id"] == row["id"] and image["type"] == "snapshot"]


@operation("GET", BASE, scope="droplet:read")
def list_associated(request: Request) -> JSON:
    snapshots = _snapshots(request, rows.wanted(request)) if request.token.allows("image:read") else []
    shown = [
        {"id": str(image["id"]), "name": image["name"], "cost": f"{image['size_gigabytes'] * 0.06:.2f}"}
        for image in snapshots
    ]
    return {**{kind: [] for kind in KINDS}, "snapshots": shown}


@operation("DELETE", f"{BASE}/dangerous", scope=SCOPES, status=202)
def destroy(request: Request) -> None:
    """With all of them; the header must say so."""
    if request.headers.get("x-dangerous", "").lower() != "true":
        raise ApiError(400, "The header X-Dangerous must be true.")
    row = rows.wanted(request)
    _destroy(request, row, _snapshots(request, row))


@operation("DELETE", f"{BASE}/selective", scope=SCOPES, status=202)
def destroy_some(request: Request) -> None:
    row = rows.wanted(request)
    chosen = {str(id) for id in request.json.get("snapshots") or []}
    _destroy(request, row, [image for image in _snapshots(request, row) if str(image["id"]) in chosen])


def _destroy(request: Request, row: JSON, snapshots: list[JSON]) -> None:
    world = request.world
    actions.require_idle(world, row)
    now = world.timestamp()
    for image in snapshots:
        world.table(images.TABLE).delete(str(image["id"]))
    rows.forget(world, row)
    gone = [{"id": str(image["id"]), "name": image["name"], "destroyed_at": now} for image in snapshots]
    record: JSON = {
        "droplet": {"id": str(row["id"]), "name": row["name"], "destroyed_at": now},
        "resources": {**{kind: [] for kind in KINDS}, "snapshots": gone},
        "completed_at": now,
        "failures": 0,
    }
    world.table(TABLE).insert(str(row["id"]), record)


@operation("GET", f"{BASE}/status", scope="droplet:delete")
def status(request: Request) -> JSON:
    return request.row(TABLE, "droplet_id")


@operation("POST", f"{BASE}/retry", scope=SCOPES, status=202)
def retry(request: Request) -> None:
    """Nothing is left to do: here each attempt succeeds."""
    if request.params["droplet_id"] not in request.world.table(TABLE):
        raise not_found()
