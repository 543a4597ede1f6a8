# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reserved addresses: ``/v2/reserved_ips``, each kept for a region, and assigned to one of its Droplets or to none.

Records of the table ``reserved_ips`` by address: ``{ip, _region, _droplet}``; ``_droplet`` is a number or None. Nobody
documents the words of refusals [?].
"""

from __future__ import annotations

import ipaddress

from localcloud import JSON
from localcloud.ports.auth import Token
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Reply, Request, operation
from localcloud.resources import projects
from localcloud.resources.catalogue import CLOSED, REGIONS, render_region
from localcloud.resources.droplets import actions
from localcloud.resources.droplets import rows as droplets
from localcloud.world import hooks
from localcloud.world.table import Table
from localcloud.world.world import World, duration, timer

TABLE = "reserved_ips"
ONE = "/v2/reserved_ips/{reserved_ip}"
# The upper part of the range that is nobody's (RFC 2544), from whose lower part Droplets have theirs.
POOL = ipaddress.IPv4Network("198.19.128.0/17")
KIND = "reserved_ip"

duration("reserved_ip.action", 10.0)


def table(world: World) -> Table:
    return world.table(TABLE)


def urn(row: JSON) -> str:
    """Projects still call them by their old name."""
    return f"do:floatingip:{row['ip']}"


def _wanted(request: Request) -> JSON:
    return request.row(TABLE, "reserved_ip")


def _actions(world: World, row: JSON) -> list[JSON]:
    """By the address as a number, as the description's example has it."""
    number = int(ipaddress.IPv4Address(row["ip"]))
    rows = world.table(actions.TABLE).everything()
    return [action for action in rows if action["resource_type"] == KIND and action["resource_id"] == number]


def _is_locked(world: World, row: JSON) -> bool:
    return any(action["status"] == actions.UNDER_WAY for action in _actions(world, row))


def render(world: World, row: JSON, token: Token) -> JSON:
    droplet = droplets.find(world, row["_droplet"]) if row["_droplet"] else None
    shown: JSON = {
        "ip": row["ip"],
        "region": render_region(row["_region"], token.allows("sizes:read")),
        "droplet": droplets.render(world, droplet, token) if droplet and token.allows("droplet:read") else None,
        "locked": _is_locked(world, row),
    }
    if token.allows("project:read"):
        shown["project_id"] = projects.project_of(world, urn(row))
    return shown


@operation("GET", "/v2/reserved_ips", scope="reserved_ip:read")
def list_all(request: Request) -> JSON:
    rows = table(request.world).all()
    return paginate(request, "reserved_ips", [render(request.world, row, request.token) for row in rows])


@operation("POST", "/v2/reserved_ips", scope="reserved_ip:create", status=202)
def create(request: Request) -> Reply:
    """For a region, or for a Droplet, to which it is assigned at once."""
    world, body = request.world, request.json
    droplet = _droplet(world, body["droplet_id"]) if body.get("droplet_id") else None
    region = droplet["_region"] if droplet else str(body.get("region"))
    if region not in REGIONS or region in CLOSED:
        raise ApiError(422, f"Region {region} is not available.")
    project = body.get("project_id")
    if project and world.table(projects.TABLE).get(str(project)) is None:
        raise ApiError(422, "The project does not exist.")
    address = str(POOL[droplets.number(world, "reserved address", 0) % POOL.num_addresses])
    row = table(world).insert(address, {"ip": address, "_region": region, "_droplet": None})
    projects.assign(world, urn(row), project)
    links: JSON = {}
    if droplet:
        action = _begin(world, row, "assign_ip", droplet["id"])
        links = {
            "droplets": [{"id": droplet["id"], "rel": "droplet", "href": f"{actions.API}/droplets/{droplet['id']}"}],
            "actions": [actions.link(action, "assign_ip")],
        }
    return Reply(body={"reserved_ip": render(world, row, request.token), "links": links})


