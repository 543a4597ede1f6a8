# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: rules that say which request meets which misfortune."""

from __future__ import annotations

import asyncio
import fnmatch
import random
import re
from dataclasses import dataclass, field

from localcloud import JSON
from localcloud.ports.words import KINDS, METHODS, PORTS, WRITE_METHODS

# Fields of a rule → their types.
_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("method", "path", "port", "body"), str),
    **dict.fromkeys(("status", "count", "skip", "reads"), int),
    **dict.fromkeys(("probability", "seconds"), (int, float)),
    "writes_only": bool,
}

# What only a regular expression contains; braces are no sign of one, since path templates have them.
_REGEX = re.compile(r"[\\^$+()|\[\]]|\.\*")


def pattern_of(path: str) -> re.Pattern[str]:
    """A regular expression (searched for), a glob (``*`` spans slashes too) or a template (``{id}`` is one segment)."""
    if _REGEX.search(path):
        return re.compile(path)
    glob = re.sub(r"\{[^}/]*\}", "\0", path)
    return re.compile(r"\A" + fnmatch.translate(glob).replace("\0", "[^/]+"))


@dataclass
class Rule:
    """One rule. Without ``count`` and ``probability`` it fires on every match.

    ``when``: before or after the effect. ``skip``: so many matches pass first. ``seconds``: of latency; of hanging; of
    staleness (virtual); of ``retry-after`` with 429 and 503; between the bytes that drip. ``reads``: a stale row shows
    itself after so many reads. ``port``: ``api`` or ``spaces`` (None: both). ``body``: a text to send instead of the
    usual error document, for what something in between says that is no API: HTML, or with status 200 nothing at all.
    """

    kind: str
    method: str = "*"
    path: str = "*"
    when: str = "before"
    status: int = 503
    count: int | None = None
    probability: float | None = None
    seed: int = 0
    skip: int = 0
    writes_only: bool = False
    seconds: float | None = None
    reads: int | None = None
    port: str | None = None
    body: str | None = None
    id: int = 0
    matched: int = 0
    fired: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def __post_init__(self) -> None:
        # What would only show when a request comes, or let the rule never fire, is said now.
        for name, kinds in _TYPES.items():
            value = getattr(self, name)
            left_out = value is None and self.__dataclass_fields__[name].default is None
            if not left_out and (not isinstance(value, kinds) or isinstance(value, bool) is not (kinds is bool)):
                raise ValueError(f"{name} cannot be {value!r}")
        self.method = self.method.upper()
        if self.method not in ("*", *METHODS):
            raise ValueError(f"method must be one of {', '.join(METHODS)} or *, not {self.method!r}")
        if self.port not in (None, *PORTS):
            raise ValueError(f"port must be {' or '.join(PORTS)}, not {self.port!r}")
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if self.when not in ("before", "after"):
            raise ValueError(f"when must be before or after, not {self.when!r}")
        if self.kind == "stale" and self.seconds is None and self.reads is None:
            raise ValueError("stale needs seconds or reads")
        if self.kind == "latency" and self.seconds is None:
            raise ValueError("latency needs seconds")
        if self.kind == "drip" and not self.seconds:
            raise ValueError("drip needs seconds: the time between two bytes")
        if not 200 <= self.status <= 599 or (self.status < 400 and self.body is None):
            raise ValueError(f"status must be an error (400 to 599), or with a body 200 to 599, not {self.status}")
        self._pattern = pattern_of(self.path)
        self._random = random.Random(self.seed)

    @property
    def answered(self) -> int:
        """The status of what it says."""
        return 429 if self.kind == "burst" else self.status

    @property
    def fatal(self) -> bool:
        """Whether the request gets something else than its answer."""
        return self.kind not in ("latency", "stale", "drip")

    def fires(self, port: str, method: str, path: str) -> bool:
        """Whether this request is hit. Counts it, so ask once per request."""
        if self.count is not None and self.fired >= self.count:
            return False
        if self.port not in (None, port) or self.method not in ("*", method):
            return False
        if self.writes_only and method not in WRITE_METHODS:
            return False
        if not self._pattern.search(path):
            return False
        self.matched += 1
        if self.matched <= self.skip:
            return False
        if self.probability is not None and self._random.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def describe(self) -> JSON:
        names = (
            "id",
            "kind",
            "method",
            "path",
            "when",
            "status",
            "count",
            "probability",
            "seed",
            "skip",
            "writes_only",
        )
        return {name: getattr(self, name) for name in (*names, "seconds", "reads", "port", "matched", "fired")}


class Faults:
    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._next_id = 1

    def add(self, options: JSON) -> Rule:
        """A new rule; ValueError says what is wrong with it."""
        known = set(Rule.__dataclass_fields__) - {"id", "matched", "fired", "released"}
        unknown = sorted(set(options) - known)
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}; a rule has {', '.join(sorted(known))}")
        if "kind" not in options:
            raise ValueError(f"kind is missing: one of {', '.join(KINDS)}")
        try:
            rule = Rule(**options)
        except re.error as error:
            raise ValueError(f"path {options['path']!r} is no pattern: {error}") from None
        rule.id, self._next_id = self._next_id, self._next_id + 1
        self._rules.append(rule)
        return rule

    def hits(self, port: str, method: str, path: str) -> list[Rule]:
        """The rules that this request meets, in the order in which they were made.

        Only one can end it: once one has, others of that sort are not asked, so that they keep their count for later.
        """
        found: list[Rule] = []
        for rule in self._rules:
            ended = rule.fatal and any(other.fatal for other in found)
            if not ended and rule.fires(port, method, path):
                found.append(rule)
        return found

    def clear(self, id: int | None = None) -> int:
        """Forget the rule, or all; requests that hang on them go on. How many were forgotten."""
        gone = [rule for rule in self._rules if id is None or rule.id == id]
        self._rules = [rule for rule in self._rules if rule not in gone]
        for rule in gone:
            rule.released.set()
        return len(gone)

    def describe(self) -> list[JSON]:
        return [rule.describe() for rule in self._rules]
