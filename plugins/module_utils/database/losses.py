# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes with a database cluster when it is deleted, and who would miss it: asked by its id, right before."""

from __future__ import annotations

from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api, Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.editions import ADVANCED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotTheApi
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import CACHES, DEFAULT_DATABASE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP, DATABASE_BACKUP, DATABASE_DB

# Engines whose databases and backups the API lists; of all others it cannot be known what they hold.
LISTED = frozenset({*ADVANCED, *ADVANCED.values()})


def held(api: Api, cluster: Data) -> str:
    """What would be lost, to continue "it holds …"; "" when the API says that there is nothing.

    A cluster that is younger than its first backup, and has no database beside the one it was born with, counts as
    empty; so does one that is still being created, of which the API tells nothing yet.
    """
    engine, key = str(cluster.get("engine")), str(cluster["id"])
    if engine in CACHES or cluster.get("status") == "creating":
        return ""
    if engine not in LISTED:
        return "data"
    found = api.gather(
        {
            kind.many: partial(api.rows, kind.collection(key), kind.many, kind.tells, fresh=True)
            for kind in (DATABASE_DB, DATABASE_BACKUP)
        }
    )
    names = sorted(str(row["name"]) for row in found["dbs"] if row["name"] != DEFAULT_DATABASE)
    backups = sorted(str(row["created_at"]) for row in found["backups"])
    told = [f"the database{'s' * (len(names) > 1)} {', '.join(names)}"] if names else []
    if backups:
        told.append(f"{len(backups)} backup{'s' * (len(backups) > 1)}, the newest of {backups[-1]}, which go with it")
    return " and ".join(told)


def users(api: Api, cluster: Data) -> list[str]:
    """The names of the apps that have it in their spec."""
    return sorted(
        str(app["spec"].get("name"))
        for app in api.rows(APP.path, APP.many, APP.tells, fresh=True)
        if cluster["name"] in _clusters(app["spec"], api.url)
    )


def _clusters(spec: Any, url: str) -> list[Any]:
    databases = spec.get("databases") or [] if isinstance(spec, dict) else None
    if not isinstance(databases, list) or not all(isinstance(database, dict) for database in databases):
        raise NotTheApi(f"{url} answered 200 with an app whose spec is none", status=200, path=APP.path)
    return [database.get("cluster_name") for database in databases]
