# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to one database, over TLS that proves who answers."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

try:
    import psycopg
except ImportError:
    PSYCOPG_MISSING: str | None = traceback.format_exc()
else:
    PSYCOPG_MISSING = None

# Seconds to get a connection.
PATIENCE = 30


def options() -> Data:
    """How a module is told of it; documented in the fragment `dumps.login`."""
    return {
        "host": {"type": "str", "required": True},
        "port": {"type": "int", "default": 25060},
        "database": {"type": "str", "required": True},
        "user": {"type": "str", "required": True},
        "password": {"type": "str", "required": True, "no_log": True},
        "ca_cert": {"type": "str", "default": "system"},
        "programs": {"type": "path", "default": ""},
    }


def environment(params: Data) -> dict[str, str]:
    """The same for a program: in its environment, which nobody else may read, and which nothing is left of."""
    return {
        "PGHOST": params["host"],
        "PGPORT": str(params["port"]),
        "PGDATABASE": params["database"],
        "PGUSER": params["user"],
        "PGPASSWORD": params["password"],
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": params["ca_cert"],
        "PGCONNECT_TIMEOUT": str(PATIENCE),
        # Nothing of the user's own.
        "PGPASSFILE": "/dev/null",
        "PGSERVICEFILE": "/dev/null",
    }


@contextmanager
def connected(params: Data, doing: str) -> Iterator[Any]:
    """A connection of psycopg that commits by itself. What the server refuses is a Failure "Could not <doing> …"."""
    if PSYCOPG_MISSING is not None:
        raise Failure(missing_required_lib("psycopg"))
    try:
        with psycopg.connect(
            host=params["host"],
            port=params["port"],
            dbname=params["database"],
            user=params["user"],
            password=params["password"],
            sslmode="verify-full",
            sslrootcert=params["ca_cert"],
            connect_timeout=PATIENCE,
            autocommit=True,
        ) as connection:
            yield connection
    except psycopg.Error as error:
        raise Failure(f"Could not {doing} as {params['user']}: {_words(error)}.") from None


def _words(error: Any) -> str:
    """What the server said, without details and values, which are somebody's data."""
    if (error.sqlstate or "").startswith("22"):
        return f"a value does not fit ({type(error).__name__})"
    if error.sqlstate == "42601":
        # It cites what it could not read, which may be a row.
        return f"it could not read a statement ({type(error).__name__})"
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(". ")
