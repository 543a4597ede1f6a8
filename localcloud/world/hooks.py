# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a resource plugs into the world besides its tables and timers.

All are registered at import time, which happens for every resource when a server starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from localcloud.world.world import World

Member = tuple[str, str, str, str]
MemberSource = Callable[[World], Iterable[Member]]
Seeder = Callable[[World, int], None]


class Persistent(Protocol):
    """What lives outside the tables and is kept over a restart."""

    def snapshot(self, world: World) -> Any:
        """What goes into state.json: written later, in another thread, so that no request may change it. Objects in it
        are written as dicts of their attributes."""

    def export(self, world: World) -> Any:
        """The same as plain JSON, with all that lies in files beside it."""

    def restore(self, world: World, data: Any) -> None:
        """Take back what either of them gave."""

    def saved(self, world: World, snapshot: Any) -> None:
        """This is what the file says now: what only the one before it named can go."""


MEMBER_SOURCES: list[MemberSource] = []
SEEDERS: dict[str, Seeder] = {}
RESETTERS: list[Callable[[World], None]] = []
STARTERS: list[Callable[[World], None]] = []
STATES: dict[str, Persistent] = {}
STOPPERS: list[Callable[[World], None]] = []


def member_source(function: MemberSource) -> MemberSource:
    """``def f(world)`` yields ``(vpc_id, urn, name, created_at)`` for what sits in a VPC (true rows, not stale)."""
    MEMBER_SOURCES.append(function)
    return function


def seeder(name: str) -> Callable[[Seeder], Seeder]:
    """``def f(world, count)`` makes somebody else's things; ``POST seed {name: count}`` calls it."""

    def register(function: Seeder) -> Seeder:
        SEEDERS[name] = function
        return function

    return register


def on_start(function: Callable[[World], None]) -> Callable[[World], None]:
    """Run once on an empty world: after start without state, and after each reset (standing keys, default rows)."""
    STARTERS.append(function)
    return function


def on_reset(function: Callable[[World], None]) -> Callable[[World], None]:
    """Run when the account is emptied, for what lives outside the tables (the S3 server's buckets)."""
    RESETTERS.append(function)
    return function


def persistent(name: str, state: Persistent) -> None:
    """State outside the tables, under that name in state.json."""
    STATES[name] = state


def on_stop(function: Callable[[World], None]) -> Callable[[World], None]:
    """Run when the server stops, for what must be closed or removed."""
    STOPPERS.append(function)
    return function
