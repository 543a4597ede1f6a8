# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logical databases of PostgreSQL. Valkey has none to manage [S]."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import public
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import fields, rows
from localcloud.resources.databases.clusters import ONE
from localcloud.resources.databases.render import DEFAULT_DB

DBS = f"{ONE}/dbs"
DB = f"{DBS}/{{database_name}}"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,62}")


@operation("GET", DBS, scope="database:read")
def list_dbs(request: Request) -> JSON:
    return {"dbs": public(rows.parts(request.world, rows.DBS, rows.sql(request)["id"]))}


@operation("POST", DBS, scope="database:create", status=201)
def create(request: Request) -> JSON:
    cluster = rows.sql(request, write=True)
    name = fields.text(request.json, "name")
    if not _NAME.fullmatch(name):
        raise ApiError(422, "invalid database name")
    if rows.true_part(request.world, rows.DBS, cluster["id"], name) is not None:
        raise ApiError(422, "database name is not available")
    return {"db": public(rows.add_part(request.world, rows.DBS, cluster["id"], {"name": name}))}


@operation("GET", DB, scope="database:read")
def read(request: Request) -> JSON:
    cluster = rows.sql(request)
    return {"db": public(rows.part(request.world, rows.DBS, cluster["id"], request.params["database_name"]))}


@operation("DELETE", DB, scope="database:delete", status=204)
def delete(request: Request) -> None:
    """Not the default database [D], nor one that a pool uses [?]."""
    cluster = rows.sql(request, write=True)
    row = rows.part(request.world, rows.DBS, cluster["id"], request.params["database_name"])
    if row["name"] == DEFAULT_DB[cluster["engine"]]:
        raise ApiError(422, "cannot delete the default database")
    pools = rows.parts(request.world, rows.POOLS, cluster["id"], true_rows=True)
    used = [pool["name"] for pool in pools if pool["db"] == row["name"]]
    if used:
        raise ApiError(422, f"database {row['name']} is in use by connection pool {used[0]}")
    rows.drop_part(request.world, rows.DBS, cluster["id"], row["name"])
