# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert policies held against what is measured: of Droplets and database clusters their processor, memory and disk, of
load balancers the errors and times of the last minute, and how busy they are.

Of the types in ``NOT_MEASURED`` nothing is known here: such a policy never fires. That the share of errors is meant by
their "increase", and that times are milliseconds, is a guess.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator

from localcloud import JSON
from localcloud.resources.autoscale_pools import scaling
from localcloud.resources.databases import exporter
from localcloud.resources.databases.rows import clusters
from localcloud.resources.droplets import rows as droplets
from localcloud.resources.load_balancers import rows as load_balancers
from localcloud.resources.monitoring import sink
from localcloud.resources.monitoring.policies import TABLE
from localcloud.world.world import World

COMPARES = {"GreaterThan": operator.gt, "LessThan": operator.lt}
# Type of a policy → what it is about.
OF_DROPLETS = {"v1/insights/droplet/cpu": "cpu", "v1/insights/droplet/memory_utilization_percent": "memory"}
OF_CLUSTERS = {
    "v1/dbaas/alerts/cpu_alerts": "cpu",
    "v1/dbaas/alerts/memory_utilization_alerts": "memory",
    "v1/dbaas/alerts/disk_utilization_alerts": "disk",
}
_LB = "v1/insights/lbaas/"
OF_LOAD_BALANCERS = {
    f"{_LB}increase_in_http_error_rate_percentage_5xx": "5xx",
    f"{_LB}increase_in_http_error_rate_percentage_4xx": "4xx",
    f"{_LB}high_http_request_response_time": "mean",
    f"{_LB}avg_cpu_utilization_percent": "cpu",
    f"{_LB}connection_utilization_percent": "connections",
    **{f"{_LB}high_http_request_response_time_{point}": point for point in ("50p", "95p", "99p")},
}
NOT_MEASURED = {
    *(f"v1/insights/droplet/{name}" for name in ("disk_read", "disk_write", "disk_utilization_percent")),
    *(f"v1/insights/droplet/load_{minutes}" for minutes in (1, 5, 15)),
    *(
        f"v1/insights/droplet/{side}_{way}_bandwidth"
        for side in ("public", "private")
        for way in ("inbound", "outbound")
    ),
    *(f"{_LB}increase_in_http_error_rate_count_{kind}" for kind in ("4xx", "5xx")),
    *(f"{_LB}{name}" for name in ("droplet_health", "tls_connections_per_second_utilization_percent")),
    "v1/dbaas/alerts/load_15_alerts",
}
# Below it are those of autoscale pools, of which nobody is told here either.
OF_POOLS = "v1/droplet/autoscale_alerts/"


def judge(world: World) -> None:
    """All of them as it is now; each entity of a policy fires for itself."""
    for policy in world.table(TABLE).everything():
        measured = dict(_measured(world, policy)) if policy["enabled"] else {}
        known = policy.setdefault("_entities", {})
        for entity in known.keys() - measured.keys():
            # It has gone, or is no longer looked at: that is no news for anybody.
            del known[entity]
        for entity, value in measured.items():
            _judge(world, policy, entity, known.setdefault(entity, {}), value)


def known(world: World) -> set[str]:
    """The ids under which they are told."""
    policies = world.table(TABLE).everything()
    return {_id(policy, entity) for policy in policies for entity in policy.get("_entities", {})}


def _id(policy: JSON, entity: str) -> str:
    return f"{policy['uuid']} {entity}"


def _judge(world: World, policy: JSON, entity: str, state: JSON, value: float) -> None:
    about = {
        "id": _id(policy, entity),
        "name": policy["description"],
        "type": policy["type"],
        "about": entity,
        "value": round(value, 1),
        "threshold": policy["value"],
        "period": policy["window"],
        "told": sink.told_to(policy["alerts"]),
    }
    sink.judge(world, state, COMPARES[policy["compare"]](value, policy["value"]), policy["window"], about)


def _measured(world: World, policy: JSON) -> Iterator[tuple[str, float]]:
    """Name of each thing that it is about → per cent, or milliseconds."""
    entities, tags = set(policy["entities"]), set(policy["tags"])
    if part := OF_DROPLETS.get(policy["type"]):
        for row in droplets.droplets(world).everything():
            if row["status"] == "active" and (str(row["id"]) in entities or tags & set(row["tags"])):
                yield row["name"], 100 * scaling.used(world)[part]
    elif part := OF_CLUSTERS.get(policy["type"]):
        for cluster in clusters(world).everything():
            if cluster["id"] in entities:
                yield cluster["name"], exporter.used(world, cluster)[part]
    elif part := OF_LOAD_BALANCERS.get(policy["type"]):
        for row in load_balancers.table(world).everything():
            traffic = world.plane.figures(load_balancers.software(row))
            if row["id"] in entities and part in traffic:
                yield row["name"], traffic[part]
