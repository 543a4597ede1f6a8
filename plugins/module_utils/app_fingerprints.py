# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints that tell whether a secret changed, kept in the app's environment as ``SECRET_FINGERPRINTS``.

Its value is compact JSON: ``{"v":1,"salt":"…","marks":{"web.SESSION_SECRET":"b1946ac9"}}``. A mark is the first 32 bits
of scrypt(n=2**12, r=8, p=1) over the secret, salted with the app's salt and the secret's name: about 8 ms and 4 MiB
each, so that a handful of secrets is checked within 50 ms. 32 bits are enough to notice a change (one in four billion
is missed) and too few to confirm a guess: a search through a large dictionary leaves many candidates, and a random
secret keeps all but 32 of its bits.

The env is GENERAL (readable by whoever may read the app's spec) and BUILD_TIME: with an image nothing is built, so no
container ever sees it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ENV = "SECRET_FINGERPRINTS"
_VERSION = 1
COST = {"n": 2**12, "r": 8, "p": 1, "dklen": 4}
_SALT_BYTES = 12


@dataclass
class Fingerprints:
    """What the app's environment says: one salt (base64), a mark per slot."""

    salt: str
    marks: dict[str, str] = field(default_factory=dict)


def read(spec: Json | None) -> Fingerprints:
    """The fingerprints of a spec; none at all when the env is missing, foreign or broken."""
    for env in (spec or {}).get("envs") or []:
        if env.get("key") == ENV:
            try:
                data = json.loads(env.get("value") or "")
                base64.b64decode(data["salt"], validate=True)
                if data["v"] == _VERSION:
                    return Fingerprints(data["salt"], {str(k): str(v) for k, v in data["marks"].items()})
            except (ValueError, KeyError, TypeError, AttributeError):
                break
    return Fingerprints("")


def without(spec: Json | None) -> Json | None:
    """The spec without the fingerprints' env (and without an `envs` that held nothing else)."""
    if spec is None or not any(env.get("key") == ENV for env in spec.get("envs") or []):
        return spec
    rest = [env for env in spec["envs"] if env.get("key") != ENV]
    return {**{key: value for key, value in spec.items() if key != "envs"}, **({"envs": rest} if rest else {})}


def write(spec: Json, found: Fingerprints) -> Json:
    """The spec with these fingerprints in place of any other."""
    bare = without(spec) or {}
    if not found.marks:
        return bare
    value = json.dumps({"v": _VERSION, "salt": found.salt, "marks": found.marks}, separators=(",", ":"), sort_keys=True)
    env = {"key": ENV, "value": value, "scope": "BUILD_TIME", "type": "GENERAL"}
    return {**bare, "envs": [*(bare.get("envs") or []), env]}


class Marks:
    """The marks of one run: compares with the old ones, collects the new ones."""

    def __init__(self, old: Fingerprints) -> None:
        """Keeps the app's salt, or makes one."""
        self._old = old
        self._salt = old.salt or base64.b64encode(os.urandom(_SALT_BYTES)).decode()
        self._made: dict[str, str] = {}
        self._hashed: dict[tuple[str, str], str] = {}

    def _hash(self, name: str, value: str) -> str:
        # The same secret sits in several components under one name: hashed once.
        if (name, value) not in self._hashed:
            salt = base64.b64decode(self._salt) + name.encode()
            self._hashed[name, value] = hashlib.scrypt(value.encode(), salt=salt, **COST).hex()
        return self._hashed[name, value]

    def matches(self, slot: str, name: str, value: str) -> bool:
        """Whether `value` is what was written into the slot the last time."""
        return slot in self._old.marks and self._old.marks[slot] == self._hash(name, value)

    def keep(self, slot: str) -> None:
        """The slot's secret stays."""
        if slot in self._old.marks:
            self._made[slot] = self._old.marks[slot]

    def renew(self, slot: str, name: str, value: str) -> None:
        """The slot gets `value`."""
        self._made[slot] = self._hash(name, value)

    def made(self) -> Fingerprints:
        """All marks as they are from now on; those of slots that are gone are gone."""
        return Fingerprints(self._salt, self._made)
