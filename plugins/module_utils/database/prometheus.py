# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics of a database node as it tells them, in Prometheus's text, and the figures that people ask for.

What the names are nobody documents: those of Telegraf's plugins, from which the vendor's endpoints come, are looked for
in turn. A figure that none of them tells is None, which is not 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotTheApi
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import connection_limit

_LINE = re.compile(r"([a-zA-Z_:][\w:]*)(\{.*\})?\s+(\S+)(?:\s+-?\d+)?")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Sample = tuple[str, dict[str, str], float]


def samples(text: str, url: str) -> list[Sample]:
    """Raises NotTheApi for what is no such text, such as a login page, or holds not one sample."""
    found = []
    for line in filter(None, (row.strip() for row in text.splitlines())):
        if line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise NotTheApi(f"{url} answered 200 with what are no metrics", status=200)
        try:
            value = float(match[3])
        except ValueError:
            raise NotTheApi(f"{url} answered 200 with a metric {match[1]} that is no number", status=200) from None
        if math.isfinite(value):
            found.append((match[1], dict(_LABEL.findall(match[2] or "")), value))
    if not found:
        raise NotTheApi(f"{url} answered 200 without any metric", status=200)
    return found


def figures(found: list[Sample], engine: str, size: str) -> Data:
    """Of one node; per cent but for counts."""
    idle = _first(found, "cpu_usage_idle", cpu="cpu-total")
    told: Data = {
        "cpu_percent": None if idle is None else round(100 - idle, 3),
        "memory_percent": _memory(found),
        "disk_percent": max(_each(found, "disk_used_percent"), default=None),
    }
    if engine == "valkey":
        used, most = _first(found, "redis_used_memory"), _first(found, "redis_maxmemory")
        hits, misses = _first(found, "redis_keyspace_hits"), _first(found, "redis_keyspace_misses")
        return {
            **told,
            "connections": _first(found, "redis_clients", "redis_connected_clients"),
            "cache_percent": _share(used, most),
            "hit_percent": _share(hits, None if hits is None or misses is None else hits + misses),
            "evicted_keys": _first(found, "redis_evicted_keys"),
        }
    open_ = [*_each(found, "postgresql_numbackends")] or [*_each(found, "postgresql_pg_stat_database_numbackends")]
    connections = sum(open_) if open_ else None
    limit = connection_limit(size)
    return {
        **told,
        "connections": connections,
        "connection_limit": limit,
        "connections_percent": _share(connections, limit),
    }


def _each(found: list[Sample], name: str) -> Iterator[float]:
    return (value for known, _labels, value in found if known == name)


def _first(found: list[Sample], *names: str, **labels: str) -> float | None:
    for name in names:
        fitting = [value for known, has, value in found if known == name and labels.items() <= has.items()]
        if fitting:
            return fitting[0]
    return None


def _memory(found: list[Sample]) -> float | None:
    used, available = _first(found, "mem_used_percent"), _first(found, "mem_available_percent")
    # What caches hold is free for whoever needs it.
    return round(100 - available, 3) if available is not None else used


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else round(100 * part / whole, 3)
