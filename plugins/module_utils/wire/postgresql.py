# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What PostgreSQL lets its users do, found out by trying, in transactions that are rolled back."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

try:
    import psycopg
except ImportError:
    psycopg = None  # type: ignore[assignment]

# Of what is tried: nobody has one of that name.
NAME = f"fisioflow_wire_{secrets.token_hex(4)}"
# What the app's user tries and must not be able to do.
FORBIDDEN = {
    "create a role": f"CREATE ROLE {NAME}",
    "create a table": f"CREATE TABLE public.{NAME} (mark text)",
    "create a schema": f"CREATE SCHEMA {NAME}",
}
ATTRIBUTES = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")
SCHEMAS = (
    "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'USAGE')"
    " AND nspname NOT IN ('public', 'information_schema') AND nspname !~ '^pg_' ORDER BY 1"
)
LOGINS = (
    "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname <> ALL (%s)"
    " AND has_database_privilege(oid, current_database(), 'CONNECT') ORDER BY 1"
)
# Of the owner's tables those that the app cannot work with.
CLOSED = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    " AND pg_get_userbyid(relowner) = %s AND NOT (has_table_privilege(oid, 'SELECT') AND"
    " has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE') AND"
    " has_table_privilege(oid, 'DELETE')) ORDER BY 1"
)


@dataclass(frozen=True)
class Login:
    """How a cluster is reached; `authority` is the path of a file, or `system`."""

    host: str
    port: int
    database: str
    authority: str
    passwords: dict[str, str] = field(repr=False)

    def connect(self, user: str, timeout: float, **more: Any) -> Any:
        """A connection that has verified whom it talks to. Raises psycopg's OperationalError."""
        if psycopg is None:
            raise Failure(missing_required_lib("psycopg"))
        if user not in self.passwords:
            raise Failure(f"There is no database user {user}: run site.yml, or correct its name.")
        return psycopg.connect(
            host=self.host,
            port=self.port,
            dbname=self.database,
            user=user,
            password=self.passwords[user],
            connect_timeout=max(2, int(timeout)),
            **{"sslmode": "verify-full", "sslrootcert": self.authority, **more},
        )


def refused(login: Login, user: str, timeout: float, **more: Any) -> str:
    """Why somebody does not get in, in a line; "" when he does."""
    try:
        login.connect(user, timeout, **more).close()
    except psycopg.OperationalError as error:
        return " ".join(str(error).split())
    return ""


def privileges(login: Login, user: str, owner: str, known: list[str], timeout: float) -> Data:
    """`{may, attributes, schemas, logins, closed}`: what the app's user may do that it must not, and the other way."""
    with login.connect(user, timeout) as connection:
        may = [what for what, statement in FORBIDDEN.items() if _may(connection, statement)]
        row = connection.execute(
            f"SELECT {', '.join(ATTRIBUTES)} FROM pg_roles WHERE rolname = current_user"  # noqa: S608 - our own words
        ).fetchone()
        found = {
            "may": may,
            "attributes": [name.removeprefix("rol") for name, has in zip(ATTRIBUTES, row, strict=True) if has],
            "schemas": [name for (name,) in connection.execute(SCHEMAS)],
            "logins": [name for (name,) in connection.execute(LOGINS, [[user, owner, *known]])],
            "closed": [name for (name,) in connection.execute(CLOSED, [owner])],
        }
        connection.rollback()
    return found


def round_trip(login: Login, owner: str, timeout: float) -> float:
    """Milliseconds that it takes to write a row and read it again, in a table that is gone with its transaction."""
    mark, began = secrets.token_hex(8), time.monotonic()
    with login.connect(owner, timeout) as connection:
        connection.execute(f"CREATE TEMPORARY TABLE {NAME} (mark text) ON COMMIT DROP")
        connection.execute(f"INSERT INTO {NAME} VALUES (%s)", [mark])  # noqa: S608 - our own words
        row = connection.execute(f"SELECT mark FROM {NAME}").fetchone()  # noqa: S608
        connection.rollback()
    if row != (mark,):
        raise Failure("PostgreSQL gave back another row than it was given.")
    return (time.monotonic() - began) * 1000


def _may(connection: Any, statement: str) -> bool:
    """Whether it is allowed; what it has done is undone."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True
