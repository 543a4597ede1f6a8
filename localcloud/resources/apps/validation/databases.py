# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Database components: the managed cluster, database and user that they name must be there."""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps.validation.errors import invalid, objects, one_of, text
from localcloud.resources.databases import rows
from localcloud.world.world import World

# The app spec's words for engines → those of /v2/databases.
ENGINES = {
    "MYSQL": ("mysql", "advanced_mysql"),
    "PG": ("pg", "advanced_pg"),
    "REDIS": ("redis",),
    "MONGODB": ("mongodb",),
    "KAFKA": ("kafka",),
    "OPENSEARCH": ("opensearch",),
    "VALKEY": ("valkey",),
}
SQL = ("PG", "MYSQL")
# What App Platform provisions itself, for development.
DEVELOPMENT = ("PG", "VALKEY")


def check_databases(world: World, spec: JSON) -> None:
    for database in objects(spec, "databases", "databases"):
        engine = one_of(database, "engine", "databases.engine", ("UNSET", *ENGINES))
        name = database["name"]
        if database.get("production"):
            _check_production(world, name, engine, database)
        elif not text(database, "cluster_name", "databases.cluster_name") and engine not in DEVELOPMENT:
            on_offer = " or ".join(DEVELOPMENT)
            raise invalid("databases.engine", f'database "{name}": a development database runs {on_offer} only')


def _check_production(world: World, name: str, engine: str, database: JSON) -> None:
    cluster_name = text(database, "cluster_name", "databases.cluster_name")
    if not cluster_name:
        raise invalid("databases.cluster_name", f'database "{name}": is required for a production database')
    cluster = rows.by_name(world, cluster_name)
    if cluster is None:
        raise invalid("databases.cluster_name", f'database "{name}": there is no database cluster "{cluster_name}"')
    if engine in ENGINES and cluster["engine"] not in ENGINES[engine]:
        raise invalid("databases.engine", f'database "{name}": the cluster "{cluster_name}" runs {cluster["engine"]}')
    for key, table, what in (("db_name", rows.DBS, "database"), ("db_user", rows.USERS, "user")):
        value = text(database, key, f"databases.{key}")
        if not value:
            continue
        if engine in ENGINES and engine not in SQL:
            raise invalid(f"databases.{key}", f'database "{name}": is for MYSQL and PG only')
        if rows.true_part(world, table, cluster["id"], value) is None:
            missing = f'the cluster "{cluster_name}" has no {what} "{value}"'
            raise invalid(f"databases.{key}", f'database "{name}": {missing}')
