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
from localcloud.resources.databases import backups, endpoints, exporter, rows
from localcloud.resources.databases.catalogue import POSTGRESQL, memory_gib
from localcloud.world.world import World

MOST = "max_connections"
READ_ONLY = {"default_transaction_read_only": "on"}


class PostgreSQL(Kind):
    name = "postgresql"

    def __init__(self) -> None:
        self._shelves: dict[Ground, dict[str, Programs]] = {}

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
        if ground not in self._shelves:
            self._shelves[ground] = {engine: Programs(ground, engine) for engine in POSTGRESQL}
        return Server(ground, key, again, self._shelves[ground])


def specification(world: World, row: JSON) -> JSON:
    """``primary``: whose replica it is, ``{id, port}``; such a one has no ``users``, ``databases`` and ``backups``.
    ``source``: what it was restored from, ``{id, port, moment}``; no moment is the present one. Else they are empty.
    """
    address, port = row["_at"]["server"]
    primary = rows.clusters(world).peek(row["_primary"]) if row.get("_primary") else None
    users = [] if primary else rows.parts(world, rows.USERS, row["id"], true_rows=True)
    databases = [] if primary else rows.parts(world, rows.DBS, row["id"], true_rows=True)
    due = [] if primary else backups.due(world, row)
    return {
        "engine": row["engine"],
        "version": row["version"],
        "address": address,
        "port": port,
        "names": [address, *endpoints.names(row)],
        "memory_gib": memory_gib(row["size"]),
        "storage_mib": row["storage_size_mib"] * exporter.disk_scale(world, row),
        "full": row.get("_full", False),
        "parameters": _parameters(row, rows.becoming(primary) if primary else row),
        "sources": allowed(world, row),
        "users": {user["name"]: _user(user) for user in users},
        "databases": [database["name"] for database in databases],
        "backups": [world.timestamp(moment) for moment in due],
        "primary": {"id": primary["id"], "port": primary["_at"]["server"][1]} if primary else {},
        "source": _source(world, row),
    }


def _parameters(row: JSON, leader: JSON) -> dict[str, str]:
    """A replica goes by its primary's configuration, and may not have room for less connections."""
    given = [parameters(one["engine"], one["size"], leader["_config"]) for one in (row, leader)]
    full = READ_ONLY if row.get("_full") else {}
    return {**given[0], **full, MOST: max((one[MOST] for one in given), key=int)}


def _source(world: World, row: JSON) -> JSON:
    if "_source" not in row:
        return {}
    source = rows.clusters(world).peek(row["_source"]["id"])
    return {**row["_source"], "port": source["_at"]["server"][1] if source else 0}


def _user(row: JSON) -> JSON:
    return {"password": row["password"], "replication": row.get("settings", {}).get("pg_allow_replication", False)}
