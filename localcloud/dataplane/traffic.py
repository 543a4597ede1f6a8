# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What passed through a proxy in the last minute, from what it notes of each request."""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path

WINDOW = 60.0


class Traffic:
    """``told`` finds ``status`` and ``seconds`` in a line of the log."""

    def __init__(self, log: Path, told: re.Pattern[bytes]) -> None:
        self._log, self._told = log, told
        self._at = log.stat().st_size if log.exists() else 0
        self._requests: deque[tuple[float, int, float]] = deque()

    def read(self, now: float) -> None:
        """Take in what came since; ``now`` in seconds, of any clock that only goes forward."""
        with self._log.open("rb") as file:
            size = file.seek(0, 2)
            # One that had grown too large was begun anew.
            file.seek(self._at if self._at <= size else 0)
            whole, newline, _rest = file.read().rpartition(b"\n")
            self._at = (self._at if self._at <= size else 0) + len(whole) + len(newline)
        for line in whole.splitlines():
            if found := self._told.search(line):
                self._requests.append((now, int(found["status"]), float(found["seconds"])))
        while self._requests and self._requests[0][0] < now - WINDOW:
            self._requests.popleft()

    def figures(self) -> dict[str, float]:
        """``requests``; per cent of errors (``4xx``, ``5xx``); milliseconds (``mean``, ``50p``, ``95p``, ``99p``)."""
        count = len(self._requests)
        if not count:
            return dict.fromkeys(("requests", "4xx", "5xx", "mean", "50p", "95p", "99p"), 0.0)
        times = sorted(seconds * 1000 for _at, _status, seconds in self._requests)
        share = {
            f"{kind}xx": 100 * sum(status // 100 == kind for _at, status, _seconds in self._requests) / count
            for kind in (4, 5)
        }
        points = {f"{point}p": times[min(count - 1, count * point // 100)] for point in (50, 95, 99)}
        return {"requests": count, **share, "mean": sum(times) / count, **points}
