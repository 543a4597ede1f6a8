# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A dump back in a database: the whole of it in an empty one, or single tables beside those that live."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import contents, login, programs
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps.dump import Encrypted
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps.programs import Program

# Extensions that somebody else has made, on which this user may not comment as the dump does.
_FOREIGN_EXTENSIONS = (
    "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' AND NOT pg_has_role(extowner, 'USAGE')"
)


def check(encrypted: Encrypted, told: Data, folder: str, keys: list[Any]) -> None:
    """That a dump can be restored: decrypted, unpacked and read to its end, into nothing. Raises Failure."""
    program = programs.find("pg_restore", _major(told["program"]), folder)
    arguments = [program, "--exit-on-error", "--file=/dev/null"]
    _fed(Program(arguments, {}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL), encrypted, keys)


def restore(encrypted: Encrypted, told: Data, params: Data, keys: list[Any]) -> tuple[bool, list[Data]]:
    """All of a dump, in a database that holds no table; in one transaction, so that a failure leaves it empty.

    Returns whether that was to be done, and its tables with rows and checksums, which are those of the manifest. Raises
    Failure.
    """
    with login.connected(params, f"look into the database {params['database']}") as connection:
        major = connection.info.server_version // 10000
        foreign = connection.execute(_FOREIGN_EXTENSIONS).fetchall()
        if there := contents.tables(connection):
            found = _as_told(connection, there, told["tables"])
            if found:
                return False, found
            raise Failure(
                f"The database {params['database']} holds {len(there)} tables, such as {there[0]['table']}: restore "
                "into an empty one. Nothing was done."
            )
    program = programs.find("pg_restore", max(major, _major(told["program"])), params["programs"])
    arguments = [program, "--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction", "--no-password"]
    environment = login.environment(params)
    arguments += [f"--dbname={environment.pop('PGDATABASE')}"] + ["--no-comments"] * bool(foreign)
    _fed(Program(arguments, environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL), encrypted, keys)
    with login.connected(params, f"compare the database {params['database']}") as connection:
        contents.read_alike(connection)
        found = contents.contents(connection)
    _same(told["tables"], found)
    return True, found


def _as_told(connection: Any, there: list[Data], wanted: list[Data]) -> list[Data]:
    """What is in a database when that is just what was dumped; [] when it is anything else."""
    if {row["table"] for row in there} != {row["table"] for row in wanted}:
        return []
    contents.read_alike(connection)
    found = contents.contents(connection)
    return [] if contents.differences(wanted, found) else found


def restore_table(encrypted: Encrypted, told: Data, params: Data, table: str, keys: list[Any]) -> Data:
    """One table (`public.patients`) with its rows, in `into_schema`, with the columns that it had when it was dumped.

    One that a restore has made before goes first, any other one is left alone. All in one transaction; returns
    `{"table", "rows", "checksum"}`. Raises Failure.
    """
    wanted = next((row for row in told["tables"] if row["table"] == table), None)
    if wanted is None:
        raise Failure(f"The dump holds no table {table}: it has {', '.join(row['table'] for row in told['tables'])}.")
    schema, _dot, name = table.partition(".")
    program = programs.find("pg_restore", _major(told["program"]), params["programs"])
    arguments = [program, "--no-owner", "--no-privileges", "--exit-on-error", "--file=-"]
    arguments += [f"--schema={schema}", f"--table={name}"]
    with login.connected(params, f"restore the table {table}") as connection, connection.transaction():
        contents.read_alike(connection)
        target = _room(connection, params["into_schema"], name)
        reading = Program(arguments, {}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with ThreadPoolExecutor(1) as pool:
            making = pool.submit(_made, connection, reading.output, table, target)
            try:
                _fed(reading, encrypted, keys)
            finally:
                making.result()
                reading.output.close()
        contents.mark(connection, target, f"{contents.RESTORED}{contents.OF_DUMP}{params['name']}")
        found = {"table": table, **contents.measured(connection, target)}
        _same([wanted], [found])
    return found


def _room(connection: Any, schema: str, name: str) -> str:
    """The quoted name of a table that is to come. Raises Failure where somebody else's is."""
    ((into, target),) = connection.execute(
        "SELECT format('%%I', %s::text), format('%%I.%%I', %s::text, %s::text)", (schema, schema, name)
    ).fetchall()
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {into}")
    asked = "SELECT to_regclass(%s) IS NOT NULL, obj_description(to_regclass(%s), 'pg_class')"
    ((there, comment),) = connection.execute(asked, (target, target)).fetchall()
    if there and not (comment or "").startswith(contents.RESTORED):
        raise Failure(f"{target} is there already, and no restore has made it: choose another schema.")
    connection.execute(f"DROP TABLE IF EXISTS {target}")
    return str(target)


def _made(connection: Any, script: Any, table: str, target: str) -> None:
    """The only table of a script of pg_restore, under another name; the script is read to its end."""
    lines: Iterator[bytes] = iter(script.readline, b"")
    try:
        statement = b"".join(_statement(lines))
        if not statement:
            return
        columns = statement[statement.index(b"(\n") :]
        if b"\n)\nINHERITS (" in columns:
            raise Failure(f"{table} inherits from another table: by itself it cannot be restored. Nothing was done.")
        connection.execute(f"CREATE TABLE {target} ".encode() + columns)
        head = next((line for line in lines if line.startswith(b"COPY ")), None)
        if head is None:
            return
        columns = head[head.index(b" (") : head.rindex(b" FROM stdin;")]
        with connection.cursor().copy(f"COPY {target}".encode() + columns + b" FROM STDIN") as copy:
            for line in lines:
                if line == b"\\.\n":
                    break
                copy.write(line)
    finally:
        for _line in lines:
            pass


def _statement(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of the first CREATE TABLE. Behind its columns there may be more, such as WITH and what is set."""
    columns = True
    for line in lines:
        if line.startswith(b"CREATE "):
            yield line
            break
    for line in lines:
        yield line
        columns = columns and not line.startswith(b")")
        if not columns and line.endswith(b";\n"):
            return


def _fed(program: Program, encrypted: Encrypted, keys: list[Any]) -> None:
    """Feed a program the plain text, and wait for it. Without all of it, it is stopped and commits nothing."""
    doing = f"restore {encrypted.what[:1].lower()}{encrypted.what[1:]}"
    try:
        try:
            encrypted.decrypted(program.input, keys)
            program.input.close()
        except BrokenPipeError:
            # It has ended before: why is for it to say.
            pass
        program.end(doing)
    finally:
        program.stop()


def _same(wanted: list[Data], found: list[Data]) -> None:
    if different := contents.differences(wanted, found):
        raise Failure(f"What was restored is not what was dumped: {' '.join(different)}")


def _major(version: str) -> int:
    return int(version.partition(".")[0])
