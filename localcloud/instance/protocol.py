# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection of a client."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds that an idle connection stays open. Longer than anybody polls: a client that reuses one at the very moment at
# which it is closed sees a dropped connection.
KEEP_ALIVE = 75

# Seconds in which a request's head must have come, from its first byte on: who sends it byte by byte takes a place.
HEAD_TIMEOUT = 20


class Protocol(H11Protocol):
    """Gives the application its connection, so that a fault can cut it, and cuts one whose request does not come."""

    _waiting: asyncio.TimerHandle | None = None
    _head_begun = False

    def connection_made(self, transport: Any) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)
        self._wait(KEEP_ALIVE)

    def data_received(self, data: bytes) -> None:
        if self._idle() and not self._head_begun:
            self._head_begun = True
            self._wait(HEAD_TIMEOUT)
        super().data_received(data)
        if not self._idle():
            self._head_begun = False
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _idle(self) -> bool:
        """No request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
