# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test has done to the account right before a step, in either way to run it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.client import Admin

TWIN = "00000000-0000-4000-8000-000000000002"
# Of what has numbers.
TWIN_NUMBER = 424242
# What localcloud's records call a secret that it can show again.
SECRET_NAMES = ("password", "_password", "_secret", "secret_key", "basic_auth_password")


class Meddling:
    """Carries out the entries of `Step.before`: calls of the admin client, and what is here."""

    def __init__(self, admin: Admin) -> None:
        self.admin = admin
        # Secrets that the account held whenever they were collected.
        self.secrets: set[str] = set()

    def act(self, actions: list[dict[str, Any]]) -> None:
        for action in actions:
            own = {"twin": self.twin, "collect_secrets": self.collect_secrets}
            call = own.get(action["call"]) or getattr(self.admin, action["call"])
            call(*action["args"], **action["options"])

    def twin(self, table: str, identity: dict[str, Any]) -> None:
        """Put a second resource of the same identity into the account, which the API itself would refuse."""
        state = self.admin.state()
        rows = state["world"]["tables"][table]
        # An app carries its name inside its spec.
        original = next(
            row
            for row in rows.values()
            if all(row.get(key, row.get("spec", {}).get(key)) == value for key, value in identity.items())
        )
        # The table has them by what stands in their address.
        key = next(name for name in ("id", "uuid", "access_key") if name in original)
        twin = TWIN_NUMBER if isinstance(original[key], int) else TWIN
        rows[str(twin)] = {**original, key: twin}
        self.admin.load(state)

    def collect_secrets(self) -> None:
        """Remember every secret that the account holds now."""
        self.secrets |= set(_secrets_in(self.admin.state()["world"]["tables"]))


def _secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in SECRET_NAMES and isinstance(item, str) and item:
                yield item
            else:
                yield from _secrets_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets_in(item)
