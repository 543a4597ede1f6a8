# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPCs and their members."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.catalogue import CLOSED, REGIONS
from localcloud.resources.ranges import check_range, free_range
from localcloud.world import hooks
from localcloud.world.hooks import Member, member_source
from localcloud.world.world import World

__all__ = ["allocate_ip", "default_vpc", "get", "member_source", "members"]

TABLE = "vpcs"
NAME = re.compile(r"[a-zA-Z0-9\-.]+")

# The addresses of an allocation start here, above the gateway and what the platform keeps for itself.
FIRST_HOST = 3


def get(world: World, id: str) -> JSON:
    """The VPC of that id; 404 otherwise."""
    record = world.table(TABLE).get(id)
    if record is None:
        raise not_found()
    return record


def default_vpc(world: World, region: str) -> JSON:
    """The region's default VPC, made when there is none yet, as DigitalOcean does for a region's first resource."""
    for record in world.table(TABLE).everything():
        if record["region"] == region and record["default"]:
            return record
    return _insert(world, f"default-{region}", region, "", None)


def allocate_ip(world: World, vpc_id: str) -> str:
    """The next free private address of the VPC; addresses are never given twice."""
    record = world.table(TABLE)[vpc_id]
    network = ipaddress.IPv4Network(record["ip_range"])
    offset = max(FIRST_HOST, int(record.get("_next_host", FIRST_HOST)))
    if offset >= network.num_addresses - 1:
        raise ApiError(422, f"The VPC {record['name']} has no free address left.")
    record["_next_host"] = offset + 1
    return str(network[offset])


def members(world: World, vpc_id: str) -> Iterator[Member]:
    """What sits in the VPC now."""
    for source in hooks.MEMBER_SOURCES:
        for member in source(world):
            if member[0] == vpc_id:
                yield member


def _insert(world: World, name: str, region: str, description: str, ip_range: str | None) -> JSON:
    table = world.table(TABLE)
    id = world.uuid()
    first = not any(row["region"] == region for row in table.everything())
    return table.insert(
        id,
        {
            "id": id,
            "urn": f"do:vpc:{id}",
            "name": name,
            "description": description,
            "region": region,
            "ip_range": ip_range or free_range(_taken(world)),
            "created_at": world.timestamp(),
            "default": first,
        },
    )


def _taken(world: World) -> list[str]:
    return [row["ip_range"] for row in world.table(TABLE).everything()]


def _check_name(world: World, name: object, own_id: str | None = None) -> str:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ApiError(422, "name may only contain alphanumeric characters, dashes, and periods")
    if any(row["name"] == name and row["id"] != own_id for row in world.table(TABLE).everything()):
        raise ApiError(422, f"a VPC with the name {name} already exists")
    return name


def _check_description(text: object) -> str:
    if text is not None and (not isinstance(text, str) or len(text) > 255):
        raise ApiError(422, "description may be at most 255 characters")
    return text or ""


@operation("GET", "/v2/vpcs", scope="vpc:read")
def list_vpcs(request: Request) -> JSON:
    return paginate(request, "vpcs", request.world.table(TABLE).all())


@operation("POST", "/v2/vpcs", scope="vpc:create", status=201)
def create(request: Request) -> JSON:
    world, body = request.world, request.json
    name = _check_name(world, body.get("name"))
    region = body.get("region")
    if region not in REGIONS or region in CLOSED:
        raise ApiError(422, f"region {region} is not a valid region for a VPC")
    description = _check_description(body.get("description"))
    return {"vpc": public(_insert(world, name, region, description, check_range(body.get("ip_range"), _taken(world))))}


@operation("GET", "/v2/vpcs/{vpc_id}", scope="vpc:read")
def read(request: Request) -> JSON:
    return {"vpc": public(get(request.world, request.params["vpc_id"]))}


@operation("PUT", "/v2/vpcs/{vpc_id}", scope="vpc:update")
def replace(request: Request) -> JSON:
    return _update(request, {"description": "", **request.json})


@operation("PATCH", "/v2/vpcs/{vpc_id}", scope="vpc:update")
def patch(request: Request) -> JSON:
    return _update(request, request.json)


def _update(request: Request, wanted: JSON) -> JSON:
    world = request.world
    record = get(world, request.params["vpc_id"])
    changes: JSON = {}
    if "name" in wanted:
        changes["name"] = _check_name(world, wanted["name"], record["id"])
    if "description" in wanted:
        changes["description"] = _check_description(wanted["description"])
    if wanted.get("default") is False and record["default"]:
        raise ApiError(422, "The default VPC of a region cannot be unset. Set another VPC as the default instead.")
    if wanted.get("default"):
        for row in world.table(TABLE).everything():
            if row["region"] == record["region"]:
                row["default"] = row is record
    record.update(changes)
    return {"vpc": public(record)}


@operation("DELETE", "/v2/vpcs/{vpc_id}", scope="vpc:delete", status=204)
def delete(request: Request) -> None:
    """403 for a default VPC; 409 for one with members, as clients see it (terraform-provider-digitalocean issue 1368,
    pulumi-digitalocean issue 753), though the description's prose says 403 there as well."""
    world = request.world
    record = get(world, request.params["vpc_id"])
    if record["default"]:
        raise ApiError(403, "Can not delete the default VPC of a region.")
    if any(members(world, record["id"])):
        raise ApiError(409, "Can not delete VPC with members")
    world.table(TABLE).delete(record["id"])


@operation("GET", "/v2/vpcs/{vpc_id}/members", scope="vpc:read")
def list_members(request: Request) -> JSON:
    record = get(request.world, request.params["vpc_id"])
    kind = request.query.get("resource_type", "")
    rows = [
        {"name": name, "urn": urn, "created_at": created_at}
        for _vpc_id, urn, name, created_at in members(request.world, record["id"])
        if not kind or urn.split(":")[1] == kind
    ]
    return paginate(request, "members", rows)


@hooks.seeder("vpcs")
def _seed(world: World, count: int) -> None:
    regions = [slug for slug in REGIONS if slug not in CLOSED]
    taken = {row["name"] for row in world.table(TABLE).everything()}
    names = (f"foreign-vpc-{number:04}" for number in range(len(taken) + count))
    for number, name in enumerate([name for name in names if name not in taken][:count]):
        _insert(world, name, regions[number % len(regions)], "belongs to somebody else", None)
