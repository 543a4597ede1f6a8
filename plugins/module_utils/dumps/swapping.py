# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table out of a dump in the place of the one that lives, which is kept in a schema of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import comparing, contents, login, shape

try:
    import psycopg
except ImportError:
    psycopg = None  # type: ignore[assignment]

# Milliseconds to wait for all locks of an attempt: less than the second after which PostgreSQL looks for deadlocks, in
# which the app might be the one that has to give way.
LOCKED_WITHIN = 800
# Seconds between two attempts, and for which what others wait for may be looked at, each foreign key for itself.
PAUSE, HELD = 1.0, 20
# Of what is being made, within its transaction.
_MEANWHILE = "being prepared"


def look(params: Data) -> Data:
    """The table that a restore has put into a schema against the living one; both of one moment. Raises Failure."""
    with login.connected(params, f"compare the table {params['table']}") as connection:
        contents.read_alike(connection)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        living, restored = _both(connection, params)
        return {**_names(params, restored), **comparing.compared(connection, living, restored)}


def swap(params: Data, clock: Clock, check_mode: bool = False) -> Data:
    """Look again, and put it in the place of the living one. Raises Failure, which has changed nothing that lives."""
    told = look(params)
    if told["problems"]:
        raise Failure(f"The living table was not touched. {' '.join(told['problems'])}")
    if check_mode:
        return told
    doing = f"put the restored table in the place of {params['table']}"
    with login.connected(params, doing) as connection:
        contents.read_alike(connection)
        living, restored = _both(connection, params)
        if living["owner"] != params["user"]:
            raise Failure(f"{living['quoted']} is {living['owner']}'s: log in as that one. Nothing was changed.")
        with connection.transaction():
            _prepare(connection, living, restored)
        connection.execute(f"ANALYZE {restored['quoted']}")
        kept, seconds = _patiently(connection, params, clock, lambda: _swapped(connection, params))
    return {**told, "replaced": kept, "locked_ms": round(seconds * 1000)}


def gone(params: Data, check_mode: bool) -> list[str]:
    """What restores of that table have left in the database goes; the names of it. Raises Failure."""
    with login.connected(params, f"drop what restores of {params['table']} have left") as connection:
        found = _left(connection, params)
        with connection.transaction():
            for row in [] if check_mode else found:
                connection.execute(f"DROP TABLE {row['quoted']}")
                _drop_empty(connection, row["schema"])
    return [row["quoted"] for row in found]


def kept(params: Data) -> list[Data]:
    """`{"table", "dump"}` of each that was living until that dump was put in its place. Raises Failure."""
    with login.connected(params, f"look for what restores of {params['table']} have left") as connection:
        return [
            {"table": row["quoted"], "dump": row["comment"].partition(contents.OF_DUMP)[2]}
            for row in _left(connection, params)
            if row["comment"].startswith(contents.REPLACED)
        ]


def _left(connection: Any, params: Data) -> list[Data]:
    """Of contents.beside, what is of that table."""
    replaced, name = f"{contents.REPLACED}: {params['table']}", _parts(params)[1]
    mine = [row for row in contents.beside(connection) if row["name"] == name]
    return [
        row
        for row in mine
        if row["comment"].partition(contents.OF_DUMP)[0] == replaced
        or (row["comment"].startswith(contents.RESTORED) and row["schema"] == params["schema"])
    ]


def _parts(params: Data) -> tuple[str, str]:
    schema, _dot, name = params["table"].partition(".")
    return schema, name


def _names(params: Data, restored: Data) -> Data:
    return {"table": params["table"], "restored": restored["quoted"]}


def _both(connection: Any, params: Data) -> tuple[Data, Data]:
    schema, name = _parts(params)
    living = comparing.found(connection, schema, name)
    restored = comparing.found(connection, params["schema"], name)
    if living is None:
        raise Failure(f"There is no table {params['table']} in the database {params['database']}: correct its name.")
    if restored is None or not restored["comment"].startswith(contents.RESTORED):
        raise Failure(f"No restore has put a table {name} into {params['schema']}: database_restore does.")
    return living, restored


