# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cluster costs a month, in USD.

Quoted by third parties in October 2026: the nodes of ``NODES``, and those of Advanced PostgreSQL "from $130" for 8 GiB.
What nobody quotes is reckoned by its memory, at the same price a GiB: a guess.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.databases.catalogue import memory_gib

NODES = {
    ("pg", "db-s-1vcpu-1gb"): 15.15,
    ("pg", "db-s-1vcpu-2gb"): 30.45,
    ("valkey", "db-s-1vcpu-1gb"): 15.00,
}
A_GIB = {"pg": 15.225, "valkey": 15.00, "advanced_pg": 16.25}


def monthly_cost(cluster: JSON) -> float:
    """Of all nodes. A read replica is a cluster of its own."""
    engine, size = cluster["engine"], cluster["size"]
    node = NODES.get((engine, size)) or A_GIB[engine] * memory_gib(size)
    return round(node * int(cluster["num_nodes"]), 2)
