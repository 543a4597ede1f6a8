# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates: which one it is, for how long it lasts, and who uses it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import load_balancers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api, Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CDN_ENDPOINT, LOAD_BALANCER, Kind

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
# Who may use one.
USERS = (LOAD_BALANCER, CDN_ENDPOINT)


def fingerprint(pem: str) -> str:
    """As the API tells it: SHA-1 of the first certificate in a PEM. Raises Failure, which does not show the text."""
    found = _PEM.search(pem)
    try:
        der = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
    except binascii.Error:
        der = b""
    if not der:
        raise Failure(
            "The leaf_certificate is no certificate, nothing was done: give the PEM text that begins with "
            '"-----BEGIN CERTIFICATE-----", not a path.'
        )
    return hashlib.sha1(der, usedforsecurity=False).hexdigest()


def told(row: Data) -> Data:
    """A row with all keys, and with `days_left`: whole days until its end, negative after it; None while unknown."""
    end = str(row.get("not_after") or "")
    try:
        left = datetime.fromisoformat(end) - datetime.now(UTC)
    except (ValueError, TypeError):
        left = None
    return {"not_after": "", "sha1_fingerprint": "", **row, "days_left": None if left is None else left.days}


def users(api: Api, id: str) -> list[tuple[Kind, Data]]:
    """What uses it, as it is now."""
    return [
        (kind, row) for kind in USERS for row in api.rows(kind.path, kind.many, kind.tells, fresh=True) if _has(row, id)
    ]


def name_of(kind: Kind, row: Data) -> str:
    """How sentences call one of them."""
    return f'{kind.noun} "{row[kind.identity[0]]}"'


def moved(row: Any, old: str, new: str) -> Any:
    """The same with another certificate in the place of one, at any depth."""
    if isinstance(row, dict):
        return {
            key: new if key == "certificate_id" and value == old else moved(value, old, new)
            for key, value in row.items()
        }
    return [moved(item, old, new) for item in row] if isinstance(row, list) else row


def move(api: Api, kind: Kind, row: Data, old: str, new: str) -> None:
    """Let one of them use another: a PUT with all that it has, so that nothing else changes."""
    changed = moved(row, old, new)
    names = ("ttl", "custom_domain", "certificate_id")
    body = load_balancers.body(changed) if kind is LOAD_BALANCER else {name: changed[name] for name in names}
    api.put(kind.location(row["id"]), body, kind.promise)


def _has(row: Data, id: str) -> bool:
    return bool(moved(row, id, "") != row)
