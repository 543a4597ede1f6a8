# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes a whole cluster and takes its time: resize, upgrade, migrate.

What was asked for shows when it is done, not before [?]; meanwhile the status tells [S].
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import clusters, fields, rows, sizing, standard
from localcloud.resources.databases.catalogue import OPTIONS, POSTGRESQL
from localcloud.world.world import World, duration, timer

duration("database.resize", 300.0)
duration("database.upgrade", 420.0)
duration("database.migrate", 900.0)


def _start(world: World, cluster: JSON, status: str, wait: str, changes: JSON) -> None:
    cluster["status"] = status
    cluster["_becomes"] = changes
    world.after(wait, "databases.changed", id=cluster["id"], changes=changes)
    rows.note(world, cluster, "cluster_update")


@timer("databases.changed")
def _changed(world: World, id: str, changes: JSON) -> None:
    cluster = rows.clusters(world).peek(id)
    if cluster is not None:
        cluster.pop("_becomes", None)
        cluster.update({**changes, "status": "online"})


@operation("PUT", f"{clusters.ONE}/resize", scope="database:update", status=202)
def resize(request: Request) -> None:
    """Size, nodes and disk in one. Without a disk size it stays, or grows to the base of the new size [G].

    Nodes never get smaller [D]; there may be fewer of them.
    """
    cluster = rows.require_online(rows.cluster(request))
    body = request.json
    size, nodes = fields.text(body, "size"), fields.whole(body, "num_nodes")
    sizing.check_layout(cluster["engine"], nodes, size)
    sizing.check_growth(size, cluster["size"])
    primary_id = cluster.get("_primary")
    if primary_id and nodes != 1:
        raise ApiError(422, "invalid node count")
    standard.check_existing(rows.clusters(request.world)[primary_id] if primary_id else cluster, nodes, size)
    wanted = fields.whole(body, "storage_size_mib", 0)
    if cluster["engine"] in POSTGRESQL:
        storage = sizing.check_storage(cluster["engine"], size, wanted, cluster["storage_size_mib"])
    else:
        storage = sizing.check_storage(cluster["engine"], size, wanted)
    changes = {"size": size, "num_nodes": nodes, "storage_size_mib": storage}
    _start(request.world, cluster, "resizing", "database.resize", changes)


@operation("PUT", f"{clusters.ONE}/upgrade", scope="database:update", status=204)
def upgrade(request: Request) -> None:
    """Only to a higher version that is on offer. There is no status for it [S]; ``migrating`` is a guess."""
    cluster = rows.require_online(rows.require_primary(rows.cluster(request)))
    version = fields.text(request.json, "version")
    offered = OPTIONS[cluster["engine"]]["versions"]
    if version not in offered or int(version) <= int(cluster["version"]):
        raise ApiError(422, "invalid cluster engine version")
    _start(request.world, cluster, "migrating", "database.upgrade", {"version": version})


@operation("PUT", f"{clusters.ONE}/migrate", scope="database:update", status=202)
def migrate(request: Request) -> None:
    """To another region, there into its default VPC or into ``private_network_uuid``, which the Go client has [G]."""
    cluster = rows.require_online(rows.require_primary(rows.cluster(request)))
    region = fields.text(request.json, "region")
    sizing.check_region(cluster["engine"], region)
    if region == cluster["region"]:
        raise ApiError(422, f"the cluster is already in region '{region}'")
    network = clusters.network(request.world, fields.text(request.json, "private_network_uuid", ""), region)
    changes = {"region": region, "private_network_uuid": network}
    _start(request.world, cluster, "migrating", "database.migrate", changes)
