# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How clusters and users look to a token."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.auth import Token
from localcloud.ports.pages import public
from localcloud.resources.databases import catalogue, endpoints, rows
from localcloud.resources.databases.connections import VIEW, connection, seen_by
from localcloud.resources.projects import project_of
from localcloud.world.world import World

ADMINS = {"pg": "doadmin", "advanced_pg": "doadmin", "valkey": "default"}
DEFAULT_DB = {"pg": "defaultdb", "advanced_pg": "defaultdb", "valkey": ""}

# Fields that need a second scope; without it they are left out [S].
GUARDED = {"private_network_uuid": "vpc:read", "tags": "tag:read", "project_id": "project:read"}


def urn(cluster: JSON) -> str:
    return f"do:dbaas:{cluster['id']}"


def home(cluster: JSON) -> str:
    """The id under which users and databases are kept: a replica has those of its primary."""
    primary: str = cluster.get("_primary") or cluster["id"]
    return primary


def admin(world: World, cluster: JSON) -> tuple[str, str]:
    """Name and password of the default user."""
    name = ADMINS[cluster["engine"]]
    row = rows.true_part(world, rows.USERS, home(cluster), name)
    return name, row["password"] if row else ""


def user(row: JSON, token: Token) -> JSON:
    """A password only with ``database:view_credentials`` [S]."""
    shown: JSON = public(row)
    if not token.allows(VIEW):
        shown.pop("password", None)
    return shown


def connections(world: World, cluster: JSON, token: Token) -> JSON:
    """``connection``, ``private_connection`` and, with standbys, the same two for them [S]."""
    name, password = admin(world, cluster)
    found: JSON = {}
    for standby in (False, True) if cluster["num_nodes"] > 1 else (False,):
        for private in (False, True):
            key = ("standby_" if standby else "") + ("private_" if private else "") + "connection"
            database = DEFAULT_DB[cluster["engine"]]
            made = connection(cluster, name, password, database, private=private, standby=standby)
            found[key] = seen_by(token, made)
    return found


def cluster(world: World, row: JSON, token: Token) -> JSON:
    shown: JSON = public(row)
    shown["semantic_version"] = catalogue.SEMANTIC[row["engine"]][row["version"]]
    shown.update(catalogue.end_of(row["engine"], row["version"]))
    shown.update(connections(world, row, token))
    # Valkey has neither users nor databases to manage; null rather than an empty list is a guess.
    has_parts = row["engine"] in catalogue.POSTGRESQL
    users = rows.parts(world, rows.USERS, home(row))
    shown["users"] = [user(item, token) for item in users] if has_parts else None
    shown["db_names"] = [item["name"] for item in rows.parts(world, rows.DBS, home(row))] if has_parts else None
    shown["metrics_endpoints"] = [{"host": at.host, "port": at.port} for at in endpoints.metrics(row)]
    shown["tags"] = row["tags"] or None
    project = project_of(world, urn(row))
    if project:
        shown["project_id"] = project
    return visible(shown, token)


def visible(shown: JSON, token: Token) -> JSON:
    """Without what the token may not see."""
    return {key: value for key, value in shown.items() if key not in GUARDED or token.allows(GUARDED[key])}
