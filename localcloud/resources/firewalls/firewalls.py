# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls: ``/v2/firewalls`` and what is below.

Records of the table ``firewalls`` by id: ``{id, name, status, inbound_rules, outbound_rules, created_at, droplet_ids,
tags, pending_changes}``. A change is ``waiting`` until each Droplet that it is about has it.
"""

from __future__ import annotations

import re
from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources import tags
from localcloud.resources.droplets import rows as droplets
from localcloud.resources.firewalls import rules
from localcloud.world import hooks
from localcloud.world.world import World, duration, timer

TABLE = "firewalls"
ONE = "/v2/firewalls/{firewall_id}"
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]+")
MOST_DROPLETS, MOST_TAGS = 10, 5
# What is attached must be readable to whoever attaches it (the description's prose).
SCOPES: dict[str, str | tuple[str, ...]] = {"droplet_ids": "droplet:read", "tags": ("tag:read", "tag:create")}

duration("firewall.apply", 5.0)


def _wanted(request: Request) -> JSON:
    return request.row(TABLE, "firewall_id")


def covered(world: World, row: JSON) -> set[int]:
    """The Droplets behind it, by number and by tag."""
    by_tag = {droplet["id"] for tag in row["tags"] for droplet in droplets.tagged(world, tag)}
    return by_tag | set(row["droplet_ids"])


def _checked(world: World, body: JSON, own_id: str | None = None) -> JSON:
    """The whole of it, as it is kept; 4xx when it cannot be."""
    name = body.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ApiError(422, "name must begin with a letter or digit, and have letters, digits, periods and dashes")
    if any(row["name"] == name and row["id"] != own_id for row in world.table(TABLE).everything()):
        # harmony-one/harmony-ops issue 390
        raise ApiError(409, "duplicate name")
    found = {direction: rules.checked(world, direction, body.get(direction)) for direction in rules.PEERS}
    rules.check_number(*found.values())
    attached: dict[str, list[Any]] = {
        "droplet_ids": rules.checked_droplets(world, body.get("droplet_ids")),
        "tags": rules.checked_tags(world, body.get("tags")),
    }
    for key, most in (("droplet_ids", MOST_DROPLETS), ("tags", MOST_TAGS)):
        # Product documentation; the words are a guess.
        if len(attached[key]) > most:
            raise ApiError(422, f"a firewall may have at most {most} {key}")
    return {"name": name, **found, **attached}


def _apply(world: World, row: JSON, changes: JSON) -> None:
    """Change it, and bring that to the Droplets that are, or were, behind it."""
    before = covered(world, row)
    row.update(changes)
    after = covered(world, row)
    row["status"] = "waiting"
    row["pending_changes"] = [
        {"droplet_id": id, "removing": id not in after, "status": "waiting"} for id in sorted(before | after)
    ]
    world.after("firewall.apply", "firewalls.applied", id=row["id"])


@timer("firewalls.applied")
def _applied(world: World, id: str) -> None:
    row = world.table(TABLE).peek(id)
    if row is not None:
        row.update(status="succeeded", pending_changes=[])


@operation("GET", "/v2/firewalls", scope="firewall:read")
def list_firewalls(request: Request) -> JSON:
    return paginate(request, "firewalls", request.world.table(TABLE).all())


@operation("POST", "/v2/firewalls", scope="firewall:create", status=202)
def create(request: Request) -> JSON:
    request.require_for(**SCOPES)
    world = request.world
    row = _insert(world, _checked(world, request.json))
    return {"firewall": public(row)}


def _insert(world: World, checked: JSON) -> JSON:
    id = world.uuid()
    row: JSON = {"id": id, "status": "waiting", "created_at": world.timestamp(), "droplet_ids": [], "tags": []}
    world.table(TABLE).insert(id, row)
    _apply(world, row, checked)
    return row


@operation("GET", ONE, scope="firewall:read")
def read(request: Request) -> JSON:
    return {"firewall": public(_wanted(request))}


@operation("PUT", ONE, scope="firewall:update")
def replace(request: Request) -> JSON:
    """What is left out is reset."""
    request.require_for(**SCOPES)
    row = _wanted(request)
    _apply(request.world, row, _checked(request.world, request.json, row["id"]))
    return {"firewall": public(row)}


@operation("DELETE", ONE, scope="firewall:delete", status=204)
def delete(request: Request) -> None:
    row = _wanted(request)
    request.world.cancel("firewalls.applied", id=row["id"])
    request.world.table(TABLE).delete(row["id"])


def _change(request: Request, keys: tuple[str, ...]) -> None:
    """Add to its lists what the body has, or take that away. Nothing of it can be left out alone."""
    world, row, body = request.world, _wanted(request), request.json
    given = {key: body.get(key) or [] for key in keys}
    if not any(given.values()):
        raise ApiError(422, f"you must specify {' or '.join(keys)}")
    changed = dict(row)
    for key, items in given.items():
        if key in rules.PEERS:
            items = rules.checked(world, key, items)
        kept = [item for item in row[key] if item not in items]
        changed[key] = kept if request.method == "DELETE" else [*kept, *items]
    _apply(world, row, _checked(world, changed, row["id"]))


@operation("POST", f"{ONE}/droplets", scope="firewall:update", status=204)
@operation("DELETE", f"{ONE}/droplets", scope="firewall:update", status=204)
def change_droplets(request: Request) -> None:
    _change(request, ("droplet_ids",))


@operation("POST", f"{ONE}/tags", scope="firewall:update", status=204)
@operation("DELETE", f"{ONE}/tags", scope="firewall:update", status=204)
def change_tags(request: Request) -> None:
    _change(request, ("tags",))


@operation("POST", f"{ONE}/rules", scope="firewall:update", status=204)
@operation("DELETE", f"{ONE}/rules", scope="firewall:update", status=204)
def change_rules(request: Request) -> None:
    _change(request, tuple(rules.PEERS))


@operation("GET", f"{droplets.ONE}/firewalls", scope="firewall:read")
def list_of_droplet(request: Request) -> JSON:
    id = droplets.wanted(request)["id"]
    found = [row for row in request.world.table(TABLE).all() if id in covered(request.world, row)]
    return paginate(request, "firewalls", found)


def _without(row: JSON, key: str, gone: object) -> None:
    """Nor is it any rule's peer any more; a rule without peers goes."""
    row[key] = [item for item in row[key] if item != gone]
    for direction, peers in rules.PEERS.items():
        for rule in row[direction]:
            left = [item for item in rule[peers].get(key, []) if item != gone]
            rule[peers] = {
                **{name: items for name, items in rule[peers].items() if name != key},
                **({key: left} if left else {}),
            }
        row[direction] = [rule for rule in row[direction] if rule[peers]]


@droplets.on_delete
def _forget_droplet(world: World, id: int) -> None:
    for row in world.table(TABLE).everything():
        _without(row, "droplet_ids", id)


@tags.on_delete
def _forget_tag(world: World, name: str) -> None:
    for row in world.table(TABLE).everything():
        _without(row, "tags", name)


@hooks.seeder("firewalls")
def _seed(world: World, count: int) -> None:
    start = len(world.table(TABLE))
    for number in range(start, start + count):
        peers = {"addresses": ["0.0.0.0/0", "::/0"]}
        rule = {"protocol": "tcp", "ports": "22", "sources": peers}
        row = _insert(world, _checked(world, {"name": f"foreign-firewall-{number + 1:04}", "inbound_rules": [rule]}))
        _applied(world, row["id"])
        world.cancel("firewalls.applied", id=row["id"])
