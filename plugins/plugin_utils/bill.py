# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The monthly bill of what is planned.

Prices of app instances come from the API (`usd_per_month` of an instance size); those of databases and Spaces are not
in the API and come from the price table that the preflight role carries as an input.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.editions import memory_gib

# GiB of disk that a node brings along, by GiB of RAM; what is ordered beyond it costs extra.
INCLUDED_DISK = {1: 10, 2: 30, 4: 60, 8: 115, 16: 270}


def connection_limit(size: str) -> int:
    """Backend connections of a PostgreSQL node: 25 per GiB, three of them reserved for maintenance."""
    memory = memory_gib(size)
    return 25 * memory - 3 if memory else 0


def pool_size(size: str, direct: int = 0) -> int:
    """Connections that a pool may take when `direct` are left to clients that bypass it; never under 1."""
    return max(1, connection_limit(size) - int(direct))


def _database(name: str, engine: str, inputs: dict[str, Any], role: str, prices: dict[str, Any]) -> dict[str, Any]:
    size, nodes = inputs.get(f"{role}_size"), int(inputs.get(f"{role}_num_nodes") or 1)
    each = (prices.get(engine) or {}).get(size)
    line: dict[str, Any] = {"item": name, "detail": f"{nodes} × {size}", "usd": None, "usd_max": None}
    if each is not None:
        line["usd"] = line["usd_max"] = round(nodes * float(each), 2)
    return line


def _app(inputs: dict[str, Any], sizes: dict[str, float]) -> dict[str, Any]:
    size = inputs.get("app_instance_size")
    scaling = inputs.get("app_autoscaling") or {}
    least = int(scaling.get("min_instance_count") or inputs.get("app_instance_count") or 1)
    most = int(scaling.get("max_instance_count") or least)
    count = f"{least}" if least == most else f"{least} to {most}"
    line: dict[str, Any] = {"item": "App Platform", "detail": f"{count} × {size}", "usd": None, "usd_max": None}
    if size in sizes:
        line["usd"], line["usd_max"] = round(least * sizes[size], 2), round(most * sizes[size], 2)
    return line


def monthly_bill(inputs: dict[str, Any], instance_sizes: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What the inputs of the roles cost a month. `instance_sizes` are the API's, with their prices.

    Returns `{lines: [{item, detail, usd, usd_max}], total, total_max, unpriced: [text]}` in US dollars; `usd` is None
    where no price is known, and such lines count nothing in the totals. `usd_max` differs where autoscaling may add
    instances.
    """
    prices = inputs.get("preflight_prices") or {}
    sizes = {row["slug"]: float(row["usd_per_month"]) for row in instance_sizes or [] if row.get("usd_per_month")}
    sizes.update({slug: float(usd) for slug, usd in (prices.get("app") or {}).items() if slug not in sizes})
    lines = [
        _app(inputs, sizes),
        _database("PostgreSQL", "pg", inputs, "postgresql", prices),
        _database("Valkey", "valkey", inputs, "valkey", prices),
    ]
    included = INCLUDED_DISK.get(memory_gib(inputs.get("postgresql_size") or ""), 0)
    extra = int(inputs.get("postgresql_storage_size_mib") or 0) // 1024 - included
    if extra > 0:
        cost = round(extra * float(prices.get("pg_storage_gib") or 0), 2)
        lines.append({"item": "PostgreSQL storage", "detail": f"{extra} GiB more", "usd": cost, "usd_max": cost})
    spaces = float(prices["spaces"]) if prices.get("spaces") is not None else None
    lines.append({"item": "Spaces + CDN", "detail": "250 GiB, 1 TiB egress", "usd": spaces, "usd_max": spaces})
    return {
        "lines": lines,
        "total": round(sum(line["usd"] or 0 for line in lines), 2),
        "total_max": round(sum(line["usd_max"] or 0 for line in lines), 2),
        "unpriced": [f"{line['item']} ({line['detail']})" for line in lines if line["usd"] is None],
    }
