# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of PostgreSQL. Valkey has none to manage, and one whose password can be changed [S]."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import fields, render, rows
from localcloud.resources.databases.clusters import ONE

USERS = f"{ONE}/users"
USER = f"{USERS}/{{username}}"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,62}")


def _settings(body: JSON) -> JSON:
    """Always there for PostgreSQL, even when none were given [M]; left out means false [S]."""
    return {"pg_allow_replication": fields.flag(fields.part(body, "settings"), "pg_allow_replication", default=False)}


def _user(request: Request, *, write: bool = False) -> tuple[JSON, JSON]:
    cluster = rows.sql(request, write=write)
    return cluster, rows.part(request.world, rows.USERS, cluster["id"], request.params["username"])


@operation("GET", USERS, scope="database:read")
def list_users(request: Request) -> JSON:
    found = rows.parts(request.world, rows.USERS, rows.sql(request)["id"])
    return {"users": [render.user(row, request.token) for row in found]}


@operation("POST", USERS, scope="database:create", status=201)
def create(request: Request) -> JSON:
    cluster = rows.sql(request, write=True)
    name = fields.text(request.json, "name")
    if not _NAME.fullmatch(name):
        raise ApiError(422, "invalid user name")
    if rows.true_part(request.world, rows.USERS, cluster["id"], name) is not None:
        raise ApiError(422, "user name is not available")
    record = {
        "name": name,
        "role": "normal",
        "password": rows.new_password(request.world),
        "settings": _settings(request.json),
    }
    row = rows.add_part(request.world, rows.USERS, cluster["id"], record)
    return {"user": render.user(row, request.token)}


@operation("GET", USER, scope="database:read")
def read(request: Request) -> JSON:
    return {"user": render.user(_user(request)[1], request.token)}


@operation("PUT", USER, scope="database:update", status=201)
def update(request: Request) -> JSON:
    """Settings only, replaced as a whole; 201 although nothing is created [S]."""
    row = _user(request, write=True)[1]
    row["settings"] = _settings(request.json)
    return {"user": render.user(row, request.token)}


@operation("POST", f"{USER}/reset_auth", scope="database:update")
def reset_auth(request: Request) -> JSON:
    """Also of Valkey: of all operations on users this one alone does not say that it is not for it [S]."""
    cluster = rows.require_online(rows.require_primary(rows.cluster(request)))
    row = rows.part(request.world, rows.USERS, cluster["id"], request.params["username"])
    row["password"] = rows.new_password(request.world)
    return {"user": render.user(row, request.token)}


@operation("DELETE", USER, scope="database:delete", status=204)
def delete(request: Request) -> None:
    """Not the default user [D], nor one that a pool uses [?]."""
    cluster, row = _user(request, write=True)
    if row["role"] == "primary":
        raise ApiError(422, "cannot delete the default user")
    pools = rows.parts(request.world, rows.POOLS, cluster["id"], true_rows=True)
    used = [pool["name"] for pool in pools if pool["user"] == row["name"]]
    if used:
        raise ApiError(422, f"user {row['name']} is in use by connection pool {used[0]}")
    rows.drop_part(request.world, rows.USERS, cluster["id"], row["name"])
