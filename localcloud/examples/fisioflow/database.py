# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patients and appointments, in PostgreSQL.

A URL is written for Prisma, whose parameters no other client knows: ``sslaccept=strict`` means verify-full, ``sslcert``
is the file of the authority, ``pgbouncer=true`` that statements cannot be prepared.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, LiteralString
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg
from psycopg.rows import dict_row

CONNECT_TIMEOUT = 5
Row = dict[str, Any]
_PRISMAS = ("pgbouncer", "connection_limit", "pool_timeout", "schema", "sslaccept", "sslcert", "statement_cache_size")


def libpq(url: str, authority: str = "") -> tuple[str, bool]:
    """``(url for libpq, whether statements may be prepared)``. ``authority``: path of one, where the URL names none."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    known = {name: value for name, value in given.items() if name not in _PRISMAS}
    root = given.get("sslcert") or authority
    if root and Path(root).is_file():
        known |= {"sslmode": "verify-full", "sslrootcert": root}
    known.setdefault("connect_timeout", str(CONNECT_TIMEOUT))
    return parts._replace(query=urlencode(known)).geturl(), given.get("pgbouncer") != "true"


def authority_file(pem: str) -> str:
    """The path of a file that holds it, until the process ends; empty for none."""
    if not pem:
        return ""
    with NamedTemporaryFile("w", prefix="database-ca-", suffix=".pem", delete=False) as file:
        file.write(pem)
    return file.name


class Database:
    """A few connections, made when they are needed and put back afterwards. One that is broken is thrown away."""

    def __init__(self, url: str, authority: str, size: int) -> None:
        self._url, self._prepares = libpq(url, authority)
        self._free: list[psycopg.AsyncConnection[Row]] = []
        self._places = asyncio.Semaphore(size)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection[Row]]:
        async with self._places:
            connection = self._free.pop() if self._free else await self._connect()
            try:
                yield connection
            except BaseException:
                await connection.close()
                raise
            self._free.append(connection)

    async def _connect(self) -> psycopg.AsyncConnection[Row]:
        threshold = 5 if self._prepares else None
        connect = psycopg.AsyncConnection[Row].connect
        return await connect(self._url, autocommit=True, row_factory=dict_row, prepare_threshold=threshold)

    async def ask(self, query: LiteralString, values: Sequence[object] = ()) -> list[Row]:
        """The rows that a statement gives. One that finds its connection dead is asked once more on a new one."""
        try:
            return await self._ask(query, values)
        except psycopg.OperationalError:
            for connection in self._free:
                with suppress(psycopg.Error):
                    await connection.close()
            self._free.clear()
            return await self._ask(query, values)

    async def _ask(self, query: LiteralString, values: Sequence[object]) -> list[Row]:
        async with self._connection() as connection:
            cursor = await connection.execute(query, values)
            return await cursor.fetchall() if cursor.description else []
