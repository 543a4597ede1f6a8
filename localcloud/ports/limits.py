# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rate limits, as DigitalOcean documents them: per token 5,000 an hour (sliding) and 250 a minute.

All CDN calls together are limited to 5 in 10 seconds (digest §1, §7). Times are of the virtual clock, so that advancing
it frees what was used.
"""

from __future__ import annotations

import math
from collections import deque

from localcloud.ports.errors import MESSAGES, ApiError

HOURLY = 5000
HOUR = 3600.0
BURST = 250
MINUTE = 60.0

# path prefix → (requests, seconds)
SPECIAL = {"/v2/cdn/endpoints": (5, 10.0)}


class Limits:
    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled
        self._used: dict[str, deque[float]] = {}

    def clear(self) -> None:
        self._used.clear()

    def headers(self, token: str, path: str, now: float) -> list[tuple[str, str]]:
        """``ratelimit-*`` for an answer. Switched off, nothing is ever used up.

        Calls with a limit of their own show that one (seen in terraform-provider-digitalocean issue 1086).
        """
        key, most, seconds = token, HOURLY, HOUR
        for prefix, special in self._special(path):
            key, (most, seconds) = f"{token} {prefix}", special
        used = self._window(key, now, seconds)
        oldest = used[0] if used else now
        remaining = most - len(used) if self.enabled else most
        return [
            ("ratelimit-limit", str(most)),
            ("ratelimit-remaining", str(max(0, remaining))),
            ("ratelimit-reset", str(math.ceil(oldest + seconds))),
        ]

    def count(self, token: str, path: str, now: float) -> None:
        """Count a request; 429 when it is one too many (it then does not count)."""
        if not self.enabled:
            return
        used = self._window(token, now, HOUR)
        if len(used) >= HOURLY:
            raise ApiError(429, MESSAGES[429])
        recent = sum(1 for moment in reversed(used) if moment > now - MINUTE) if len(used) >= BURST else 0
        if recent >= BURST:
            raise _burst(used[-BURST] + MINUTE - now)
        for prefix, (most, seconds) in self._special(path):
            special = self._window(f"{token} {prefix}", now, seconds)
            if len(special) >= most:
                raise _burst(special[0] + seconds - now)
            special.append(now)
        used.append(now)

    @staticmethod
    def _special(path: str) -> list[tuple[str, tuple[int, float]]]:
        return [(prefix, limit) for prefix, limit in SPECIAL.items() if f"{path}/".startswith(f"{prefix}/")]

    def _window(self, key: str, now: float, seconds: float) -> deque[float]:
        used = self._used.setdefault(key, deque())
        while used and used[0] <= now - seconds:
            used.popleft()
        return used


def _burst(seconds: float) -> ApiError:
    headers = {"retry-after": str(max(1, math.ceil(seconds))), "ratelimit-remaining": "0"}
    return ApiError(429, MESSAGES[429], headers=headers)
