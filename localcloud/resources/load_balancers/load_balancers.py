# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers as a whole: make, read, replace, delete; and how one becomes active."""

from __future__ import annotations

from datetime import timedelta

from localcloud import JSON
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources import projects, vpcs
from localcloud.resources.catalogue import CLOSED, REGIONS
from localcloud.resources.load_balancers import rows
from localcloud.resources.load_balancers.settings import refuse, settings, targets
from localcloud.world import hooks
from localcloud.world.clock import parse
from localcloud.world.world import World, duration, timer

LOAD_BALANCERS = "/v2/load_balancers"
ONE = f"{LOAD_BALANCERS}/{{lb_id}}"

# Terraform's acceptance tests take about this long for one; how long a change takes is a guess.
duration("load_balancer.create", 75.0)
duration("load_balancer.update", 8.0)

# What stays as it was made: the first two in the description's words, the others because Terraform makes another one.
FIXED = {"network": "EXTERNAL", "network_stack": "IPV4", "type": "REGIONAL"}
BETWEEN_RESIZES = timedelta(hours=1)
# How many of the next ones cannot be made, for tests.
FATE = "load_balancers_fate"


@operation("GET", LOAD_BALANCERS, scope="load_balancer:read")
def list_load_balancers(request: Request) -> JSON:
    """By ``names`` or ``uuids``, too, which the Go client has."""
    found = rows.table(request.world).all()
    for query, key in (("names", "name"), ("uuids", "id")):
        if asked := request.query_list(query):
            found = [row for row in found if row[key] in asked]
    return paginate(request, "load_balancers", [rows.render(request, row) for row in found])


@operation("POST", LOAD_BALANCERS, scope="load_balancer:create", status=202)
def create(request: Request) -> JSON:
    world, body = request.world, request.json
    name = _name(world, body.get("name"))
    kept: JSON = {key: body.get(key) or default for key, default in FIXED.items()}
    kept.update(_place(world, body, kept["type"]))
    project_id = body.get("project_id") or None
    if project_id and world.table(projects.TABLE).peek(project_id) is None:
        raise refuse(f"project {project_id} does not exist")
    id = world.uuid()
    row: JSON = {
        "id": id,
        "name": name,
        "ip": "",
        "status": "new",
        "created_at": world.timestamp(),
        **kept,
        **settings(world, body, kept["type"]),
        **targets(world, body, kept.get("region")),
    }
    if at := place(world, row):
        row["_at"] = at
    if body.get("subnet_uuid"):
        row["subnet_uuid"] = body["subnet_uuid"]
    if body.get("validate_only"):
        # The Go client has it: nothing is made.
        return {"load_balancer": rows.render(request, row)}
    rows.table(world).insert(id, row)
    projects.assign(world, rows.urn(row), project_id)
    world.after("load_balancer.create", "load_balancers.active", needs=rows.software(row), id=id)
    return {"load_balancer": rows.render(request, row)}


def place(world: World, row: JSON) -> JSON:
    """Where software will answer in its place: nowhere for a global one, which is many machines."""
    ports = {str(rule["entry_port"]): rule["entry_port"] for rule in row.get("forwarding_rules", [])}
    return world.plane.place(rows.SOFTWARE, ports) if ports else {}


def _name(world: World, name: object, own_id: str = "") -> str:
    if not isinstance(name, str) or not name.strip():
        raise refuse("name can't be blank")
    if any(row["name"] == name and row["id"] != own_id for row in rows.table(world).everything()):
        # In the API's words (kubernetes-sigs/cluster-api-provider-digitalocean issue 217).
        raise refuse("name is not unique")
    return name


def _place(world: World, body: JSON, kind: str) -> JSON:
    """Its region and network. A global one has neither [G]."""
    region, vpc_id = str(body.get("region") or "").lower(), body.get("vpc_uuid")
    if kind == "GLOBAL":
        if region or vpc_id:
            raise refuse("region and vpc_uuid are not supported by global load balancers")
        return {}
    if region not in REGIONS or region in CLOSED:
        raise refuse(f"region {region} is not valid")
    if not vpc_id:
        return {"region": region, "vpc_uuid": vpcs.default_vpc(world, region)["id"]}
    vpc = world.table(vpcs.TABLE).get(vpc_id)
    if vpc is None or vpc["region"] != region:
        raise refuse(f"vpc {vpc_id} is not one of region {region}")
    return {"region": region, "vpc_uuid": vpc_id}


