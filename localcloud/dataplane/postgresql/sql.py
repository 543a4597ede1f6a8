# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door of our own: a socket that opens for the instance's user alone, as whoever he says he is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from localcloud.dataplane.postgresql.programs import SUPERUSER

# What is said here holds what passwords are checked against: neither the log nor pg_stat_statements is to keep it.
UNHEARD = (
    "-c log_min_duration_statement=-1 -c log_statement=none -c log_min_error_statement=panic"
    " -c pg_stat_statements.track=none"
)
# What the API makes is made although a full disk keeps everybody else from writing.
WRITES = "-c default_transaction_read_only=off"

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True)
class Door:
    """``<sockets>/.s.PGSQL.<port>``"""

    sockets: Path
    port: int

    @asynccontextmanager
    async def connected(self, database: str = SUPERUSER) -> AsyncIterator[Connection]:
        """A superuser's connection without transactions."""
        connection = await psycopg.AsyncConnection.connect(
            host=str(self.sockets),
            port=self.port,
            user=SUPERUSER,
            dbname=database,
            autocommit=True,
            options=f"{UNHEARD} {WRITES}",
            connect_timeout=10,
            row_factory=tuple_row,
        )
        async with connection:
            yield connection


async def column(connection: Connection, query: str, *values: Any) -> list[Any]:
    """The first column of what the query finds."""
    cursor = await connection.execute(query.encode(), values or None)
    return [row[0] for row in await cursor.fetchall()]
