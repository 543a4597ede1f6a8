# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The databases of the API. Those that somebody else makes on the server are left alone."""

from __future__ import annotations

from psycopg import sql

from localcloud.dataplane.postgresql.programs import ADMIN
from localcloud.dataplane.postgresql.sql import Door, column


async def change(door: Door, wanted: list[str], known: list[str]) -> None:
    """Bring the databases in line, and ``known`` (those that were made) with them, one by one."""
    added, gone = [name for name in wanted if name not in known], [name for name in known if name not in wanted]
    if not added and not gone:
        return
    async with door.connected() as connection:
        there = await column(connection, "SELECT datname FROM pg_database")
        for name in added:
            if name not in there:
                words = sql.SQL("CREATE DATABASE {} OWNER {}")
                await connection.execute(words.format(sql.Identifier(name), sql.Identifier(ADMIN)))
            known.append(name)
        for name in gone:
            await connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            known.remove(name)
