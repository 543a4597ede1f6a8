# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints that tell whether a secret changed, kept in the app's environment as ``SECRET_FINGERPRINTS``.

Its value is compact JSON, ``{"v":2,"salt":"…","marks":{"web.KEY":"15:b1946ac9"},"together":["15:0a9c31f7"],
"since":{"web.KEY":"2026-11-29"}}``; the last of it tells the day (UTC) on which a secret got its value, where that is
known.
A mark is the first 32 bits of scrypt(n=2**15, r=8, p=1) over the secret, salted with the app's salt and the secret's
name: about 55 ms and 32 MiB. ``together`` are the same over all secrets that were given at once, and over all but one
(one that the API tells only once is not given again). So a run that brings what the last one brought pays for one hash,
however many secrets there are, and only a run in which one may have changed looks at each.

32 bits are enough to notice a change: one in four billion is missed. Of a random secret they leave all but 32 bits
unknown. They do confirm a guess from a word list: whoever may read the app's spec can try one word after the other, at
the price of one hash each. Only a strong secret helps; weak ones are warned of before they are set (`weak_secrets`).

Marks without a price in front are of older versions (2**12) and remain good until the spec is written.

The env is GENERAL (readable by whoever may read the app's spec) and BUILD_TIME: with an image nothing is built, so no
container ever sees it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

ENV = "SECRET_FINGERPRINTS"
_VERSIONS = (1, 2)
# The price of a mark: n is this power of two. Others than these two are not ours, and could be beyond any machine.
PRICE, FORMER_PRICE = 15, 12
_SALT_BYTES = 12
# scrypt takes 128 * r * n bytes, and a little more.
_MEMORY = 2**26

# Slot → (the name that salts it, its value).
Given = dict[str, tuple[str, str]]


@dataclass
class Fingerprints:
    """What the app's environment says: one salt (base64), a mark per slot, those over several slots, and days."""

    salt: str
    marks: dict[str, str] = field(default_factory=dict)
    together: list[str] = field(default_factory=list)
    since: dict[str, str] = field(default_factory=dict)


def read(spec: Data | None) -> Fingerprints:
    """The fingerprints of a spec; none at all when the env is missing, foreign or broken."""
    for env in (spec or {}).get("envs") or []:
        if env.get("key") == ENV:
            try:
                data = json.loads(env.get("value") or "")
                base64.b64decode(data["salt"], validate=True)
                if data["v"] in _VERSIONS:
                    marks = {str(slot): str(mark) for slot, mark in data["marks"].items()}
                    together = [str(mark) for mark in data.get("together") or []]
                    since = {str(slot): str(day) for slot, day in (data.get("since") or {}).items()}
                    return Fingerprints(data["salt"], marks, together, since)
            except (ValueError, KeyError, TypeError, AttributeError):
                break
    return Fingerprints("")


def without(spec: Data | None) -> Data | None:
    """The spec without the fingerprints' env (and without an `envs` that held nothing else)."""
    if spec is None or not any(env.get("key") == ENV for env in spec.get("envs") or []):
        return spec
    rest = [env for env in spec["envs"] if env.get("key") != ENV]
    return {**{key: value for key, value in spec.items() if key != "envs"}, **({"envs": rest} if rest else {})}


def write(spec: Data, found: Fingerprints) -> Data:
    """The spec with these fingerprints in place of any other."""
    bare = without(spec) or {}
    if not found.marks:
        return bare
    data = {"v": _VERSIONS[-1], "salt": found.salt, "marks": found.marks, "together": found.together}
    if found.since:
        data["since"] = found.since
    value = json.dumps(data, separators=(",", ":"), sort_keys=True)
    env = {"key": ENV, "value": value, "scope": "BUILD_TIME", "type": "GENERAL"}
    return {**bare, "envs": [*(bare.get("envs") or []), env]}


class Marks:
    """The marks of one run: compares with the old ones, collects the new ones."""

    def __init__(self, old: Fingerprints, given: Given) -> None:
        """Keeps the app's salt, or makes one. `given` are the secrets whose values this run knows."""
        self._old, self._given = old, given
        self._salt = old.salt or base64.b64encode(os.urandom(_SALT_BYTES)).decode()
        # None: yet to be made, when it turns out to be needed.
        self._made: dict[str, str | None] = {}
        self._since: dict[str, str] = {}
        self._hashed: dict[tuple[str, str, int], str] = {}
        self._all_match = bool(given and old.together) and self._mark("", self._joint(set(given))) in old.together

    def _mark(self, name: str, value: str, price: int = 0) -> str:
        price = price or PRICE
        # The same secret sits in several components under one name: hashed once.
        if (name, value, price) not in self._hashed:
            salt = base64.b64decode(self._salt) + name.encode()
            hashed = hashlib.scrypt(value.encode(), salt=salt, n=2**price, r=8, p=1, dklen=4, maxmem=_MEMORY).hex()
            self._hashed[name, value, price] = hashed if price == FORMER_PRICE else f"{price}:{hashed}"
        return self._hashed[name, value, price]

    def _joint(self, slots: set[str]) -> str:
        return json.dumps([[slot, self._given[slot][1]] for slot in sorted(slots)])

    def matches(self, slot: str) -> bool:
        """Whether the value that is given is what was written into the slot the last time."""
        mark = self._old.marks.get(slot)
        if mark is None or self._all_match:
            return mark is not None
        return mark == self._mark(*self._given[slot], 0 if ":" in mark else FORMER_PRICE)

    def keep(self, slot: str) -> None:
        """The slot's secret stays. What is known gets a mark of today's price."""
        mark = self._old.marks.get(slot)
        if mark is not None:
            self._made[slot] = mark if ":" in mark or slot not in self._given else None
            if slot in self._old.since:
                self._since[slot] = self._old.since[slot]

    def renew(self, slot: str) -> None:
        """The slot gets the value that is given."""
        self._made[slot] = None
        self._since[slot] = datetime.now(UTC).date().isoformat()

    def made(self) -> Fingerprints:
        """All marks as they are from now on; those of slots that are gone are gone."""
        known = {slot for slot in self._given if slot in self._made}
        names = {self._given[slot][0] for slot in known}
        parts = [known, *({slot for slot in known if self._given[slot][0] != name} for name in sorted(names))]
        joint = [("", self._joint(part)) for part in parts if part]
        missing = [self._given[slot] for slot, mark in self._made.items() if mark is None]
        # One hash leaves the other cores idle.
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            list(pool.map(lambda secret: self._mark(*secret), dict.fromkeys(joint + missing)))
        marks = {slot: mark or self._mark(*self._given[slot]) for slot, mark in self._made.items()}
        return Fingerprints(self._salt, marks, [self._mark(*pair) for pair in joint], self._since)
