# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table ``load_balancers``, what clients see of a row, and who refers to what.

A row holds the settings as the API shows them, with ``region`` as its slug, and of its own ``_resized_at`` and
``_busy`` (a change that is still being carried out), and ``_at``, where software answers in its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import public
from localcloud.ports.routing import Request
from localcloud.resources import projects
from localcloud.resources.catalogue import render_region
from localcloud.resources.droplets import rows as droplet_rows
from localcloud.world.hooks import Member, member_source
from localcloud.world.table import Table
from localcloud.world.world import World

TABLE = "load_balancers"
# The kind of software that runs behind one.
SOFTWARE = "load_balancer"
# In the API's words, with 403 (digitalocean/openapi issue 1173).
BUSY = "Load Balancer can't be updated while it processes previous actions"


def table(world: World) -> Table:
    return world.table(TABLE)


def address(row: JSON) -> str:
    """Where software answers in its place; nothing when it is a record."""
    return next((str(host) for host, _port in row.get("_at", {}).values()), "")


def software(row: JSON) -> str:
    """What runs behind it, as the plane knows it; nothing when it is a record."""
    return f"{SOFTWARE}/{row['id']}" if row.get("_at") else ""


def urn(row: JSON) -> str:
    return f"do:loadbalancer:{row['id']}"


def wanted(request: Request) -> JSON:
    """The load balancer of the path; 404 when there is none."""
    return request.row(TABLE, "lb_id")


def changeable(request: Request) -> JSON:
    """The same for a change: 403 while it is made or an earlier change is carried out."""
    row = wanted(request)
    if row["status"] == "new" or row.get("_busy"):
        raise ApiError(403, BUSY)
    return row


def droplets(world: World, row: JSON) -> list[int]:
    """The Droplets behind it: those given that are still there, or all that carry its tag in its region."""
    if not row["tag"]:
        return [id for id in row["droplet_ids"] if droplet_rows.find(world, id)]
    return [
        droplet["id"]
        for droplet in droplet_rows.tagged(world, row["tag"])
        if row.get("region") in (None, droplet["_region"])
    ]


def behind(world: World, row: JSON) -> list[JSON]:
    """The same as they truly are, for what runs in its place."""
    ids = set(row["droplet_ids"])
    return [
        one
        for one in droplet_rows.droplets(world).everything()
        if (row["tag"] in one["tags"] if row["tag"] else one["id"] in ids)
        and row.get("region") in (None, one["_region"])
    ]


def render(request: Request, row: JSON) -> JSON:
    """As the API shows it: with its region in full, the Droplets of now, and its project."""
    shown: JSON = public(row)
    if "region" in shown:
        shown["region"] = render_region(shown["region"], request.token.allows("sizes:read"))
    shown["droplet_ids"] = droplets(request.world, row)
    shown["project_id"] = projects.project_of(request.world, urn(row)) or ""
    return shown


def _with_certificate(world: World, id: str) -> Iterator[tuple[JSON, JSON]]:
    """Load balancers, and the rules and domains in them that end TLS with this certificate."""
    for row in table(world).everything():
        for part in [*row.get("forwarding_rules", []), *row.get("domains", [])]:
            if part.get("certificate_id") == id:
                yield row, part


def with_certificate(world: World, id: str) -> list[str]:
    """The names of those that use it."""
    return [row["name"] for row, _part in _with_certificate(world, id)]


def change_certificate(world: World, id: str, new: str) -> None:
    """Let them use another one in its place."""
    for _row, part in _with_certificate(world, id):
        part["certificate_id"] = new


@member_source
def _members(world: World) -> Iterator[Member]:
    for row in table(world).everything():
        if row.get("vpc_uuid"):
            yield row["vpc_uuid"], urn(row), row["name"], row["created_at"]
