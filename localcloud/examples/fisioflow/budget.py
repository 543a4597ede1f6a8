# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The share of answers of the last two minutes that were 5xx."""

from __future__ import annotations

import time
from collections import deque

WINDOW = 120.0
MOST = 0.05
# So few answers prove nothing.
LEAST = 20


class Budget:
    def __init__(self) -> None:
        self._answers: deque[tuple[float, bool]] = deque()

    def note(self, status: int) -> None:
        self._answers.append((time.monotonic(), status >= 500))

    def ratio(self) -> tuple[int, float]:
        """How many answers, and the share of errors among them."""
        while self._answers and self._answers[0][0] < time.monotonic() - WINDOW:
            self._answers.popleft()
        count = len(self._answers)
        return count, sum(failed for _at, failed in self._answers) / count if count else 0.0

    def spent(self) -> bool:
        count, share = self.ratio()
        return count >= LEAST and share > MOST
