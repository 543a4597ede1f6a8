# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains: ``/v2/domains``.

Records of the table ``domains`` by name: ``{name, ttl}``; the zone file follows from the domain's records.
"""

from __future__ import annotations

import ipaddress
import re

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources import projects
from localcloud.resources.domains import records
from localcloud.world import hooks
from localcloud.world.world import World

TABLE = "domains"
TTL = 1800
NAME = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
SERVERS = ("ns1", "ns2", "ns3")


def shown(world: World, row: JSON) -> JSON:
    return {**row, "zone_file": records.zone_file(world, row)}


def wanted(request: Request) -> JSON:
    row = request.world.table(TABLE).get(request.params["domain_name"].lower())
    if row is None:
        raise not_found()
    return row


def insert(world: World, name: str) -> JSON:
    """With the records that the API makes by itself."""
    row = world.table(TABLE).insert(name, {"name": name, "ttl": TTL})
    records.insert(world, name, {"type": "SOA", "name": "@", "data": str(TTL), "ttl": TTL})
    for server in SERVERS:
        records.insert(world, name, {"type": "NS", "name": "@", "data": f"{server}.digitalocean.com", "ttl": TTL})
    return row


@operation("GET", "/v2/domains", scope="domain:read")
def list_domains(request: Request) -> JSON:
    world = request.world
    return paginate(request, "domains", [shown(world, row) for row in world.table(TABLE).all()])


@operation("POST", "/v2/domains", scope="domain:create", status=201)
def create(request: Request) -> JSON:
    world, body = request.world, request.json
    name, address = body.get("name"), body.get("ip_address") or None
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ApiError(422, "Name Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)")
    name = name.lower()
    if world.table(TABLE).peek(name):
        raise ApiError(422, "Name already exists")
    if address is not None:
        try:
            address = ipaddress.ip_address(address)
        except ValueError:
            raise ApiError(422, "IP address did not match IPv4 format (e.g. 255.255.255.255).") from None
    row = insert(world, name)
    if address is not None:
        kind = "A" if address.version == 4 else "AAAA"
        records.insert(world, name, {"type": kind, "name": "@", "data": str(address), "ttl": TTL})
    projects.assign(world, f"do:domain:{name}")
    return {"domain": {**row, "ttl": None, "zone_file": None}}


@operation("GET", "/v2/domains/{domain_name}", scope="domain:read")
def read(request: Request) -> JSON:
    return {"domain": shown(request.world, wanted(request))}


@operation("DELETE", "/v2/domains/{domain_name}", scope="domain:delete", status=204)
def delete(request: Request) -> None:
    """With all of its records."""
    world, name = request.world, wanted(request)["name"]
    for row in records.of(world, name):
        world.table(records.TABLE).delete(str(row["id"]))
    projects.unassign(world, f"do:domain:{name}")
    world.table(TABLE).delete(name)


@hooks.seeder("domains")
def _seed(world: World, count: int) -> None:
    for _ in range(count):
        name = f"foreign-{len(world.table(TABLE)):04}.example"
        insert(world, name)
        records.insert(world, name, {"type": "A", "name": "@", "data": "203.0.113.9", "ttl": TTL})
        projects.assign(world, f"do:domain:{name}")
