# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy and how full a server is."""

from __future__ import annotations

import time
from collections.abc import Mapping

from localcloud import JSON
from localcloud.dataplane.postgresql.parameters import KEPT_FREE
from localcloud.dataplane.postgresql.sql import Door, column
from localcloud.dataplane.usage import usage
from localcloud.resources.databases.exporter import BACKENDS

# Seconds that figures stay as they are: they cost a connection.
FRESH = 2.0

SIZE = "SELECT sum(pg_database_size(oid))::float8 + (SELECT sum(size) FROM pg_ls_waldir()) FROM pg_database"
COUNTS = (
    "SELECT datname || '/' || numbackends FROM pg_stat_database"
    " WHERE datname NOT IN ('postgres', 'template0', 'template1')"
)


class Gauge:
    def __init__(self) -> None:
        self._looked, self._seconds = 0.0, 0.0
        self._figures: Mapping[str, float] = {}

    async def read(self, door: Door, pid: int, spec: JSON) -> Mapping[str, float]:
        """Per cent of a processor, of the node's memory, disk and connections; ``backends/<database>``: of each."""
        now = time.monotonic()
        if now - self._looked >= FRESH:
            self._figures = await self._read(door, pid, spec, now)
        return self._figures

    async def _read(self, door: Door, pid: int, spec: JSON, now: float) -> Mapping[str, float]:
        async with door.connected() as connection:
            (stored,) = await column(connection, SIZE)
            told = [line.rpartition("/") for line in await column(connection, COUNTS)]
        backends = {f"{BACKENDS}{name}": float(count) for name, _slash, count in told}
        used = usage(pid)
        # One that has begun anew has used less.
        spent = max(0.0, used.seconds - self._seconds) / (now - self._looked) if self._looked else 0.0
        self._looked, self._seconds = now, used.seconds
        most = int(spec["parameters"]["max_connections"]) - KEPT_FREE
        return {
            "cpu": min(100.0, 100 * spent),
            "memory": 100 * used.bytes / (spec["memory_gib"] << 30),
            "disk": 100 * stored / (spec["storage_mib"] * 2**20),
            "connections": 100 * sum(backends.values()) / most,
            **backends,
        }
