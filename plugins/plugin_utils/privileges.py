# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what inside of the app's database, as the statements that make it so.

The API makes a database that belongs to `doadmin`, and users who may do nothing in it: from PostgreSQL 15 on nobody but
the owner of a database makes tables in `public`. `doadmin` is no superuser and no member of the users that the API
makes, so what concerns a user's own tables is said by that user.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

SCHEMA = "public"
# Who → what on tables, on sequences.
GRANTED = {
    "app": ("SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT, UPDATE"),
    "backup": ("SELECT", "SELECT"),
    "readonly": ("SELECT", "SELECT"),
}


def database_privileges(
    database: str, owner: str, apps: list[str], backup: str, readonly: str, extensions: list[str] | None = None
) -> dict[str, Any]:
    """`{"admin": [statement], "owner": [statement], "digest": text}`: what the administrator and the owner have to say.

    `apps` are the users that the app changes over between, in any order. All of it can be said again at any time. The
    digest, 12 digits, tells these from others.
    """
    users = {
        role: ", ".join(map(_quoted, names))
        for role, names in {"app": sorted(apps), "backup": [backup], "readonly": [readonly]}.items()
    }
    others = ", ".join(users.values())
    statements = {
        "admin": [
            f"REVOKE ALL ON DATABASE {_quoted(database)} FROM PUBLIC",
            f"GRANT ALL ON DATABASE {_quoted(database)} TO {_quoted(owner)}",
            f"GRANT CONNECT ON DATABASE {_quoted(database)} TO {others}",
            f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
            f"GRANT ALL ON SCHEMA {SCHEMA} TO {_quoted(owner)}",
            f"GRANT USAGE ON SCHEMA {SCHEMA} TO {others}",
            *(f"CREATE EXTENSION IF NOT EXISTS {_quoted(name)}" for name in sorted(extensions or [])),
        ],
        "owner": [
            statement
            for role, (tables, sequences) in GRANTED.items()
            for what, rights in (("TABLES", tables), ("SEQUENCES", sequences))
            for statement in (
                # What is there already, and what migrations will make.
                f"GRANT {rights} ON ALL {what} IN SCHEMA {SCHEMA} TO {users[role]}",
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA {SCHEMA} GRANT {rights} ON {what} TO {users[role]}",
            )
        ],
    }
    digest = hashlib.sha256(json.dumps(statements).encode()).hexdigest()
    return {**statements, "digest": digest[:12]}


def _quoted(name: str) -> str:
    """An identifier, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'
