# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters: create, list, get, delete."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources import projects, vpcs
from localcloud.resources.databases import (
    backups,
    config,
    endpoints,
    fields,
    firewall,
    render,
    restore,
    rows,
    sizing,
    standard,
)
from localcloud.resources.databases.catalogue import OPTIONS, POSTGRESQL
from localcloud.world.hooks import Member, member_source
from localcloud.world.world import World, duration, timer

COLLECTION = "/v2/databases"
ONE = "/v2/databases/{database_cluster_uuid}"

duration("database.create", 240.0)
duration("database.create.valkey", 180.0)
duration("database.fork", 300.0)

# The control panel's rule for names; an underscore is refused by the API as well [M].
_NAME = re.compile(r"[a-z][a-z0-9-]{2,62}")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def check_name(world: World, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ApiError(422, "invalid cluster name")
    if rows.by_name(world, name) is not None:
        raise ApiError(422, "cluster name is not available")
    return name


def network(world: World, id: str | None, region: str) -> str:
    """The VPC asked for, which must lie in the region, else the region's default one. The words are a guess."""
    if not id:
        return str(vpcs.default_vpc(world, region)["id"])
    try:
        vpc = vpcs.get(world, id)
    except ApiError:
        raise ApiError(422, f"invalid private network: VPC {id} does not exist") from None
    if vpc["region"] != region:
        raise ApiError(422, f"invalid private network: VPC {id} is in {vpc['region']}, not in {region}")
    return id


def project(world: World, body: JSON) -> str | None:
    id = fields.text(body, "project_id", "")
    if id and world.table(projects.TABLE).get(id) is None:
        raise ApiError(422, f"invalid project: {id} does not exist")
    return id or None


def window(world: World) -> JSON:
    """A maintenance window drawn at random, as the service does."""
    hour = f"{world.random.randrange(24):02}:{world.random.randrange(60):02}:{world.random.randrange(60):02}"
    return {"day": world.random.choice(DAYS), "hour": hour, "pending": False}


def add(world: World, record: JSON) -> JSON:
    """Insert what is common to clusters and replicas around the given record. An empty ``_at``: nothing is to run."""
    row: JSON = {
        **record,
        "status": record.get("status", "creating"),
        "created_at": world.timestamp(),
        "tags": record.get("tags"),
        "rules": record.get("rules", []),
        "maintenance_window": window(world),
        "do_settings": record.get("do_settings", {"service_cnames": []}),
        "_at": record["_at"] if "_at" in record else endpoints.place(world, record["engine"]),
        "_zone": world.random.choice("abcdefghijklm"),
        "_config": record.get("_config") or config.defaults(world, record["engine"]),
        "_autoscale": record.get("_autoscale", {"enabled": False}),
    }
    return rows.clusters(world).insert(row["id"], row)


@timer("databases.online")
def online(world: World, id: str) -> None:
    cluster = rows.clusters(world).peek(id)
    if cluster is not None:
        cluster["status"] = "online"
        if "_first_backup" not in cluster:
            backups.begin(world, cluster)


@operation("POST", COLLECTION, scope="database:create", status=201)
def create(request: Request) -> JSON:
    request.require_for(**fields.SCOPES)
    world, body = request.world, request.json
    name, engine = fields.text(body, "name"), fields.text(body, "engine")
    sizing.check_engine(engine)
    source = restore.source(world, body, engine)
    version = fields.text(body, "version", source.cluster["version"] if source else OPTIONS[engine]["default_version"])
    size, region, nodes = fields.text(body, "size"), fields.text(body, "region"), fields.whole(body, "num_nodes")
    check_name(world, name)
    sizing.check_version(engine, version)
    sizing.check_layout(engine, nodes, size)
    standard.check_new(world, engine, nodes, size)
    sizing.check_region(engine, region)
    least = restore.check(source, version)
    storage = sizing.check_storage(engine, size, fields.whole(body, "storage_size_mib", 0), least)
    autoscale = _autoscale(body, engine, size)
    id = world.uuid()
    record = {
        "id": id,
        "name": name,
        "engine": engine,
        "version": version,
        "num_nodes": nodes,
        "size": size,
        "region": region,
        "storage_size_mib": storage,
        "tags": fields.tags(body),
        "do_settings": fields.do_settings(body),
        "rules": firewall.checked(world, id, fields.rows(body, "rules"), []),
        "_autoscale": autoscale,
    }
    project_id = project(world, body)
    record["private_network_uuid"] = network(world, fields.text(body, "private_network_uuid", ""), region)
    cluster = add(world, {**record, "status": "forking" if source else "creating"})
    populate(world, cluster)
    if source:
        restore.fill(world, cluster, source)
    projects.assign(world, render.urn(cluster), project_id)
    rows.note(world, cluster, "cluster_create")
    wait = "database.fork" if source else "database.create" if engine in POSTGRESQL else f"database.create.{engine}"
    world.after(wait, "databases.online", id=id, needs=endpoints.software(cluster))
    return {"database": render.cluster(world, cluster, request.token)}


def _autoscale(body: JSON, engine: str, size: str) -> JSON:
    """Clients of the Go library call it ``storage_autoscale`` and leave out the level between [G]."""
    storage = fields.part(fields.part(body, "autoscale"), "storage") or fields.part(body, "storage_autoscale")
    if not storage:
        return {"enabled": False}
    if engine not in POSTGRESQL:
        raise ApiError(422, sizing.UNSIZED)
    return sizing.check_autoscale(storage, size)


def populate(world: World, cluster: JSON) -> None:
    """The default user and, for PostgreSQL, the default database."""
    admin = {"name": render.ADMINS[cluster["engine"]], "role": "primary", "password": rows.new_password(world)}
    rows.add_part(world, rows.USERS, cluster["id"], admin)
    if cluster["engine"] in POSTGRESQL:
        rows.add_part(world, rows.DBS, cluster["id"], {"name": render.DEFAULT_DB[cluster["engine"]]})


@operation("GET", COLLECTION, scope="database:read")
def list_clusters(request: Request) -> JSON:
    """All of them: not paginated [S]. Replicas are listed below their primary only."""
    tag = request.query.get("tag_name")
    found = [row for row in rows.clusters(request.world).all() if not row.get("_primary")]
    if tag:
        found = [row for row in found if tag in (row["tags"] or [])]
    return {"databases": [render.cluster(request.world, row, request.token) for row in found]}


@operation("GET", ONE, scope="database:read")
def read(request: Request) -> JSON:
    return {"database": render.cluster(request.world, rows.cluster(request), request.token)}


@operation("DELETE", ONE, scope="database:delete", status=204)
def delete(request: Request) -> None:
    """In any status. Its backups and read replicas go with it; for the replicas that is a guess."""
    cluster = rows.cluster(request)
    for replica in rows.replicas_of(request.world, cluster["id"], true_rows=True):
        forget(request.world, replica)
    forget(request.world, cluster)


def forget(world: World, cluster: JSON) -> None:
    for name in ("databases.online", "databases.first_backup", "databases.backup_due", "databases.changed"):
        world.cancel(name, id=cluster["id"])
    rows.clusters(world).delete(cluster["id"])
    rows.drop_parts(world, cluster["id"])
    projects.unassign(world, render.urn(cluster))


@member_source
def _members(world: World) -> Iterator[Member]:
    for row in rows.clusters(world).everything():
        yield row["private_network_uuid"], render.urn(row), row["name"], row["created_at"]
