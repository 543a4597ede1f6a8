# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which servers there should be, and what each should be like, told from the rows."""

from __future__ import annotations

from collections.abc import Callable

from localcloud import JSON
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.dataplane.postgresql import programs
from localcloud.dataplane.postgresql.parameters import parameters
from localcloud.dataplane.postgresql.programs import Programs
from localcloud.dataplane.postgresql.server import Server
from localcloud.dataplane.sources import allowed
from localcloud.resources.databases import endpoints, rows
from localcloud.resources.databases.catalogue import POSTGRESQL
from localcloud.world.world import World

BOTH = (False, True)


class PostgreSQL(Kind):
    name = "postgresql"

    def __init__(self) -> None:
        self._programs: dict[Ground, Programs] = {}

    def missing(self) -> str:
        return programs.missing()

    def wanted(self, world: World) -> dict[str, JSON]:
        found = rows.clusters(world).everything()
        return {
            row["id"]: specification(world, rows.becoming(row))
            for row in found
            if row["engine"] in POSTGRESQL and row.get("_at")
        }

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        if ground not in self._programs:
            self._programs[ground] = Programs(ground)
        return Server(ground, key, again, self._programs[ground])


def specification(world: World, row: JSON) -> JSON:
    """``primary``: the id of the cluster that it is a replica of. ``users``, ``databases``: none, when it is one."""
    address, port = row["_at"]["server"]
    primary = row.get("_primary", "")
    users = [] if primary else rows.parts(world, rows.USERS, row["id"], true_rows=True)
    databases = [] if primary else rows.parts(world, rows.DBS, row["id"], true_rows=True)
    hosts = [endpoints.host(row, private=private, standby=standby) for private in BOTH for standby in BOTH]
    return {
        "address": address,
        "port": port,
        "names": [address, "localhost", *hosts, *row["do_settings"]["service_cnames"]],
        "parameters": parameters(row["engine"], row["size"], row["_config"]),
        "sources": allowed(world, row),
        "users": {user["name"]: _user(user) for user in users},
        "databases": [database["name"] for database in databases],
        "primary": primary,
    }


def _user(row: JSON) -> JSON:
    return {"password": row["password"], "replication": row.get("settings", {}).get("pg_allow_replication", False)}
