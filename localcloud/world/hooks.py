# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a resource package plugs into what is not an operation of the API.

All are registered at import time, which happens for every package below ``localcloud`` when a server starts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from localcloud.instance.server import Server
    from localcloud.ports.exchange import Answer, Call
    from localcloud.world.world import World

Member = tuple[str, str, str, str]
MemberSource = Callable[["World"], Iterable[Member]]
Seeder = Callable[["World", int], None]
SpacesFront = Callable[["Call"], Awaitable["Answer"]]
SpacesBuilder = Callable[["Server"], SpacesFront]
SpacesFailure = Callable[["Call", int, str, dict[str, str]], "Answer"]


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
SPACES_FRONTS: list[SpacesBuilder] = []
SPACES_FAILURES: list[SpacesFailure] = []
ENV_SOURCES: list[Callable[[Server], dict[str, str]]] = []


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


def spaces_front(build: SpacesBuilder) -> SpacesBuilder:
    """``def build(server)`` gives what answers the Spaces port: ``async def front(call: Call) -> Answer``.

    It has ``server.world`` and ``server.spaces_url``.
    The core puts faults, latency and journal around it: set ``answer.operation`` (``s3:PutBucketAcl``),
    ``answer.effect`` and ``answer.token`` (the access key's id).
    """
    SPACES_FRONTS.append(build)
    return build


def spaces_failure(render: SpacesFailure) -> SpacesFailure:
    """``def render(call, status, message, headers) -> Answer``: an injected error in S3's shape."""
    SPACES_FAILURES.append(render)
    return render


def env_source(function: Callable[[Server], dict[str, str]]) -> Callable[[Server], dict[str, str]]:
    """``def f(server)`` gives more variables for ``localcloud env``; their names stand in ``home.VARIABLES`` too."""
    ENV_SOURCES.append(function)
    return function
