# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags. A tag exists because somebody made it, or because something carries it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.world.world import World

TABLE = "tags"
NAME = re.compile(r"[a-zA-Z0-9_\-:]{1,255}")
API = "https://api.digitalocean.com/v2"


@dataclass(frozen=True)
class Kind:
    """What can be tagged: rows of ``table`` with a list ``tags``; ``key`` is its plural in a tag's ``resources``."""

    table: str
    key: str
    scope: str


KINDS = {
    "database": Kind("databases", "databases", "database"),
    "droplet": Kind("droplets", "droplets", "droplet"),
    "image": Kind("images", "images", "image"),
}

# Without anything to count they are there all the same, since typed clients read them.
EMPTY = ("droplets", "images", "volumes", "volume_snapshots", "databases")


_FORGETTERS: list[Callable[[World, str], None]] = []


def on_delete(function: Callable[[World, str], None]) -> Callable[[World, str], None]:
    """``def f(world, name)`` is called when a tag has gone: who goes by it, and does not carry it, forgets it."""
    _FORGETTERS.append(function)
    return function


def _carriers(world: World, kind: Kind, name: str) -> list[JSON]:
    return [row for row in world.table(kind.table).everything() if name in (row.get("tags") or [])]


def names(world: World) -> list[str]:
    """Every tag there is, by name."""
    found = {row["name"] for row in world.table(TABLE).all()}
    for kind in KINDS.values():
        for row in world.table(kind.table).everything():
            found.update(row.get("tags") or [])
    return sorted(found)


def canonical(world: World, name: str) -> str:
    """The name in the capitals of its first creation."""
    return next((known for known in names(world) if known.lower() == name.lower()), name)


def render(request: Request, name: str) -> JSON:
    """``{name, resources: {count, last_tagged_uri, databases: {…}, …}}``; what the token may not read counts not."""
    resources: JSON = {"count": 0, **{key: {"count": 0} for key in EMPTY}}
    for kind in KINDS.values():
        rows = _carriers(request.world, kind, name) if request.token.allows(f"{kind.scope}:read") else []
        if rows:
            uri = f"{API}/{kind.table}/{rows[-1]['id']}"
            resources[kind.key] = {"count": len(rows), "last_tagged_uri": uri}
            resources["count"] += len(rows)
            resources["last_tagged_uri"] = uri
    return {"name": name, "resources": resources}


def _wanted(request: Request) -> str:
    name = request.params["tag_id"]
    if name not in names(request.world):
        raise not_found()
    return name


@operation("GET", "/v2/tags", scope="tag:read")
def list_tags(request: Request) -> JSON:
    return paginate(request, "tags", [render(request, name) for name in names(request.world)])


@operation("POST", "/v2/tags", scope="tag:create", status=201)
def create(request: Request) -> JSON:
    """Making a tag again is no error. The capitalisation of the first creation stays."""
    name = request.json.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ApiError(422, "name may contain letters, numbers, colons, dashes, and underscores, up to 255 of them")
    name = canonical(request.world, name)
    if name not in names(request.world):
        request.world.table(TABLE).insert(name, {"name": name, "created_at": request.world.timestamp()})
    return {"tag": render(request, name)}


@operation("GET", "/v2/tags/{tag_id}", scope="tag:read")
def read(request: Request) -> JSON:
    return {"tag": render(request, _wanted(request))}


@operation("DELETE", "/v2/tags/{tag_id}", scope="tag:delete", status=204)
def delete(request: Request) -> None:
    """The tag goes, and goes from everything that carries it."""
    name = _wanted(request)
    for kind in KINDS.values():
        for row in _carriers(request.world, kind, name):
            row["tags"] = [tag for tag in row["tags"] if tag != name]
    request.world.table(TABLE).delete(name)
    for function in _FORGETTERS:
        function(request.world, name)


@operation("POST", "/v2/tags/{tag_id}/resources", scope="tag:create", status=204)
def tag_resources(request: Request) -> None:
    name = _wanted(request)
    for row in _targets(request):
        row["tags"] = sorted({*(row.get("tags") or []), name})


@operation("DELETE", "/v2/tags/{tag_id}/resources", scope="tag:delete", status=204)
def untag_resources(request: Request) -> None:
    name = _wanted(request)
    rows = _targets(request)
    # Untagging the last one does not delete the tag.
    request.world.table(TABLE).insert(name, {"name": name, "created_at": request.world.timestamp()})
    for row in rows:
        row["tags"] = [tag for tag in row.get("tags") or [] if tag != name]


def _targets(request: Request) -> list[JSON]:
    """The rows that ``{"resources": [{resource_id, resource_type}]}`` names; each needs ``<type>:update``."""
    rows: list[JSON] = []
    for item in request.json.get("resources") or []:
        kind = KINDS.get(str(item.get("resource_type")))
        if kind is None:
            raise ApiError(422, f"{item.get('resource_type')} cannot be tagged")
        request.token.require([f"{kind.scope}:update"])
        row = request.world.table(kind.table).peek(str(item.get("resource_id")))
        if row is None:
            raise not_found()
        rows.append(row)
    return rows
