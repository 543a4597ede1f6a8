# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users of the API are roles of the server. Roles that somebody else makes there are left alone."""

from __future__ import annotations

import hashlib
import json

from psycopg import sql

from localcloud import JSON
from localcloud.dataplane.postgresql.programs import ADMIN, SUPERUSER
from localcloud.dataplane.postgresql.sql import Connection, Door, column

EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = %s"
SEND_AWAY = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s"


def mark(user: JSON) -> str:
    """What tells whether a user of the API has changed, and nothing else."""
    return hashlib.sha256(json.dumps(user, sort_keys=True).encode()).hexdigest()


async def change(door: Door, wanted: dict[str, JSON], known: dict[str, str]) -> None:
    """Bring the roles in line, and ``known`` (name → mark of what was made last) with them, one by one.

    What has not changed in the API is not touched: doadmin may have changed a password himself.
    """
    changed = [name for name, user in wanted.items() if known.get(name) != mark(user)]
    gone = [name for name in known if name not in wanted]
    if not changed and not gone:
        return
    async with door.connected() as connection:
        for name in changed:
            await _make(connection, name, wanted[name])
            known[name] = mark(wanted[name])
        databases = await column(connection, "SELECT datname FROM pg_database WHERE datallowconn") if gone else []
    for name in gone:
        await _drop(door, name, databases)
        del known[name]


async def _make(connection: Connection, name: str, user: JSON) -> None:
    role = sql.Identifier(name)
    if not await column(connection, EXISTS, name):
        await connection.execute(sql.SQL("CREATE ROLE {}").format(role))
        # As if doadmin had made it: he may hand it on, and take part in it once he has granted it to himself.
        await connection.execute(
            sql.SQL("GRANT {} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE").format(role, sql.Identifier(ADMIN))
        )
    # Never the password itself, which a log of statements would show.
    verifier = connection.pgconn.encrypt_password(user["password"].encode(), name.encode(), b"scram-sha-256")
    replication = "REPLICATION" if user["replication"] or name == ADMIN else "NOREPLICATION"
    options = sql.SQL(f"LOGIN {replication} PASSWORD ") + sql.Literal(verifier.decode())
    await connection.execute(sql.SQL("ALTER ROLE {} ").format(role) + options)


async def _drop(door: Door, name: str, databases: list[str]) -> None:
    """What it owns goes to doadmin, so that no data is lost [?]."""
    role, heir = sql.Identifier(name), sql.Identifier(ADMIN)
    async with door.connected() as connection:
        if not await column(connection, EXISTS, name):
            return
        await connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(role))
        await column(connection, SEND_AWAY, name)
    for database in databases:
        async with door.connected(database) as connection:
            await connection.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(role, heir))
            await connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
    async with door.connected(SUPERUSER) as connection:
        await connection.execute(sql.SQL("DROP ROLE {}").format(role))
