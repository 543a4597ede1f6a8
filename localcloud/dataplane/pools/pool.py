# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections that the clients of a pool share."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from localcloud.dataplane.pools import wire
from localcloud.dataplane.pools.backend import Backend

# Seconds that a client waits for a connection, as PgBouncer has it; until the next try at a server that is away.
WAITS = 120.0
AGAIN_AFTER = 0.1
# The server's words while it cannot take anybody: it starts, ends, or recovers; it has no place left.
LATER = ("57P01", "57P02", "57P03", "53300")


@dataclass(frozen=True)
class Settings:
    """``socket``: the server's. ``user``: as whom all come; empty when each comes as himself."""

    socket: str
    database: str
    user: str
    mode: str


class Pool:
    def __init__(self, settings: Settings, user: str, size: int) -> None:
        self.settings, self.user, self.size = settings, user, size
        # What the server tells at a beginning; nothing before anybody has connected.
        self.welcome: dict[str, str] = {}
        self._free: list[Backend] = []
        self._taken: set[Backend] = set()
        self._coming = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    async def take(self) -> Backend:
        """A connection for one transaction, one session, one statement. Refused when there is none in time."""
        try:
            async with asyncio.timeout(WAITS):
                return await self._next()
        except TimeoutError:
            raise wire.Refused("08P01", "query_wait_timeout") from None

    async def _next(self) -> Backend:
        while True:
            while self._free:
                backend = self._free.pop()
                if backend.alive:
                    self._taken.add(backend)
                    return backend
            if len(self._taken) + self._coming < self.size:
                backend = await self._connect()
                self._taken.add(backend)
                return backend
            turn = asyncio.get_running_loop().create_future()
            self._queue.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._call_next()
                raise

    async def _connect(self) -> Backend:
        """When the server is away, it is waited for: so a restart is a pause to those who come by a pool."""
        self._coming += 1
        try:
            while True:
                try:
                    backend = await Backend.connect(self.settings.socket, self.user, self.settings.database)
                except OSError:
                    pass
                except wire.Refused as refused:
                    if wire.error_code(refused.frame) not in LATER:
                        raise
                else:
                    self.welcome = self.welcome or dict(backend.parameters)
                    return backend
                await asyncio.sleep(AGAIN_AFTER)
        finally:
            self._coming -= 1
            self._call_next()

    def resize(self, size: int) -> None:
        """Whoever waits gets the places that a larger size brings; of a smaller one each is closed as it comes back."""
        places = size - self.size
        self.size = size
        for _place in range(places):
            self._call_next()

    def give_back(self, backend: Backend) -> None:
        self._taken.discard(backend)
        if backend.alive and len(self._taken) + len(self._free) < self.size:
            self._free.append(backend)
        else:
            backend.close()
        self._call_next()

    def _call_next(self) -> None:
        """Somebody may have a turn now; he looks for himself."""
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def close(self) -> None:
        for backend in (*self._free, *self._taken):
            backend.close()
