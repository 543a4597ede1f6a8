# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lists held a moment ago, for all that run in a process: the items of a loop, one after the other or in threads.

No stale truth: what was read while something was written is not remembered, and a write forgets everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Lock
from typing import Any

# Rows, and the date of the answer.
Read = tuple[list[dict[str, Any]], str]
# Seconds: enough for the items of a loop, too short for `until` to see the past.
SPAN = 2.0


class Memory:
    """Lists by their places; whoever wants one that somebody is reading just now waits for that one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[Any, tuple[float, Read]] = {}
        self._under_way: dict[Any, Event] = {}
        # Writes that have begun or ended.
        self._writes = 0

    def clear(self) -> None:
        """Something is about to be written, or has been."""
        with self._lock:
            self._writes += 1
            self._kept.clear()
            # Who comes from now on does not wait for what began before.
            self._under_way.clear()

    def read(self, place: Any, read: Callable[[], Read], *, fresh: bool = False) -> Read:
        """What is remembered of a place, or what `read` returns; `fresh` asks in any case."""
        with self._lock:
            known = None if fresh else self._known(place)
            other = None if fresh or known else self._under_way.get(place)
        if other is not None:
            other.wait()
            with self._lock:
                # Nothing, if that reader failed or something was written: then everybody asks for themselves.
                known = self._known(place)
        return known or self._read(place, read)

    def _known(self, place: Any) -> Read | None:
        at, found = self._kept.get(place, (-SPAN, None))
        return found if time.monotonic() - at < SPAN else None

    def _read(self, place: Any, read: Callable[[], Read]) -> Read:
        done = Event()
        with self._lock:
            writes = self._writes
            self._under_way.setdefault(place, done)
        try:
            found = read()
            with self._lock:
                if writes == self._writes:
                    self._kept[place] = (time.monotonic(), found)
        finally:
            with self._lock:
                if self._under_way.get(place) is done:
                    del self._under_way[place]
            done.set()
        return found
