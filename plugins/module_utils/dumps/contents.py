# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a database: how many rows each table has, and a checksum of them that the server works out.

The checksum is the sum of a hash of each row's text: it does not depend on the order of rows, and differs when one of
them does. It is the same on another server as long as both write values alike, which `read_alike` takes care of.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# What decides how values are written as text, and what would end a long look.
_ALIKE = {
    "datestyle": "ISO, YMD",
    "intervalstyle": "iso_8601",
    "timezone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "xmloption": "content",
    "search_path": "pg_catalog",
    # Whose policies would hide rows is refused instead.
    "row_security": "off",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
# How comments of tables begin that stand beside the living ones: what came out of a dump, and what it has replaced; and
# how, at their ends, the dump is told.
RESTORED = "Restored from a dump by fisioflow.digitalocean"
REPLACED = "Replaced by a dump by fisioflow.digitalocean"
OF_DUMP = ", dump "
# Behind the name of the schema: anywhere else a table lives, whatever its comment says, and is dumped.
_BESIDE = f"^(restored|replaced_)[^:]*: ({RESTORED}|{REPLACED})"
_THOSE_BESIDE = """
SELECT n.nspname, c.relname, format('%%I.%%I', n.nspname, c.relname), obj_description(c.oid, 'pg_class')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND concat(n.nspname, ': ', obj_description(c.oid, 'pg_class')) ~ %s ORDER BY 1, 2
"""
# Tables with rows of their own that a dump holds: partitions, not what is above them, and nothing of extensions.
_TABLES = """
SELECT n.nspname, c.relname, format('%%I.%%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND concat(n.nspname, ': ', obj_description(c.oid, 'pg_class')) !~ %s
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
ORDER BY 1, 2
"""
# The newest migration, by the table in which the application's tool keeps them.
_MIGRATIONS = {
    "_prisma_migrations": "SELECT migration_name FROM {table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL "
    "ORDER BY finished_at DESC, migration_name DESC LIMIT 1",
    "_migrations": "SELECT max(name) FROM {table}",
}


def read_alike(connection: Any) -> None:
    """Have the server write values in one way, for as long as the connection is there."""
    for name, value in _ALIKE.items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))


def tables(connection: Any) -> list[Data]:
    """`{"table": "public.patients", "quoted": …}` of each table, by name."""
    rows = connection.execute(_TABLES, (_BESIDE,)).fetchall()
    return [{"table": f"{schema}.{table}", "quoted": quoted} for schema, table, quoted in rows]


def beside(connection: Any) -> list[Data]:
    """`{"schema", "name", "quoted", "comment"}` of tables that are no part of what lives, and of no dump."""
    rows = connection.execute(_THOSE_BESIDE, (_BESIDE,)).fetchall()
    return [dict(zip(("schema", "name", "quoted", "comment"), row, strict=True)) for row in rows]


def mark(connection: Any, quoted: str, comment: str) -> None:
    """Give a table its comment."""
    query = "SELECT format('COMMENT ON TABLE %%s IS %%L', %s::text, %s::text)"
    (statement,) = connection.execute(query, (quoted, comment)).fetchone()
    connection.execute(statement)


def measured(connection: Any, quoted: str) -> Data:
    """`{"rows", "checksum"}` of one table, as the connection's transaction sees it."""
    query = f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM ONLY {quoted} t"  # noqa: S608 - quoted by the server
    rows, checksum = connection.execute(query).fetchone()
    return {"rows": rows, "checksum": checksum}


def contents(connection: Any) -> list[Data]:
    """`{"table", "rows", "checksum"}` of each table."""
    return [{"table": row["table"], **measured(connection, row["quoted"])} for row in tables(connection)]


def newest_migration(connection: Any) -> str:
    """Its name; "" when no table tells."""
    there = {row["table"].partition(".")[2]: row["quoted"] for row in tables(connection)}
    for name, query in _MIGRATIONS.items():
        if name in there:
            found = connection.execute(query.format(table=there[name])).fetchone()
            return str(found[0] or "") if found else ""
    return ""


def differences(wanted: list[Data], found: list[Data]) -> list[str]:
    """A sentence for each table of `wanted` that is not the same in `found`."""
    there = {row["table"]: row for row in found}
    told = []
    for row in wanted:
        name, other = row["table"], there.get(row["table"])
        if other is None:
            told.append(f"The table {name} is missing.")
        elif other["rows"] != row["rows"]:
            told.append(f"The table {name} has {other['rows']} rows instead of {row['rows']}.")
        elif other["checksum"] != row["checksum"]:
            told.append(f"The table {name} has as many rows, {row['rows']}, but other ones: its checksum differs.")
    return told
