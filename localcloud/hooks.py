# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a resource package plugs into what is not an operation of the API.

All are registered at import time, which happens for every package below ``localcloud`` when a server starts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localcloud.server import Server
    from localcloud.world import World

Member = tuple[str, str, str, str]
MemberSource = Callable[["World"], Iterable[Member]]
Seeder = Callable[["World", int], None]
AsgiApp = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]

MEMBER_SOURCES: list[MemberSource] = []
SEEDERS: dict[str, Seeder] = {}
RESETTERS: list[Callable[["World"], None]] = []
STARTERS: list[Callable[["World"], None]] = []
DUMPERS: dict[str, tuple[Callable[["World"], Any], Callable[["World", Any], None]]] = {}
SPACES_FRONTS: list[Callable[["Server"], AsgiApp]] = []
STATUS_SOURCES: dict[str, Callable[["World"], Any]] = {}


def member_source(function: MemberSource) -> MemberSource:
    """``def f(world)`` yields ``(vpc_id, urn, name, created_at)`` for whatever sits in a VPC (true rows, not stale ones)."""
    MEMBER_SOURCES.append(function)
    return function


def seeder(name: str) -> Callable[[Seeder], Seeder]:
    """``def f(world, count)`` makes somebody else's things; ``POST seed {name: count}`` calls it."""

    def register(function: Seeder) -> Seeder:
        SEEDERS[name] = function
        return function

    return register


def on_start(function: Callable[["World"], None]) -> Callable[["World"], None]:
    """Run once on an empty world: after start without state, and after each reset (standing keys, default rows)."""
    STARTERS.append(function)
    return function


def on_reset(function: Callable[["World"], None]) -> Callable[["World"], None]:
    """Run when the account is emptied, for what lives outside the tables (the S3 server's buckets)."""
    RESETTERS.append(function)
    return function


def persistent(name: str, dump: Callable[["World"], Any], load: Callable[["World", Any], None]) -> None:
    """State outside the tables: ``dump`` gives JSON for state.json, ``load`` takes it back."""
    DUMPERS[name] = (dump, load)


def spaces_front(build: Callable[["Server"], AsgiApp]) -> Callable[["Server"], AsgiApp]:
    """``def build(server)`` gives the ASGI application of the Spaces port.

    It has ``server.world``, ``server.home``, ``server.journal`` and ``server.faults`` (see ``server.wrap``, which applies
    faults, latency and the journal around an ASGI application).
    """
    SPACES_FRONTS.append(build)
    return build


def status_source(name: str) -> Callable[[Callable[["World"], Any]], Callable[["World"], Any]]:
    """``def f(world)`` gives JSON shown under ``name`` by ``GET status``."""

    def register(function: Callable[["World"], Any]) -> Callable[["World"], Any]:
        STATUS_SOURCES[name] = function
        return function

    return register
