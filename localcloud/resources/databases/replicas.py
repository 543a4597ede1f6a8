# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read replicas of PostgreSQL: one node each, with an id, a host and trusted sources of their own [M]."""

from __future__ import annotations

import copy

from localcloud import JSON
from localcloud.ports.auth import Token
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import public
from localcloud.ports.routing import Request, operation
from localcloud.resources import projects
from localcloud.resources.databases import backups, clusters, endpoints, fields, render, rows, sizing, standard
from localcloud.world.world import World, duration

REPLICAS = f"{clusters.ONE}/replicas"
REPLICA = f"{REPLICAS}/{{replica_name}}"
SHOWN = (
    *("id", "name", "region", "size", "status", "created_at"),
    *("private_network_uuid", "storage_size_mib", "do_settings"),
)

duration("database.replica", 300.0)


def _shown(world: World, row: JSON, token: Token) -> JSON:
    shown: JSON = {key: public(row[key]) for key in SHOWN}
    shown["tags"] = row["tags"] or []  # not nullable here, unlike a cluster's [S]
    shown.update(render.connections(world, row, token))
    return render.visible(shown, token)


def _replica(request: Request) -> JSON:
    cluster = rows.sql(request)
    for row in rows.replicas_of(request.world, cluster["id"]):
        if row["name"] == request.params["replica_name"]:
            return row
    raise not_found()


@operation("GET", REPLICAS, scope="database:read")
def list_replicas(request: Request) -> JSON:
    found = rows.replicas_of(request.world, rows.sql(request)["id"])
    return {"replicas": [_shown(request.world, row, request.token) for row in found]}


@operation("POST", REPLICAS, scope="database:create", status=201)
def create(request: Request) -> JSON:
    """412 until the primary has its first backup [G]. Region and network are the primary's unless given [S]."""
    request.require_for(**fields.SCOPES)
    world, body = request.world, request.json
    primary = rows.sql(request, write=True)
    standard.check_replica(primary)
    engine = primary["engine"]
    if not backups.taken(world, primary):
        raise ApiError(412, "cluster has no backup yet")
    name = clusters.check_name(world, fields.text(body, "name"))
    size, region = fields.text(body, "size", primary["size"]), fields.text(body, "region", primary["region"])
    sizing.check_layout(engine, 1, size)
    sizing.check_not_smaller(size, primary["size"])
    sizing.check_region(engine, region)
    storage = sizing.check_storage(engine, size, fields.whole(body, "storage_size_mib", 0), primary["storage_size_mib"])
    network = fields.text(body, "private_network_uuid", "")
    record = {
        "id": world.uuid(),
        "name": name,
        "engine": engine,
        "version": primary["version"],
        "num_nodes": 1,
        "size": size,
        "region": region,
        "status": "forking",
        "storage_size_mib": storage,
        "tags": fields.tags(body),
        "do_settings": fields.do_settings(body),
        "_primary": primary["id"],
        **({} if primary.get("_at") else {"_at": {}}),
        "_config": copy.deepcopy(primary["_config"]),
    }
    row = clusters.add(world, {**record, "private_network_uuid": clusters.network(world, network, region)})
    projects.assign(world, render.urn(row), projects.project_of(world, render.urn(primary)))
    rows.note(world, primary, "cluster_update")
    world.after("database.replica", "databases.online", id=row["id"], needs=endpoints.software(row))
    return {"replica": _shown(world, row, request.token)}


@operation("GET", REPLICA, scope="database:read")
def read(request: Request) -> JSON:
    return {"replica": _shown(request.world, _replica(request), request.token)}


@operation("DELETE", REPLICA, scope="database:delete", status=204)
def delete(request: Request) -> None:
    clusters.forget(request.world, _replica(request))


@operation("PUT", f"{REPLICA}/promote", scope="database:update", status=204)
def promote(request: Request) -> None:
    """The replica becomes a cluster of its own, under its id, with users and databases as they are now; no pools."""
    world = request.world
    row = rows.require_online(_replica(request))
    primary = row.pop("_primary")
    for table in (rows.USERS, rows.DBS):
        for part in rows.parts(world, table, primary, true_rows=True):
            rows.add_part(world, table, row["id"], public(part))
    backups.begin(world, row)
    rows.note(world, row, "cluster_master_promotion")
