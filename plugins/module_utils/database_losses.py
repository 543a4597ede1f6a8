# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes with a database cluster when it is deleted, and who would miss it: asked by its id, right before."""
from __future__ import annotations

from collections.abc import Callable

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.client import Api, Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.kinds import (
    APP,
    DATABASE_BACKUP,
    DATABASE_CLUSTER,
    DATABASE_DB,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.promises import Promise

# Engines that hold nothing which somebody would restore: the API makes no backups of them.
CACHES = frozenset({"valkey", "redis"})
# Engines whose databases and backups the API lists; of all others it cannot be known what they hold.
LISTED = frozenset({"pg", "advanced_pg", "mysql", "advanced_mysql"})
DEFAULT_DATABASE = "defaultdb"


def held(api: Api, cluster: Data) -> str:
    """What would be lost, to continue "it holds …"; "" when the API says that there is nothing.

    A cluster that is younger than its first backup, and has no database beside the one it was born with, counts as
    empty.
    """
    engine, key = str(cluster.get("engine")), str(cluster["id"])
    if engine in CACHES:
        return ""
    if engine not in LISTED:
        return "data"
    found = api.gather({kind.many: _rows(api, DATABASE_CLUSTER.location(key), kind.many)
                        for kind in (DATABASE_DB, DATABASE_BACKUP)})
    names = sorted(str(row.get("name")) for row in found["dbs"] if row.get("name") != DEFAULT_DATABASE)
    backups = sorted(str(row.get("created_at")) for row in found["backups"])
    told = [f"the database{'s' * (len(names) > 1)} {', '.join(names)}"] if names else []
    if backups:
        told.append(f"{len(backups)} backup{'s' * (len(backups) > 1)}, the newest of {backups[-1]}, which go with it")
    return " and ".join(told)


def _rows(api: Api, location: str, key: str) -> Callable[[], list[Data]]:
    return lambda: list(api.get(f"{location}/{key}", Promise(key, list))[key])


def users(api: Api, cluster: Data) -> list[str]:
    """The names of the apps that have it in their spec."""
    apps = api.rows(APP.path, APP.many, APP.tells, fresh=True)
    specs = [app["spec"] for app in apps if isinstance(app["spec"], dict)]
    return sorted(str(spec.get("name")) for spec in specs
                  if cluster["name"] in [database.get("cluster_name") for database in spec.get("databases") or []])
