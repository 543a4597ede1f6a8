# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes of a disk that fills up: storage that is to grow by itself does, else PostgreSQL takes no more writes."""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.databases import exporter, rows
from localcloud.resources.databases.catalogue import storage_range_mib
from localcloud.world.world import World

# Per cent. From which on the real service protects a disk is in none of its pages: a guess.
FULL = 95.0
# GiB by which storage grows when nobody has said how much [?].
STEP_GIB = 10


def look(world: World, cluster: JSON) -> bool:
    """Whether something is to follow from how full its disk is now."""
    disk = exporter.used(world, cluster)["disk"]
    before = (cluster.get("_full", False), cluster["storage_size_mib"])
    cluster["_full"] = disk >= FULL
    autoscale = cluster["_autoscale"]
    if autoscale["enabled"] and disk >= autoscale["threshold_percent"] and cluster["status"] == "online":
        step = autoscale.get("increment_gib", STEP_GIB) << 10
        grown = min(cluster["storage_size_mib"] + step, storage_range_mib(cluster["size"])[1])
        if grown > cluster["storage_size_mib"]:
            cluster["storage_size_mib"] = grown
            rows.note(world, cluster, "cluster_update")
    return before != (cluster["_full"], cluster["storage_size_mib"])
