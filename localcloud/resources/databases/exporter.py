# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ``metrics_endpoints`` of clusters tell: text for Prometheus, behind basic authentication.

The real ones answer on port 9273 of each node. Nothing of localcloud has such hosts, so each is a path of its own here;
``DATABASE_METRICS_URL`` says where. How busy a cluster is, is said by ``PUT utilization``; else it is as
its software was seen to be, and where none runs, figures are made up but steady. The names are Telegraf's [?].
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.routing import Reply, Request, operation
from localcloud.ports.shared import Shared, env_source
from localcloud.resources.databases import endpoints, metrics, rows
from localcloud.resources.databases.catalogue import cache_bytes
from localcloud.world.world import World

UTILIZATION = "utilization"
# Per cent that a cluster uses of which nobody has said how busy it is: the least, and how much more by its name.
_IDLE = {"cpu": (3, 10), "memory": (35, 20), "disk": (10, 15), "connections": (10, 20), "cache": (15, 25)}
# Of the figures of a server that runs, the connections to each database.
BACKENDS = "backends/"
_COUNTED = {"hits": 900.0, "misses": 100.0, "evicted": 0.0}


@env_source
def env(shared: Shared) -> dict[str, str]:
    return {"DATABASE_METRICS_URL": f"{shared.urls['api']}/database-metrics/{{host}}"}


@operation("GET", "/database-metrics/{host}", public=True, contract=False)
def read(request: Request) -> Reply:
    """401 for other credentials than the account's, 404 for who is no node, 503 while it is not there yet."""
    own = metrics.credentials(request.world)
    wanted = f"{own['basic_auth_username']}:{own['basic_auth_password']}".encode()
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), b"Basic " + base64.b64encode(wanted)):
        raise ApiError(401, "Unauthorized", headers={"www-authenticate": "Basic"})
    for cluster in rows.clusters(request.world).everything():
        nodes = [endpoint.host for endpoint in endpoints.metrics(cluster)]
        if request.params["host"] in nodes:
            if cluster["status"] in ("creating", "forking"):
                raise ApiError(503, "Service Unavailable")
            body = text(request.world, cluster)
            return Reply(raw=body.encode(), headers={"content-type": "text/plain; version=0.0.4"})
    raise not_found()


def used(world: World, cluster: JSON) -> dict[str, float]:
    """Per cent of each part, and what is counted: as somebody said, as it is, or as its name has it."""
    found = dict(_COUNTED)
    for part, (least, more) in _IDLE.items():
        load = hashlib.sha256(f"{cluster['name']}/{part}".encode()).digest()[0] / 255
        found[part] = least + more * load
    said = _said(world, cluster)
    measured = world.plane.figures(endpoints.software(cluster))
    return {**found, **measured, **{part: float(value) for part, value in said.items() if part in found}}


def disk_scale(world: World, cluster: JSON) -> float:
    """Which part of its disk there is here, so that it can be filled."""
    scale: float = _said(world, cluster).get("disk_scale", 1)
    return scale


def text(world: World, cluster: JSON) -> str:
    use = used(world, cluster)
    lines = [
        ("cpu_usage_idle", '{cpu="cpu-total"}', 100 - use["cpu"]),
        ("mem_available_percent", "", 100 - use["memory"]),
        ("disk_used_percent", '{path="/data"}', use["disk"]),
    ]
    gib = int(cluster["size"].rsplit("-", 1)[-1].removesuffix("gb"))
    if cluster["engine"] == "valkey":
        most = cache_bytes(cluster["size"])
        lines += [
            ("redis_maxmemory", "", most),
            ("redis_used_memory", "", most * use["cache"] / 100),
            ("redis_clients", "", round(use["connections"])),
            ("redis_keyspace_hits", "", round(use["hits"])),
            ("redis_keyspace_misses", "", round(use["misses"])),
            ("redis_evicted_keys", "", round(use["evicted"])),
        ]
    else:
        backends = _backends(world, cluster, round((25 * gib - 3) * use["connections"] / 100))
        lines += [("postgresql_numbackends", f'{{db="{name}"}}', count) for name, count in sorted(backends.items())]
    told: list[str] = []
    for name, labels, value in lines:
        head = f"# TYPE {name} gauge"
        told += [*([head] if head not in told else []), f"{name}{labels} {value}"]
    return "\n".join(told) + "\n"


def _backends(world: World, cluster: JSON, assumed: int) -> dict[str, int]:
    """Database → connections: as it is, unless somebody has said how many there are, or nothing runs."""
    figures = world.plane.figures(endpoints.software(cluster))
    real = {name[len(BACKENDS) :]: round(count) for name, count in figures.items() if name.startswith(BACKENDS)}
    if real and "connections" not in _said(world, cluster):
        return real
    return {"defaultdb": 1, "fisioflow": max(0, assumed - 1)}


def _said(world: World, cluster: JSON) -> JSON:
    return world.table(UTILIZATION).peek(f"cluster {cluster['name']}") or {}
