# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection pools (PgBouncer) of PostgreSQL."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.ports.auth import Token
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import public
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import fields, rows
from localcloud.resources.databases.catalogue import memory_gib
from localcloud.resources.databases.clusters import ONE
from localcloud.resources.databases.connections import connection, seen_by
from localcloud.world.world import World

POOLS = f"{ONE}/pools"
POOL = f"{POOLS}/{{pool_name}}"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,59}")
MODES = ("session", "transaction", "statement")
PER_GIB, RESERVED = 25, 3


def budget(cluster: JSON) -> int:
    """Backend connections that all pools of a cluster share: 25 for each GiB of the primary, less 3 [S]."""
    return PER_GIB * memory_gib(cluster["size"]) - RESERVED


def render(world: World, cluster: JSON, pool: JSON, token: Token) -> JSON:
    """The pool is what one connects to: its name stands where the database's would [S example]."""
    shown: JSON = public(pool)
    row = rows.true_part(world, rows.USERS, cluster["id"], pool["user"]) if pool["user"] else None
    password = row["password"] if row else ""
    for standby in (False, True) if cluster["num_nodes"] > 1 else (False,):
        for private in (False, True):
            key = ("standby_" if standby else "") + ("private_" if private else "") + "connection"
            made = connection(cluster, pool["user"], password, pool["name"], "pool", private=private, standby=standby)
            shown[key] = seen_by(token, made)
    return shown


def _wanted(request: Request, cluster: JSON, name: str) -> JSON:
    """Mode, size, db and user, checked, in words of our own. Without a user each client comes as itself [S]."""
    world, body = request.world, request.json
    mode, size = fields.text(body, "mode"), fields.whole(body, "size")
    db, user = fields.text(body, "db"), fields.text(body, "user", "")
    if mode not in MODES:
        raise ApiError(422, "invalid connection pool mode")
    if size < 1:
        raise ApiError(422, "invalid connection pool size")
    if rows.true_part(world, rows.DBS, cluster["id"], db) is None:
        raise ApiError(422, f"invalid connection pool database: {db} does not exist")
    if user and rows.true_part(world, rows.USERS, cluster["id"], user) is None:
        raise ApiError(422, f"invalid connection pool user: {user} does not exist")
    others = [row for row in rows.parts(world, rows.POOLS, cluster["id"], true_rows=True) if row["name"] != name]
    left = budget(cluster) - sum(row["size"] for row in others)
    if size > left:
        message = f"connection pool size {size} exceeds the {left} backend connections left of {budget(cluster)}"
        raise ApiError(422, message)
    return {"mode": mode, "size": size, "db": db, "user": user}


@operation("GET", POOLS, scope="database:read")
def list_pools(request: Request) -> JSON:
    cluster = rows.sql(request)
    found = rows.parts(request.world, rows.POOLS, cluster["id"])
    return {"pools": [render(request.world, cluster, row, request.token) for row in found]}


@operation("POST", POOLS, scope="database:create", status=201)
def create(request: Request) -> JSON:
    cluster = rows.sql(request, write=True)
    name = fields.text(request.json, "name")
    if not _NAME.fullmatch(name):
        raise ApiError(422, "invalid connection pool name")
    if rows.true_part(request.world, rows.POOLS, cluster["id"], name) is not None:
        raise ApiError(422, "connection pool name is not available")
    record = {"name": name, **_wanted(request, cluster, name)}
    row = rows.add_part(request.world, rows.POOLS, cluster["id"], record)
    return {"pool": render(request.world, cluster, row, request.token)}


@operation("GET", POOL, scope="database:read")
def read(request: Request) -> JSON:
    cluster = rows.sql(request)
    row = rows.part(request.world, rows.POOLS, cluster["id"], request.params["pool_name"])
    return {"pool": render(request.world, cluster, row, request.token)}


@operation("PUT", POOL, scope="database:update", status=204)
def update(request: Request) -> None:
    cluster = rows.sql(request, write=True)
    row = rows.part(request.world, rows.POOLS, cluster["id"], request.params["pool_name"])
    row.update(_wanted(request, cluster, row["name"]))


@operation("DELETE", POOL, scope="database:delete", status=204)
def delete(request: Request) -> None:
    cluster = rows.sql(request, write=True)
    row = rows.part(request.world, rows.POOLS, cluster["id"], request.params["pool_name"])
    rows.drop_part(request.world, rows.POOLS, cluster["id"], row["name"])
