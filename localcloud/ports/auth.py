# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bearer tokens: who may call, with which scopes, until when.

Tokens are rows of the table ``tokens`` under the SHA-256 of their text, so that neither the state file nor the admin
API can give one away.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from localcloud.ports.errors import MESSAGES, ApiError
from localcloud.world.clock import parse
from localcloud.world.world import World

TABLE = "tokens"
ALL = "*"

# scope → another that grants it too (the description's prose).
IMPLIED_BY = {"project:assign_resource": "project:update"}


@dataclass(frozen=True)
class Token:
    """``created_at`` is RFC 3339, ``expires_at`` the same or None for never.

    ``key`` is its row, and what its requests are counted under.
    """

    name: str
    scopes: frozenset[str]
    created_at: str
    expires_at: str | None = None
    key: str = ""

    def allows(self, scope: str) -> bool:
        return ALL in self.scopes or scope in self.scopes or IMPLIED_BY.get(scope) in self.scopes

    def require(self, scopes: Iterable[str]) -> None:
        """403 naming every missing scope, in DigitalOcean's words."""
        missing = [scope for scope in scopes if not self.allows(scope)]
        if missing:
            permission = "permission" if len(missing) == 1 else "permissions"
            raise ApiError(403, f"You are missing the required {permission} {', '.join(missing)}.")


# The name of the one that stands without being asked for.
STANDING = "default"
# Who asks where no token is asked for.
NOBODY = Token("", frozenset(), "")


def default_token(instance: str = "default") -> str:
    """The standing token of an instance of records only. Derived, hence no secret: it opens nothing but records."""
    return "dop_v1_" + hashlib.sha256(f"localcloud:{instance}".encode()).hexdigest()


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def add_token(world: World, text: str, name: str, scopes: Iterable[str], expires_at: str | None = None) -> None:
    world.table(TABLE).insert(
        _key(text),
        {"name": name, "scopes": sorted(scopes), "created_at": world.timestamp(), "expires_at": expires_at},
    )


def authenticate(world: World, header: str) -> Token:
    """The token of an ``Authorization`` header; 401 when it is missing, malformed, unknown or expired."""
    scheme, _, text = header.partition(" ")
    key = _key(text.strip())
    row = world.table(TABLE).peek(key) if scheme.lower() == "bearer" else None
    if row is None or (row["expires_at"] and parse(row["expires_at"]) <= world.now()):
        raise ApiError(401, MESSAGES[401])
    return Token(row["name"], frozenset(row["scopes"]), row["created_at"], row["expires_at"], key)


def new_token() -> str:
    """The standing token where software runs: who makes an app says what runs on this machine."""
    return "dop_v1_" + secrets.token_hex(32)


def stand(world: World, text: str) -> None:
    """Let this be the standing token, and none that was it before."""
    tokens = world.table(TABLE)
    for key, row in tokens.items():
        if row["name"] == STANDING and key != _key(text):
            tokens.delete(key)
    if tokens.peek(_key(text)) is None:
        add_token(world, text, STANDING, [ALL])
