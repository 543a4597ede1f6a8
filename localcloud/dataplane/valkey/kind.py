# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Valkey should run: what the account's records say of its clusters."""

from __future__ import annotations

from collections.abc import Callable

from localcloud import JSON
from localcloud.dataplane import nginx, sources
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.dataplane.valkey import node, settings
from localcloud.dataplane.valkey.cluster import Cluster
from localcloud.resources.databases import endpoints, render, rows
from localcloud.resources.databases.catalogue import cache_bytes, memory_gib
from localcloud.world.world import World


class Valkey(Kind):
    name = "valkey"

    def missing(self) -> str:
        absent = [name for name, found in (("Valkey", node.binary()), ("nginx", nginx.binary())) if found is None]
        return f"there is no {' and no '.join(absent)} for this machine" if absent else ""

    def wanted(self, world: World) -> dict[str, JSON]:
        """Those that have a place: what was made by an instance of records only has none."""
        found = rows.clusters(world).everything()
        return {row["id"]: spec(world, rows.becoming(row)) for row in found if row["engine"] == "valkey" and row["_at"]}

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Cluster(ground, key, again)


def spec(world: World, row: JSON) -> JSON:
    config = row["_config"]
    return {
        "at": row["_at"]["server"],
        "names": endpoints.names(row),
        "password": render.admin(world, row)[1],
        "nodes": row["num_nodes"],
        "gib": memory_gib(row["size"]),
        "databases": config["valkey_number_of_databases"],
        "parameters": settings.parameters(config, cache_bytes(row["size"])),
        "sources": sources.allowed(world, row),
    }
