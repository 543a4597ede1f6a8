# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The monthly bill of what is in an account: a line as bill.py has them for each thing, with `kind`, `called` and `id`.

Droplets tell their price, sizes of apps are the API's, all other prices are from prices.py. Not in it, as the API does
not tell them with the things: read replicas, backups and volumes of Droplets, registries' tiers, traffic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.account import things
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import (
    app_sizes,
    bill_line,
    database_line,
    instances_line,
    storage_line,
)

POSTGRESQL = ("pg", "advanced_pg")
ENGINES = {"pg": "PostgreSQL", "advanced_pg": "PostgreSQL", "valkey": "Valkey"}
# Components of an app that run all the time.
RUNNING = ("services", "workers")


def bill_there(found: Data, known: Data, instance_sizes: list[Data]) -> list[Data]:
    """A line for each thing that costs something, and one for what all of a kind cost together; `id` is "" there."""
    sizes = app_sizes(instance_sizes, known)
    lines = [
        {**line, "kind": thing["kind"], "called": thing["called"], "id": thing["id"]}
        for thing in things(found)
        for line in _EACH.get(thing["kind"], _nothing)(thing["row"], known, sizes)
    ]
    if buckets := len(found.get(kinds.SPACES_BUCKET.plural) or []):
        words = "1 bucket" if buckets == 1 else f"{buckets} buckets"
        line = bill_line("Spaces + CDN", words, ("spaces",), known["spaces"])
        lines.append({**line, "kind": kinds.SPACES_BUCKET.name, "called": "", "id": ""})
    return lines


def without_free(lines: list[Data], ours: set[tuple[str, str]]) -> list[Data]:
    """Without the uptime check that an account has for free: one that is not in `ours` (kind, id), if there is any."""
    checks = [line for line in lines if line["kind"] == kinds.UPTIME_CHECK.name]
    free = sorted(checks, key=lambda line: (line["kind"], line["id"]) in ours)[:1]
    return [line for line in lines if line not in free]


def _nothing(_row: Data, _known: Data, _sizes: dict[str, float]) -> Iterator[Data]:
    return iter(())


def _app(row: Data, _known: Data, sizes: dict[str, float]) -> Iterator[Data]:
    spec = row.get("spec") or {}
    for component in [component for part in RUNNING for component in spec.get(part) or []]:
        size, count = str(component.get("instance_size_slug") or ""), int(component.get("instance_count") or 1)
        yield instances_line("App Platform", size, count, component.get("autoscaling") or {}, sizes)


def _cluster(row: Data, known: Data, _sizes: dict[str, float]) -> Iterator[Data]:
    engine, size, nodes = str(row["engine"]), str(row["size"]), int(row["num_nodes"])
    item = ENGINES.get(engine, engine)
    yield database_line(item, engine, size, nodes, known)
    mib = int(row.get("storage_size_mib") or 0)
    storage = storage_line(f"{item} storage", engine, size, nodes, mib, known) if engine in POSTGRESQL else None
    if storage:
        yield storage


def _droplet(row: Data, _known: Data, _sizes: dict[str, float]) -> Iterator[Data]:
    usd = row.get("price_monthly")
    yield bill_line("Droplet", str(row.get("size")), ("droplet",), None if usd is None else float(usd))


def _load_balancer(row: Data, known: Data, _sizes: dict[str, float]) -> Iterator[Data]:
    type_, nodes = str(row.get("type") or "REGIONAL"), int(row.get("size_unit") or 1)
    each = known["load_balancer"].get(type_)
    detail = f"{nodes} × {type_}"
    yield bill_line("Load balancer", detail, ("load_balancer", type_), None if each is None else nodes * each)


def _reserved_ip(row: Data, known: Data, _sizes: dict[str, float]) -> Iterator[Data]:
    if not row.get("droplet"):
        region = str((row.get("region") or {}).get("slug") or "")
        yield bill_line("Reserved address", region, ("reserved_ip",), known["reserved_ip"])


def _uptime_check(row: Data, known: Data, _sizes: dict[str, float]) -> Iterator[Data]:
    yield bill_line("Uptime checks", str(row.get("type") or "check"), ("uptime_check",), known["uptime_check"])


def _image(row: Data, known: Data, _sizes: dict[str, float]) -> Iterator[Data]:
    """Backups are a part of their Droplet's price."""
    gib = float(row.get("size_gigabytes") or 0)
    if row.get("type") == "snapshot":
        yield bill_line("Snapshot", f"{gib:g} GiB", ("snapshot_gib",), gib * known["snapshot_gib"])


_EACH: dict[str, Callable[[Data, Data, dict[str, float]], Iterator[Data]]] = {
    kinds.APP.name: _app,
    kinds.DATABASE_CLUSTER.name: _cluster,
    kinds.DROPLET.name: _droplet,
    kinds.LOAD_BALANCER.name: _load_balancer,
    kinds.RESERVED_IP.name: _reserved_ip,
    kinds.UPTIME_CHECK.name: _uptime_check,
    kinds.IMAGE.name: _image,
}
