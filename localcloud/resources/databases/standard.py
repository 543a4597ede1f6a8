# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What new clusters of the Standard edition no longer get: standbys, read-only nodes, more than 4 GiB.

From 2026-11-30 by the virtual clock, for every cluster that is made from then on, be it from a backup. What was there
before keeps what it has and may grow. (Accounts that never had a Standard cluster lost it on 2026-10-15 already; this
account counts as one that has.) The dates are the vendor's, quoted by third parties; the words are a guess.
"""

from __future__ import annotations

from datetime import UTC, datetime

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.resources.databases.catalogue import memory_gib
from localcloud.world.clock import parse
from localcloud.world.world import World

SINCE = datetime(2026, 11, 30, tzinfo=UTC)
ENGINES = ("pg", "mysql")
MOST_GIB = 4


def check_new(world: World, engine: str, num_nodes: int, size: str) -> None:
    """422 for what a cluster that is made now cannot have."""
    _check(engine, world.now(), num_nodes, size)


def check_existing(cluster: JSON, num_nodes: int, size: str) -> None:
    """422 for what a cluster of its age cannot become."""
    _check(cluster["engine"], parse(cluster["created_at"]), num_nodes, size)


def check_replica(primary: JSON) -> None:
    """422 for a read-only node of a cluster that is too young for one."""
    if _is_limited(primary["engine"], parse(primary["created_at"])):
        raise ApiError(422, "read-only nodes are not available for this cluster")


def _is_limited(engine: str, born: datetime) -> bool:
    return engine in ENGINES and born >= SINCE


def _check(engine: str, born: datetime, num_nodes: int, size: str) -> None:
    if not _is_limited(engine, born):
        return
    if num_nodes > 1:
        raise ApiError(422, "standby nodes are not available for this cluster")
    if memory_gib(size) > MOST_GIB:
        raise ApiError(422, f"size {size} is not available for this cluster")
