# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's credentials for all metrics endpoints."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import fields, rows
from localcloud.resources.databases.connections import VIEW
from localcloud.world import hooks
from localcloud.world.world import World

TABLE = "database_metrics"
PATH = "/v2/databases/metrics/credentials"


@hooks.on_start
def _standing(world: World) -> None:
    row = {"basic_auth_username": world.token_hex(8), "basic_auth_password": rows.new_password(world)}
    world.table(TABLE).insert("account", row)


def credentials(world: World) -> JSON:
    """``{basic_auth_username, basic_auth_password}``"""
    return world.table(TABLE)["account"]


@operation("GET", PATH, scope=("database:update", VIEW))
def read(request: Request) -> JSON:
    """At both depths: the schema nests ``credentials`` twice, its example and the Go client once [S][G]."""
    row = dict(credentials(request.world))
    return {"credentials": {**row, "credentials": row}}


@operation("PUT", PATH, scope="database:update", status=204)
def write(request: Request) -> None:
    wanted = fields.part(request.json, "credentials")
    for key in ("basic_auth_username", "basic_auth_password"):
        if len(fields.text(wanted, key)) > 256:
            raise ApiError(422, f"{key} is too long")
    credentials(request.world).update({key: wanted[key] for key in ("basic_auth_username", "basic_auth_password")})
