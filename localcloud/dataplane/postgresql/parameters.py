# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the API in PostgreSQL's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from localcloud import JSON
from localcloud.resources.databases.catalogue import memory_gib

PER_GIB, KEPT_FREE, MOST = 25, 3, 1000

# Settings that PostgreSQL has in another unit, and those that it has not: they belong to what is around it.
_UNITS: dict[str, Callable[[Any], str]] = {
    "bgwriter_flush_after": lambda value: f"{value}kB",
    "max_slot_wal_keep_size": lambda value: f"{value}MB" if value > 0 else str(value),
    "max_stack_depth": lambda value: f"{value // 1024}kB",
    "track_activity_query_size": lambda value: f"{value}B",
    "work_mem": lambda value: f"{value}MB",
}
_ELSEWHERE = {
    *("backup_hour", "backup_minute", "max_connections", "pgbouncer", "timescaledb", "shared_buffers_percentage"),
    *("synchronous_replication", "stat_monitor_enable", "max_failover_replication_time_lag"),
}

# Parameters that reach out of the server, or are the service's own.
_RESERVED = re.compile(
    r".*_(command|directory|directories|file|library|libraries|names|addresses|timeline)"
    r"|(ssl|archive|recovery|primary|unix|krb|bonjour|debug|allow|superuser).*|port|max_connections"
)

# Small, since many stand on one machine. A crash of the server loses nothing by fsync=off; one of the machine may.
_OWN = {
    "fsync": "off",
    "shared_buffers": "16MB",
    "min_wal_size": "4MB",
    "max_wal_size": "128MB",
    "wal_keep_size": "64MB",
    "wal_level": "logical",
    "shared_preload_libraries": "pg_stat_statements",
    "superuser_reserved_connections": str(KEPT_FREE),
}
_USUAL = {
    "log_line_prefix": "%m [%p] %q[user=%u,db=%d,app=%a] ",
    "log_timezone": "UTC",
    "max_replication_slots": "20",
    "max_wal_senders": "20",
    "timezone": "UTC",
}


def connections(size: str, config: JSON) -> int:
    """How many there may be, those that are reserved for the service among them: 25 for each GiB [S]."""
    return int(config.get("max_connections") or min(PER_GIB * memory_gib(size), MOST))


def parameters(engine: str, size: str, config: JSON) -> dict[str, str]:
    if engine == "advanced_pg":
        given = {name: str(value) for name, value in config["pg_parameters"].items() if not _RESERVED.fullmatch(name)}
    else:
        given = {
            name: _UNITS.get(name, _plain)(value)
            for name, value in config.items()
            if name not in _ELSEWHERE and value is not None
        }
    return {**_USUAL, **given, **_OWN, "max_connections": str(connections(size, config))}


def _plain(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