@timer("load_balancers.active")
def _active(world: World, id: str) -> None:
    row = rows.table(world).peek(id)
    if row is None:
        return
    fate = world.table(FATE).peek("next")
    if fate and fate["errored"]:
        fate["errored"] -= 1
        row["status"] = "errored"
        return
    if rows.address(row) and world.plane.look(rows.software(row)).state == "failed":
        row["status"] = "errored"
        return
    row["status"] = "active"
    draw = world.random.randint
    if address := rows.address(row):
        row["ip"] = address
    elif row["network"] == "INTERNAL" and row.get("vpc_uuid"):
        row["ip"] = vpcs.allocate_ip(world, row["vpc_uuid"])
    else:
        # For benchmarks of networks: nobody's address.
        row["ip"] = f"198.{draw(18, 19)}.{draw(0, 255)}.{draw(1, 254)}"
    if row["network_stack"] == "DUALSTACK":
        row["ipv6"] = f"2001:db8:{draw(1, 65535):x}::{draw(1, 65535):x}"


@operation("GET", ONE, scope="load_balancer:read")
def read(request: Request) -> JSON:
    return {"load_balancer": rows.render(request, rows.wanted(request))}


@operation("PUT", ONE, scope="load_balancer:update")
def replace(request: Request) -> JSON:
    """What is not sent gets its default [S]; name, region, network and project stay [?]."""
    world, body, row = request.world, request.json, rows.changeable(request)
    for key in (*FIXED, "region", "vpc_uuid"):
        if body.get(key) and str(body[key]).lower() != str(row.get(key)).lower():
            raise refuse(f"{key} cannot be modified")
    changed = {
        "name": _name(world, body.get("name") or row["name"], row["id"]),
        **settings(world, body, row["type"]),
        **targets(world, body, row.get("region")),
    }
    if changed["size_unit"] != row["size_unit"]:
        changed["_resized_at"] = _resize(world, row)
    if body.get("project_id"):
        if world.table(projects.TABLE).peek(body["project_id"]) is None:
            raise refuse(f"project {body['project_id']} does not exist")
        projects.assign(world, rows.urn(row), body["project_id"])
    row.pop("size", None)
    row.update(changed)
    work(world, row)
    return {"load_balancer": rows.render(request, row)}


def _resize(world: World, row: JSON) -> str:
    """When it is resized: now. In the API's words, which Terraform's acceptance tests had; making one does not count,
    since those of today resize right away."""
    before = row.get("_resized_at")
    if before and world.now() - parse(before) < BETWEEN_RESIZES:
        raise refuse(f"Load Balancer can only be resized once every hour, last resized at: {before}")
    return world.timestamp()


def work(world: World, row: JSON) -> None:
    """A change is carried out after the answer to it."""
    row["_busy"] = True
    world.after("load_balancer.update", "load_balancers.free", id=row["id"])


@timer("load_balancers.free")
def _free(world: World, id: str) -> None:
    row = rows.table(world).peek(id)
    if row is not None:
        row.pop("_busy", None)


@operation("DELETE", ONE, scope="load_balancer:delete", status=204)
def delete(request: Request) -> None:
    """Also while it is being made. One that a global one points to goes as well, and from its targets [?]."""
    row = rows.wanted(request)
    rows.table(request.world).delete(row["id"])
    request.world.cancel("load_balancers.active", id=row["id"])
    projects.unassign(request.world, rows.urn(row))
    for other in rows.table(request.world).everything():
        if row["id"] in other.get("target_load_balancer_ids", []):
            other["target_load_balancer_ids"].remove(row["id"])


@hooks.seeder("load_balancers")
def _seed(world: World, count: int) -> None:
    taken = len(rows.table(world))
    for number in range(taken, taken + count):
        row: JSON = {
            "id": world.uuid(),
            "name": f"foreign-lb-{number:04}",
            "ip": "",
            "status": "new",
            "created_at": world.timestamp(),
            **FIXED,
            **_place(world, {"region": "fra1"}, "REGIONAL"),
            **settings(world, {"forwarding_rules": [FOREIGN_RULE]}, "REGIONAL"),
            **targets(world, {}, "fra1"),
        }
        rows.table(world).insert(row["id"], row)
        projects.assign(world, rows.urn(row))
        _active(world, row["id"])


FOREIGN_RULE = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 80}


@hooks.seeder("load_balancers.errored")
def _fate(world: World, count: int) -> None:
    """The next ``count`` that are made go into the state ``errored``."""
    world.table(FATE).insert("next", {"errored": count})
