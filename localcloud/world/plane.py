# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the world may ask of the software behind its records. Here there is none: this is the plane of records only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from localcloud import JSON


@dataclass(frozen=True)
class Look:
    """How a thing is: ``starting``, ``up``, or ``failed`` for a ``reason`` that its kind gives."""

    state: Literal["starting", "up", "failed"]
    reason: JSON = field(default_factory=dict)


UP = Look("up")


class Plane:
    """Nothing runs, and everything is said to: what a world without software answers.

    A thing is known by ``<kind>/<id>``, as in ``database/9cc10173-…``.
    """

    def runs(self, kind: str) -> bool:  # noqa: ARG002
        """Whether there is software behind records of that kind."""
        return False

    def place(self, kind: str, ports: Mapping[str, int]) -> JSON:  # noqa: ARG002
        """Where a new thing of that kind will be reached: service → ``[host, port]``. Nothing when it never will."""
        return {}

    def look(self, key: str) -> Look:  # noqa: ARG002
        return UP

    def figures(self, key: str) -> Mapping[str, float]:  # noqa: ARG002
        """What it was last seen to use, by what its kind calls it; nothing of what does not run."""
        return {}

    def change(self) -> None:
        """The account has changed: what runs may have to follow."""

    def describe(self) -> list[JSON]:
        """``{key, state, reason, lines}`` of everything that should run, for people."""
        return []

    def usage(self) -> JSON:
        """``{key: {memory_mb, cpu_seconds}}``. Slow: to be called in a thread of its own."""
        return {}

    def records(self) -> dict[str, str]:
        """Kinds of which nothing runs, though it should, and why."""
        return {}

    def env(self) -> dict[str, str]:
        """Variables for ``localcloud env``."""
        return {}

    def hosts(self) -> dict[str, str]:
        """Names that lead to this machine, and where."""
        return {}

    def logs(self) -> list[str]:
        """Whose logs there are."""
        return []

    def log_tail(self, key: str, lines: int) -> list[str]:  # noqa: ARG002
        """The last lines of one of them; ValueError when there is none of that name."""
        raise ValueError(f"there is no log of {key}")

    async def settle(self) -> None:
        """Wait, for a while, until what is up has followed the last change."""
