# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables behind the operations, and the refusals that many of them share.

``databases`` holds clusters and read replicas (a replica is a cluster of its own to the API [M]: it has an id, answers
``GET /v2/databases/{id}`` and has its own trusted sources). Users, logical databases and pools are rows of their own,
``<cluster id>/<name>``, so that each can be late on its own after a write (eventual consistency).
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.routing import Request
from localcloud.resources.databases.catalogue import POSTGRESQL
from localcloud.world.table import Table
from localcloud.world.world import World

CLUSTERS, USERS, DBS, POOLS, EVENTS, LOGSINKS = (
    "databases",
    "database_users",
    "database_dbs",
    "database_pools",
    "database_events",
    "database_logsinks",
)
PARTS = (USERS, DBS, POOLS, EVENTS, LOGSINKS)

# Seen on the real API for pools of MySQL and for user settings of MySQL [M]; the same words elsewhere are a guess.
UNSUPPORTED = "operation is not supported for this cluster type"
# Replicas and backups are known to answer 412 too early [G]; the words, and 412 for other writes, are a guess.
NOT_ONLINE = "cluster is not online: its status is {status}"


def clusters(world: World) -> Table:
    return world.table(CLUSTERS)


def cluster(request: Request) -> JSON:
    """The cluster or replica of the path; 404 when there is none."""
    return request.row(CLUSTERS, "database_cluster_uuid")


def by_name(world: World, name: str) -> JSON | None:
    """The true cluster or replica of that name: the two share one name space [M]."""
    return next((row for row in clusters(world).everything() if row["name"] == name), None)


def require_engine(found: JSON, *engines: str) -> JSON:
    if found["engine"] not in engines:
        raise ApiError(422, UNSUPPORTED)
    return found


def require_online(found: JSON) -> JSON:
    if found["status"] != "online":
        raise ApiError(412, NOT_ONLINE.format(status=found["status"]))
    return found


def require_primary(found: JSON) -> JSON:
    """Users, databases, pools, config and so on belong to the primary, not to its replicas [?]."""
    if found.get("_primary"):
        raise ApiError(422, UNSUPPORTED)
    return found


def sql(request: Request, *, write: bool = False) -> JSON:
    """The cluster of the path, which must be a PostgreSQL primary, and online for a write."""
    found = require_primary(require_engine(cluster(request), *POSTGRESQL))
    return require_online(found) if write else found


def replicas_of(world: World, cluster_id: str, *, true_rows: bool = False) -> list[JSON]:
    table = clusters(world)
    rows = table.everything() if true_rows else table.all()
    return [row for row in rows if row.get("_primary") == cluster_id]


def becoming(cluster: JSON) -> JSON:
    """It with what it is being changed to: what runs is so before the record tells that the change is done."""
    return {**cluster, **cluster.get("_becomes", {})}


# -- rows below a cluster ------------------------------------------------------------------------------------------


def parts(world: World, table: str, cluster_id: str, *, true_rows: bool = False) -> list[JSON]:
    rows = world.table(table).everything() if true_rows else world.table(table).all()
    return [row for row in rows if row["_cluster"] == cluster_id]


def part(world: World, table: str, cluster_id: str, name: str) -> JSON:
    """The row as a client may see it; 404 when there is none."""
    found = world.table(table).get(f"{cluster_id}/{name}")
    if found is None:
        raise not_found()
    return found


def true_part(world: World, table: str, cluster_id: str, name: str) -> JSON | None:
    return world.table(table).peek(f"{cluster_id}/{name}")


def add_part(world: World, table: str, cluster_id: str, record: JSON) -> JSON:
    row = {"_cluster": cluster_id, "_created_at": world.timestamp(), **record}
    return world.table(table).insert(f"{cluster_id}/{row['name']}", row)


def drop_part(world: World, table: str, cluster_id: str, name: str) -> None:
    world.table(table).delete(f"{cluster_id}/{name}")


def drop_parts(world: World, cluster_id: str) -> None:
    for table in PARTS:
        for id, row in world.table(table).items():
            if row["_cluster"] == cluster_id:
                world.table(table).delete(id)


# -- small things that several need --------------------------------------------------------------------------------

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def new_password(world: World) -> str:
    """``AVNS_`` and 19 characters, as the service makes them; safe in a URL."""
    return "AVNS_" + "".join(world.random.choices(_ALPHABET, k=19))


def note(world: World, cluster: JSON, event_type: str) -> None:
    """Add an event of the cluster. ``event_type`` is one of the enum of the API description."""
    id = "".join(world.random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=8))
    world.table(EVENTS).insert(
        f"{cluster['id']}/{id}",
        {
            "_cluster": cluster["id"],
            "id": id,
            "cluster_name": cluster["name"],
            "event_type": event_type,
            "create_time": world.timestamp(),
        },
    )
