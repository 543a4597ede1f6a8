# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups of PostgreSQL: one when the cluster comes online, then one a day, kept for seven days.

Nothing is stored but when they began and at which time of day they run; the list follows from the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from localcloud import JSON
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import rows
from localcloud.resources.databases.catalogue import POSTGRESQL
from localcloud.world.clock import parse
from localcloud.world.world import World, duration, timer

RETENTION = timedelta(days=7)  # [D]
DAY = timedelta(days=1)

# New clusters are online before their first backup is there; until then replicas are refused [G].
duration("database.first_backup", 60.0)


def begin(world: World, cluster: JSON) -> None:
    if cluster["engine"] in POSTGRESQL and not cluster.get("_primary"):
        world.after("database.first_backup", "databases.first_backup", id=cluster["id"])


@timer("databases.first_backup")
def _first(world: World, id: str) -> None:
    cluster = rows.clusters(world).peek(id)
    if cluster is not None:
        cluster["_first_backup"] = world.timestamp()
        cluster["_backup_times"] = []
        cluster["_backed_up"] = []
        reschedule(world, cluster)


def reschedule(world: World, cluster: JSON) -> None:
    """From now on at the time of day that the configuration says; what was taken before stays."""
    if "_first_backup" in cluster:
        cluster["_backup_times"].append([world.timestamp(), *_time_of_day(cluster)])
        _wake(world, cluster)


def _wake(world: World, cluster: JSON) -> None:
    """Where software runs it must be looked at when its next backup is due."""
    world.cancel("databases.backup_due", id=cluster["id"])
    if cluster.get("_at"):
        now, (hour, minute) = world.now(), _time_of_day(cluster)
        moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        world.after(((moment - now) % DAY or DAY).total_seconds(), "databases.backup_due", id=cluster["id"])


@timer("databases.backup_due")
def _is_due(world: World, id: str) -> None:
    cluster = rows.clusters(world).peek(id)
    if cluster is not None:
        _wake(world, cluster)


def _time_of_day(cluster: JSON) -> tuple[int, int]:
    """Hour and minute; the Advanced edition has no setting for it, and the time is a guess."""
    config = cluster["_config"]
    return config.get("backup_hour", 3), config.get("backup_minute", 0)


def taken(world: World, cluster: JSON) -> list[datetime]:
    """When the backups that exist now were made, oldest first. Where software runs, it says which it has."""
    found = due(world, cluster)
    if cluster.get("_at"):
        return [moment for moment in found if world.timestamp(moment) in cluster["_backed_up"]]
    return found


def due(world: World, cluster: JSON) -> list[datetime]:
    """When the backups that should exist now were to be made, oldest first."""
    if "_first_backup" not in cluster:
        return []
    now = world.now()
    oldest = now - RETENTION
    found = [parse(cluster["_first_backup"])]
    times = cluster["_backup_times"]
    for number, (since, hour, minute) in enumerate(times):
        end = parse(times[number + 1][0]) if number + 1 < len(times) else now
        start = max(parse(since), oldest)
        moment = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if moment <= start:
            moment += DAY
        while moment <= end:
            found.append(moment)
            moment += DAY
    return [moment for moment in found if moment > oldest]


def at(world: World, cluster: JSON, moment: datetime) -> datetime | None:
    """The backup of that second."""
    return next((found for found in taken(world, cluster) if abs(moment - found) < timedelta(seconds=1)), None)


def _size(days: int) -> float:
    """The size of the example [S], growing a little every day."""
    return round(0.03357696 + 0.0000672 * days, 8)


@operation("GET", "/v2/databases/{database_cluster_uuid}/backups", scope="database:read")
def list_backups(request: Request) -> JSON:
    """412 while the cluster is not online for the first time [G]."""
    world = request.world
    cluster = rows.sql(request)
    if cluster["status"] in ("creating", "forking"):
        rows.require_online(cluster)
    born = parse(cluster["created_at"])
    hour, minute = _time_of_day(cluster)
    return {
        "backups": [
            {"created_at": world.timestamp(moment), "size_gigabytes": _size((moment - born).days)}
            for moment in taken(world, cluster)
        ],
        "scheduled_backup_time": {
            "backup_hour": hour,
            "backup_minute": minute,
            "backup_interval_hours": 24,
        },
    }
