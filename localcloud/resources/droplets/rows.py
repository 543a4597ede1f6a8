# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables behind the operations, what a Droplet shows, and its end.

``droplets`` by number, as text: ``{id, name, status, created_at, size_slug, tags, vpc_uuid, volume_ids}`` and what is
not shown as it is kept: ``_region``, ``_image``, ``_disk`` (GiB, as it may stay behind a larger size), ``_networks``,
``_features``, ``_backups`` (its policy or None), ``_keys`` and ``_user_data``, which the API never returns, and where
software answers in its place: ``_at``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from localcloud import JSON
from localcloud.ports.auth import Token
from localcloud.ports.errors import not_found
from localcloud.ports.pages import public
from localcloud.ports.routing import Request
from localcloud.resources import projects
from localcloud.resources.catalogue import SIZES, render_region
from localcloud.resources.droplets import policies
from localcloud.world import hooks
from localcloud.world.hooks import Member
from localcloud.world.table import Table
from localcloud.world.world import World

TABLE = "droplets"
# The kind of software that runs as one.
SOFTWARE = "droplet"
NUMBERS = "numbers"
ONE = "/v2/droplets/{droplet_id}"

Forgetter = Callable[[World, int], None]
_FORGETTERS: list[Forgetter] = []


def on_delete(function: Forgetter) -> Forgetter:
    """``def f(world, id)`` is called when a Droplet has gone: who keeps its id forgets it."""
    _FORGETTERS.append(function)
    return function


def droplets(world: World) -> Table:
    return world.table(TABLE)


def number(world: World, kind: str, first: int) -> int:
    """A number that was never given before, for a Droplet, an action, an image, an address."""
    table = world.table(NUMBERS)
    last = (table.peek(kind) or {"last": first})["last"]
    table.insert(kind, {"last": last + 1})
    return int(last) + 1


def address(row: JSON) -> str:
    """Where software answers in its place; nothing when it is a record."""
    return next((str(host) for host, _port in row.get("_at", {}).values()), "")


def find(world: World, id: object) -> JSON | None:
    """The Droplet of that number, as a client may see it."""
    return droplets(world).get(str(id))


def wanted(request: Request) -> JSON:
    """The Droplet in the address; 404 otherwise."""
    row = find(request.world, request.params["droplet_id"])
    if row is None:
        raise not_found()
    return row


def tagged(world: World, tag: str) -> list[JSON]:
    return [row for row in droplets(world).all() if tag in row["tags"]]


def urn(row: JSON) -> str:
    return f"do:droplet:{row['id']}"


def render(world: World, row: JSON, token: Token) -> JSON:
    """As the API shows it; what the token may not read is left out, or empty where it must be there."""
    size = SIZES[row["size_slug"]].render()
    images = [image for image in world.table("images").all() if image["_droplet_id"] == row["id"]]
    ids = {kind: [image["id"] for image in images if image["type"] == kind] for kind in ("backup", "snapshot")}
    sees_images = token.allows("image:read")
    shown: JSON = {
        "id": row["id"],
        "name": row["name"],
        "memory": size["memory"],
        "vcpus": size["vcpus"],
        "disk": row["_disk"],
        "disk_info": [{"type": "local", "size": {"amount": row["_disk"], "unit": "gib"}}],
        # Always false: it speaks of locks by the staff, not of what is under way (digitalocean/droplet_kit issue 218).
        "locked": False,
        "status": row["status"],
        "kernel": None,
        "created_at": row["created_at"],
        "features": [*(["backups"] if row["_backups"] else []), *row["_features"]],
        "backup_ids": ids["backup"] if sees_images else [],
        "next_backup_window": policies.next_window(world, row["_backups"]),
        "snapshot_ids": ids["snapshot"] if sees_images else [],
        "image": public(row["_image"]) if sees_images else {},
        "volume_ids": [],
        "size": size,
        "size_slug": row["size_slug"],
        "networks": row["_networks"],
        "region": render_region(row["_region"], token.allows("sizes:read")),
        "tags": row["tags"] if token.allows("tag:read") else [],
    }
    if token.allows("vpc:read"):
        shown["vpc_uuid"] = row["vpc_uuid"]
    return shown


def forget(world: World, row: JSON) -> None:
    """It goes at once, with what is under way on it; images made of it stay."""
    droplets(world).delete(str(row["id"]))
    for timer in ("droplets.active", "droplets.done"):
        world.cancel(timer, droplet_id=row["id"])
    projects.unassign(world, urn(row))
    for function in _FORGETTERS:
        function(world, row["id"])


@hooks.member_source
def _members(world: World) -> Iterator[Member]:
    for row in droplets(world).everything():
        yield row["vpc_uuid"], urn(row), row["name"], row["created_at"]
