# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters of somebody else in the same account, for tests that nothing of theirs is touched."""

from __future__ import annotations

from localcloud.resources import projects
from localcloud.resources.databases import clusters, render, rows, sizing
from localcloud.resources.databases.catalogue import OPTIONS
from localcloud.world import hooks
from localcloud.world.world import World

REGIONS = ("nyc3", "fra1", "sgp1")


@hooks.seeder("databases")
def seed(world: World, count: int) -> None:
    """``other-team-01`` and so on: online, in default networks and the default project, every third one Valkey."""
    taken = {row["name"] for row in rows.clusters(world).everything()}
    names = (f"other-team-{number:02}" for number in range(1, len(taken) + count + 1))
    for number, name in enumerate([name for name in names if name not in taken][:count]):
        engine, size = ("valkey", "db-s-1vcpu-2gb") if number % 3 == 2 else ("pg", "db-s-1vcpu-1gb")
        region = REGIONS[number % len(REGIONS)]
        record = {
            "id": world.uuid(),
            "name": name,
            "engine": engine,
            "version": OPTIONS[engine]["default_version"],
            "num_nodes": 1,
            "size": size,
            "region": region,
            "storage_size_mib": sizing.check_storage(engine, size, None),
            "tags": ["other-team"],
            "private_network_uuid": clusters.network(world, None, region),
            # There may be many, and nobody connects to them.
            "_at": {},
        }
        row = clusters.add(world, record)
        clusters.populate(world, row)
        projects.assign(world, render.urn(row), None)
        rows.note(world, row, "cluster_create")
        clusters.online(world, row["id"])