def _prepare(connection: Any, living: Data, restored: Data) -> None:
    """The restored table as the living one is, keys and indexes included; only what ties it to others is to come."""
    columns = ", ".join(column for (column,) in connection.execute(_COPIED, (living["oid"],)).fetchall())
    target, meanwhile = restored["quoted"], f'{restored["schema"]}."{_MEANWHILE}"'
    connection.execute(f'ALTER TABLE {target} RENAME TO "{_MEANWHILE}"')
    connection.execute(f"CREATE TABLE {target} (LIKE {living['quoted']} INCLUDING ALL EXCLUDING INDEXES)")
    connection.execute(
        f"INSERT INTO {target} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {meanwhile}"  # noqa: S608 - quoted by the server
    )
    connection.execute(f"DROP TABLE {meanwhile}")
    contents.mark(connection, target, restored["comment"])
    for statement in shape.indexes(connection, living["oid"], target):
        connection.execute(statement)


# What can be written.
_COPIED = (
    "SELECT quote_ident(attname) FROM pg_attribute"
    " WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
)
_LOCKED = """
SELECT string_agg(DISTINCT o::regclass::text, ', '), count(DISTINCT o) FROM (
  SELECT %(table)s AS o UNION ALL SELECT unnest(ARRAY[conrelid, confrelid])
  FROM pg_constraint WHERE contype = 'f' AND %(table)s IN (conrelid, confrelid)) AS tied
"""
_OWN_SCHEMA = """
SELECT format('DROP SCHEMA %%I', nspname) FROM pg_namespace WHERE nspname = %s AND pg_get_userbyid(nspowner) = user
"""


def _swapped(connection: Any, params: Data) -> tuple[str, float]:
    """One attempt, in a transaction. Returns the name of what was set aside, and for how long others waited."""
    living, restored = _both(connection, params)
    tables, count = connection.execute(_LOCKED, {"table": living["oid"]}).fetchone()
    connection.execute(f"SET LOCAL lock_timeout = {LOCKED_WITHIN // count}")
    began = time.monotonic()
    connection.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
    connection.execute(f"SET LOCAL statement_timeout = '{HELD}s'")
    (aside,) = connection.execute(
        "SELECT to_char(now() AT TIME ZONE 'UTC', '\"replaced_\"YYYYMMDD\"t\"HH24MISS')"
    ).fetchone()
    wanted = shape.lines(connection, living["oid"])
    ties = shape.ties(connection, living["oid"], aside)
    connection.execute(f"CREATE SCHEMA {aside}")
    for statement in (tie.off for tie in ties if tie.off):
        connection.execute(statement)
    connection.execute(f"ALTER TABLE {living['quoted']} SET SCHEMA {aside}")
    of_dump = restored["comment"].removeprefix(contents.RESTORED)
    contents.mark(connection, f"{aside}.{living['name']}", f"{contents.REPLACED}: {params['table']}{of_dump}")
    connection.execute(f"ALTER TABLE {restored['quoted']} SET SCHEMA {living['schema']}")
    for statement in (tie.on for tie in ties if tie.on):
        connection.execute(statement)
    if different := wanted ^ shape.lines(connection, restored["oid"]):
        raise Failure(
            f"The restored table cannot be made as {params['table']} is, nothing was changed: it differs in the "
            f"{min(different)}."
        )
    _drop_empty(connection, params["schema"])
    return f"{aside}.{living['name']}", time.monotonic() - began


def _patiently(
    connection: Any, params: Data, clock: Clock, attempt: Callable[[], tuple[str, float]]
) -> tuple[str, float]:
    """Attempts of which each gives way at once, until one gets its locks. Raises Failure."""
    deadline = clock.now() + params["patience"]
    while True:
        try:
            with connection.transaction():
                return attempt()
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if clock.now() + PAUSE > deadline:
                raise Failure(
                    f"{params['table']} was in use for {params['patience']} s, so that the restored table did not get "
                    "in its place: nothing was changed; run again when less is going on, or with more patience."
                ) from None
        clock.sleep(PAUSE)


def _drop_empty(connection: Any, schema: str) -> None:
    """A schema that nothing is left in, as far as it is ours."""
    for (statement,) in connection.execute(_OWN_SCHEMA, (schema,)).fetchall():
        try:
            with connection.transaction():
                connection.execute(statement)
        except psycopg.errors.DependentObjectsStillExist:
            continue
