# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a connection stays open on which no request comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

# Seconds that an idle connection stays open. Longer than anybody polls: a client that reuses one at the very moment at
# which it is closed sees a dropped connection.
KEEP_ALIVE = 75

# Seconds in which a request's head must have come, from its first byte on: who sends it byte by byte takes a place.
HEAD_TIMEOUT = 20


class Patience:
    """Of one connection; ``end`` closes it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, end: Callable[[], object]) -> None:
        self._loop = loop
        self._end = end
        self._waiting: asyncio.TimerHandle | None = None
        self._head_begun = False

    def with_silence(self) -> None:
        self._wait(KEEP_ALIVE)

    def with_a_head(self) -> None:
        """Something of one has come; from the first time on that it is said."""
        if not self._head_begun:
            self._wait(HEAD_TIMEOUT)
            self._head_begun = True

    def stop(self) -> None:
        """The request is there."""
        self._head_begun = False
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _wait(self, seconds: float) -> None:
        self.stop()
        self._waiting = self._loop.call_later(seconds, self._end)
