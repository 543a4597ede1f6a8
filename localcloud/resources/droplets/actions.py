# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions: what is being done to a Droplet, and was. One at a time for each Droplet.

Records of the table ``actions`` by number, as text: the API's action without its region.
"""

from __future__ import annotations

from typing import Any

from localcloud import JSON
from localcloud.ports.auth import Token
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources.catalogue import render_region
from localcloud.resources.droplets import rows
from localcloud.world.world import World

TABLE = "actions"
API = "https://api.digitalocean.com/v2"
UNDER_WAY = "in-progress"


def begin(world: World, droplet: JSON, kind: str, **done: Any) -> JSON:
    """A new one; ``done`` is what it changes in the Droplet's row once it is completed."""
    id = rows.number(world, "action", 2_000_000_000)
    record: JSON = {
        "id": id,
        "status": UNDER_WAY,
        "type": kind,
        "started_at": world.timestamp(),
        "completed_at": None,
        "resource_id": droplet["id"],
        "resource_type": "droplet",
        "region_slug": droplet["_region"],
        "_done": done,
    }
    return world.table(TABLE).insert(str(id), record)


def of(world: World, droplet: JSON) -> list[JSON]:
    return [row for row in world.table(TABLE).everything() if row["resource_id"] == droplet["id"]]


def pending(world: World, droplet: JSON) -> JSON | None:
    return next((row for row in of(world, droplet) if row["status"] == UNDER_WAY), None)


def require_idle(world: World, droplet: JSON) -> None:
    """hashicorp/packer issue 1814"""
    if pending(world, droplet):
        raise ApiError(422, "Droplet already has a pending event.")


def complete(world: World, droplet: JSON) -> None:
    """What is under way on it ends well."""
    found = pending(world, droplet)
    if found is not None:
        found["status"], found["completed_at"] = "completed", world.timestamp()
        droplet.update(found["_done"])


def link(action: JSON, rel: str) -> JSON:
    return {"id": action["id"], "rel": rel, "href": f"{API}/actions/{action['id']}"}


def render(action: JSON, token: Token) -> JSON:
    region = render_region(action["region_slug"], token.allows("sizes:read"))
    return {**{key: value for key, value in action.items() if not key.startswith("_")}, "region": region}


def page(request: Request, found: list[JSON]) -> JSON:
    """The newest first."""
    return paginate(request, "actions", [render(row, request.token) for row in reversed(found)])


@operation("GET", "/v2/actions", scope="actions:read")
def list_all(request: Request) -> JSON:
    return page(request, request.world.table(TABLE).all())


@operation("GET", "/v2/actions/{action_id}", scope="actions:read")
def read(request: Request) -> JSON:
    return {"action": render(_wanted(request), request.token)}


@operation("GET", f"{rows.ONE}/actions", scope="droplet:read")
def list_of_droplet(request: Request) -> JSON:
    return page(request, of(request.world, rows.wanted(request)))


@operation("GET", f"{rows.ONE}/actions/{{action_id}}", scope="droplet:read")
def read_of_droplet(request: Request) -> JSON:
    action = _wanted(request)
    if action["resource_id"] != rows.wanted(request)["id"]:
        raise not_found()
    return {"action": render(action, request.token)}


def _wanted(request: Request) -> JSON:
    return request.row(TABLE, "action_id")
