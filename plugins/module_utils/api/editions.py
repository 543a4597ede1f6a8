# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What new clusters of the Standard edition no longer get: standbys, read-only nodes, more than 4 GiB.

From 2026-11-30, in accounts that never had a Standard cluster from 2026-10-15; a restored cluster is a new one, and
what was there before keeps what it has (the vendor's release notes on plan changes, quoted by third parties in October
2026). The API's options may list it all the same, so it is told here, with when and why.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import memory_gib

SINCE = datetime(2026, 11, 30, tzinfo=UTC)
# The slugs of the Standard edition → those of the edition that has standbys.
ADVANCED = {"pg": "advanced_pg", "mysql": "advanced_mysql"}
MOST_GIB = 4

WHY = (
    "new Standard clusters (pg, mysql) have no standby, no read-only node and at most 4 GiB, from 2026-11-30 for "
    "all, since 2026-10-15 in accounts that never had one, and a restored cluster counts as new"
)


def is_limited(engine: str | None, born: datetime | str | None) -> bool:
    """Whether a cluster of that age is one of the new ones; `born` as the API writes it, or a time."""
    if engine not in ADVANCED or born is None:
        return False
    try:
        moment = datetime.fromisoformat(born.replace("Z", "+00:00")) if isinstance(born, str) else born
    except ValueError:
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) >= SINCE


def beyond(num_nodes: int, size: str) -> str:
    """What such a cluster has too much of, for a sentence; empty when it is nothing."""
    found = [f"{num_nodes} nodes"] if num_nodes > 1 else []
    found += [f"nodes of {memory_gib(size)} GiB"] if memory_gib(size) > MOST_GIB else []
    return " and ".join(found)


def way_out(engine: str) -> str:
    """What to do instead."""
    return f"take engine {ADVANCED[engine]}, or one node of at most {MOST_GIB} GiB"
