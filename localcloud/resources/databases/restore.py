# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new cluster from the backup of another one: same users and databases, everything around them new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import public
from localcloud.resources.databases import backups, fields, rows
from localcloud.resources.databases.catalogue import POSTGRESQL
from localcloud.world.clock import parse
from localcloud.world.world import World


@dataclass(frozen=True)
class Source:
    """``moment`` None: as it is now, from the newest backup and the log since."""

    cluster: JSON
    moment: datetime | None


def source(world: World, body: JSON, engine: str) -> Source | None:
    """What ``backup_restore`` names, checked; None without it. The words are a guess."""
    wanted = fields.part(body, "backup_restore")
    if not wanted:
        return None
    if engine not in POSTGRESQL:
        raise ApiError(422, rows.UNSUPPORTED)
    name = fields.text(wanted, "database_name")
    cluster = rows.by_name(world, name)
    if cluster is None or cluster.get("_primary"):
        raise ApiError(422, f"invalid backup restore: there is no database cluster {name}")
    if cluster["engine"] != engine:
        raise ApiError(422, f"invalid backup restore: {name} is {cluster['engine']}, not {engine}")
    if not backups.taken(world, cluster):
        raise ApiError(412, f"database cluster {name} has no backup yet")
    given = fields.text(wanted, "backup_created_at", "")
    if not given:
        return Source(cluster, None)
    try:
        moment = backups.at(world, cluster, parse(given))
    except ValueError:
        raise ApiError(422, f"invalid backup restore: {given} is not a time") from None
    if moment is None:
        raise ApiError(422, f"invalid backup restore: {name} has no backup of {given}")
    return Source(cluster, moment)


def check(found: Source | None, version: str) -> int:
    """The least disk in MiB; 422 for a version below that of the backup."""
    if found is None:
        return 0
    if int(version) < int(found.cluster["version"]):
        raise ApiError(422, f"invalid cluster engine version: the backup is of version {found.cluster['version']}")
    least: int = found.cluster["storage_size_mib"]
    return least


def fill(world: World, cluster: JSON, found: Source) -> None:
    """Copy the databases and users of that moment: users keep their passwords, the admin gets a new one [?].

    ``_source`` tells the software which data it begins with, where there is any.
    """
    if found.cluster.get("_at"):
        moment = world.timestamp(found.moment) if found.moment else ""
        cluster["_source"] = {"id": found.cluster["id"], "moment": moment}
    for table in (rows.DBS, rows.USERS):
        for row in rows.parts(world, table, found.cluster["id"], true_rows=True):
            late = found.moment is not None and parse(row["_created_at"]) > found.moment
            if late or rows.true_part(world, table, cluster["id"], row["name"]):
                continue
            rows.add_part(world, table, cluster["id"], public(row))
