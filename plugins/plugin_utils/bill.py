# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The monthly bill of what is planned; what is there has one in bill_there.py, of the same lines.

Prices of app instances come from the API (`usd_per_month` of an instance size), all others from prices.py.
"""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import (
    INCLUDED_DISK,
    connection_limit,
    memory_gib,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.prices import prices


def pool_size(size: str, direct: int = 0) -> int:
    """Connections that a pool may take when `direct` are left to clients that bypass it; never under 1."""
    return max(1, connection_limit(size) - int(direct))


def bill_line(item: str, detail: str, price: tuple[str, ...], least: float | None, most: float | None = None) -> Data:
    """`price` says where in `preflight_prices` it is, or would be."""
    most = least if most is None else most
    usd, usd_max = (None if value is None else round(value, 2) for value in (least, most))
    return {"item": item, "detail": detail, "usd": usd, "usd_max": usd_max, "price": price}


def database_line(item: str, engine: str, size: str, nodes: int, known: Data) -> Data:
    each = known[engine].get(size) if isinstance(known.get(engine), dict) else None
    return bill_line(item, f"{nodes} × {size}", (engine, size), None if each is None else nodes * each)


def instances_line(item: str, size: str, count: int, scaling: Data, sizes: dict[str, float], most: int = 0) -> Data:
    """`count` instances of an app's component, or as many as it scales to; `most`: as memory may lead to."""
    least = int(scaling.get("min_instance_count") or count or 1)
    most = max(int(scaling.get("max_instance_count") or least), most)
    detail = f"{least if least == most else f'{least} to {most}'} × {size}"
    each = sizes.get(size)
    costs = (None, None) if each is None else (least * each, most * each)
    return bill_line(item, detail, ("app", size), *costs)


def storage_line(item: str, engine: str, size: str, nodes: int, mib: int, known: Data) -> Data | None:
    """What is ordered beyond the size's own; how much that is, is not known of the Advanced edition, so all counts."""
    included = INCLUDED_DISK.get(memory_gib(size), 0) if engine == "pg" else 0
    extra, each = mib // 1024 - included, known.get(f"{engine}_storage_gib")
    if extra <= 0:
        return None
    cost = None if each is None else nodes * extra * each
    detail = f"{extra} GiB more" if nodes == 1 else f"{nodes} × {extra} GiB more"
    return bill_line(item, detail, (f"{engine}_storage_gib",), cost)


def app_sizes(instance_sizes: list[Data] | None, known: Data) -> dict[str, float]:
    """Prices of an app's instances, those of the API first."""
    of_api = {row["slug"]: float(row["usd_per_month"]) for row in instance_sizes or [] if row.get("usd_per_month")}
    return {**known["app"], **of_api}


def _edge(inputs: Data, known: Data) -> list[tuple[str, Data]]:
    """The load balancer and its proxies; App Platform's own ingress costs nothing."""
    if inputs.get("edge_mode") != "load_balancer" or not inputs.get("edge_domains"):
        return []
    nodes, size = int(inputs.get("edge_nodes") or 1), str(inputs.get("edge_proxy_size"))
    least, most = (int(inputs.get(f"edge_proxies_{bound}") or 1) for bound in ("min", "max"))
    node, each = known["load_balancer"]["REGIONAL"], known["droplet"].get(size)
    costs = (None, None) if each is None else (least * each, most * each)
    count = least if least == most else f"{least} to {most}"
    return [
        ("edge", bill_line("Load balancer", f"{nodes} × node", ("load_balancer", "REGIONAL"), nodes * node)),
        ("edge", bill_line("Edge proxies", f"{count} × {size}", ("droplet", size), *costs)),
    ]


def monthly_bill(inputs: Data, instance_sizes: list[Data] | None = None, checks: list[Data] | None = None) -> Data:
    """What the inputs of the roles cost a month. `instance_sizes` are the API's, with their prices; `checks` the uptime
    checks of the account, of which one is free.

    Returns `{lines: [{item, detail, usd, usd_max, price}], total, total_max, unpriced: [text]}` in US dollars; `usd`
    is None where no price is known, and so are the totals then. `usd_max` differs where autoscaling may add instances.
    """
    return bill_totals([line for _part, line in _lines(inputs, instance_sizes, checks)])


def bill_before(
    inputs: Data, there: Data, instance_sizes: list[Data] | None = None, checks: list[Data] | None = None
) -> Data:
    """What is there costs a month, as `monthly_bill` has it.

    `there` holds for `app`, `postgresql`, `valkey`, `spaces` and `monitoring` those inputs of the roles that are in
    force there; None for what is missing, which has no line. What it does not hold is not known, and has no price.
    """
    now = dict(inputs)
    for part in there.values():
        now.update(part or {})
    unknown = {"detail": "not known", "usd": None, "usd_max": None}
    lines = [(part, line) for part, line in _lines(now, instance_sizes, checks) if there.get(part, {}) is not None]
    return bill_totals([line if part in there else {**line, **unknown} for part, line in lines])


def _lines(inputs: Data, instance_sizes: list[Data] | None, checks: list[Data] | None) -> list[tuple[str, Data]]:
    """What costs something, each with the part that it belongs to."""
    known, engine = prices(inputs.get("preflight_prices")), str(inputs["postgresql_engine"])
    size, nodes = str(inputs.get("postgresql_size")), int(inputs.get("postgresql_num_nodes") or 1)
    disk = int(inputs.get("postgresql_storage_size_mib") or 0)
    storage = storage_line("PostgreSQL storage", engine, size, nodes, disk, known)
    count, scaling = int(inputs.get("app_instance_count") or 1), inputs.get("app_autoscaling") or {}
    instances = str(inputs.get("app_instance_size"))
    most = int(inputs.get("app_most_instances") or 0)
    cache, caches = str(inputs.get("valkey_size")), int(inputs.get("valkey_num_nodes") or 1)
    return [
        ("app", instances_line("App Platform", instances, count, scaling, app_sizes(instance_sizes, known), most)),
        ("postgresql", database_line("PostgreSQL", engine, size, nodes, known)),
        ("valkey", database_line("Valkey", "valkey", cache, caches, known)),
        *([("postgresql", storage)] if storage else []),
        ("spaces", bill_line("Spaces + CDN", "250 GiB, 1 TiB egress", ("spaces",), known["spaces"])),
        *_edge(inputs, known),
        *_watch(inputs, known, checks or []),
    ]


def _watch(inputs: Data, known: Data, checks: list[Data]) -> list[tuple[str, Data]]:
    """One uptime check of an account is free: ours, unless it has others."""
    ours = [f"{inputs.get('monitoring_name')} {name}" for name in ("health", "error budget")]
    others = [row for row in checks if row["name"] not in ours]
    count = (2 if inputs.get("monitoring_error_budget_path") else 1) - (0 if others else 1)
    if not count:
        return []
    usd = count * known["uptime_check"]
    return [("monitoring", bill_line("Uptime checks", f"{count} beside the free one", ("uptime_check",), usd))]


def bill_totals(lines: list[Data]) -> Data:
    unpriced = [f"{line['item']} ({line['detail']})" for line in lines if line["usd"] is None]
    return {
        "lines": lines,
        "total": None if unpriced else round(sum(line["usd"] for line in lines), 2),
        "total_max": None if unpriced else round(sum(line["usd_max"] for line in lines), 2),
        "unpriced": unpriced,
    }