@operation("GET", ONE, scope="reserved_ip:read")
def read(request: Request) -> JSON:
    return {"reserved_ip": render(request.world, _wanted(request), request.token)}


@operation("DELETE", ONE, scope="reserved_ip:delete", status=204)
def delete(request: Request) -> None:
    row = _wanted(request)
    if _is_locked(request.world, row):
        raise ApiError(422, "The reserved IP has a pending event.")
    table(request.world).delete(row["ip"])
    projects.unassign(request.world, urn(row))


# ── Assigning ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _droplet(world: World, id: object) -> JSON:
    """One that has none yet: there is one to a Droplet (product documentation)."""
    found = droplets.find(world, id)
    if found is None:
        raise ApiError(422, "The Droplet does not exist.")
    if any(row["_droplet"] == found["id"] for row in table(world).everything()):
        raise ApiError(422, "The Droplet already has a reserved IP.")
    return found


def _begin(world: World, row: JSON, kind: str, droplet: int | None) -> JSON:
    id = droplets.number(world, "action", 2_000_000_000)
    record: JSON = {
        "id": id,
        "status": actions.UNDER_WAY,
        "type": kind,
        "started_at": world.timestamp(),
        "completed_at": None,
        "resource_id": int(ipaddress.IPv4Address(row["ip"])),
        "resource_type": KIND,
        "region_slug": row["_region"],
    }
    action = world.table(actions.TABLE).insert(str(id), record)
    world.after("reserved_ip.action", "reserved_ips.done", ip=row["ip"], action_id=id, droplet_id=droplet)
    return action


@timer("reserved_ips.done")
def done(world: World, ip: str, action_id: int, droplet_id: int | None) -> None:
    """A Droplet that has gone meanwhile leaves it to nobody."""
    row, action = table(world).peek(ip), world.table(actions.TABLE).peek(str(action_id))
    if row is None or action is None:
        return
    row["_droplet"] = droplet_id if droplet_id and droplets.droplets(world).peek(str(droplet_id)) else None
    action["status"], action["completed_at"] = "completed", world.timestamp()


@droplets.on_delete
def _forget(world: World, id: int) -> None:
    for row in table(world).everything():
        if row["_droplet"] == id:
            row["_droplet"] = None


@operation("POST", f"{ONE}/actions", scope="reserved_ip:update", status=201)
def act(request: Request) -> JSON:
    world, row, kind = request.world, _wanted(request), request.json.get("type")
    if _is_locked(world, row):
        raise ApiError(422, "The reserved IP already has a pending event.")
    droplet = None
    if kind == "assign":
        droplet = _droplet(world, request.json.get("droplet_id"))
        if droplet["_region"] != row["_region"]:
            raise ApiError(422, "The Droplet is in another region than the reserved IP.")
    elif kind != "unassign":
        raise ApiError(422, "The type must be assign or unassign.")
    elif row["_droplet"] is None:
        raise ApiError(422, "The reserved IP is not assigned to a Droplet.")
    action = _begin(world, row, f"{kind}_ip", droplet["id"] if droplet else None)
    return {"action": actions.render(action, request.token)}


@operation("GET", f"{ONE}/actions", scope="reserved_ip:read")
def list_actions(request: Request) -> JSON:
    return actions.page(request, _actions(request.world, _wanted(request)))


@operation("GET", f"{ONE}/actions/{{action_id}}", scope="reserved_ip:read")
def read_action(request: Request) -> JSON:
    for action in _actions(request.world, _wanted(request)):
        if str(action["id"]) == request.params["action_id"]:
            return {"action": actions.render(action, request.token)}
    raise not_found()


@hooks.seeder("reserved_ips")
def seed(world: World, count: int) -> None:
    """Somebody else's, assigned to nobody."""
    for _number in range(count):
        address = str(POOL[droplets.number(world, "reserved address", 0) % POOL.num_addresses])
        row = table(world).insert(address, {"ip": address, "_region": "fra1", "_droplet": None})
        projects.assign(world, urn(row))
