# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One pace for all that a run asks of an account, whichever worker and host it is for.

DigitalOcean takes a twentieth of an hour's requests a minute: 250 of 5,000. Whoever would be one too many is told so
here, with the time at which it is its turn, as the API would tell: all of them after the same pause would only meet
again.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict, deque
from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Exchange, Received

# Seconds of the window, and the share of an hour's requests that fits in.
MINUTE = 60.0
SHARE = 1 / 20
# Fewer in an hour than this is the limit of one address, not the account's.
LEAST_HOURLY = 1000
# Addresses with a limit of their own: requests, and seconds (the API description says so in words only).
OWN_LIMITS = {"/v2/cdn/endpoints": (5, 10.0)}


class Paces:
    """Of a run: of each token at each host, and there of each address with a limit of its own."""

    def __init__(self) -> None:
        self._accounts: defaultdict[tuple[str, str], Pace] = defaultdict(Pace)
        self._addresses: dict[tuple[str, str, str], Pace] = {}

    def wait(self, exchange: Exchange, now: float) -> float:
        """Seconds until it is its turn, 0 for now: see Pace."""
        own = self._own(exchange)
        return (own.wait(now) if own else 0.0) or self._accounts[_whose(exchange)].wait(now)

    def note(self, exchange: Exchange, received: Received, now: float) -> None:
        """What came of it."""
        if own := self._own(exchange):
            own.hold(received, now)
        self._accounts[_whose(exchange)].note(received, now)

    def _own(self, exchange: Exchange) -> Pace | None:
        path = urlsplit(exchange.url).path
        for prefix, limit in OWN_LIMITS.items():
            if f"{path}/".startswith(f"{prefix}/"):
                return self._addresses.setdefault((*_whose(exchange), prefix), Pace(*limit))
        return None


def _whose(exchange: Exchange) -> tuple[str, str]:
    return urlsplit(exchange.url).netloc, exchange.headers.get("Authorization", "")


class Pace:
    """Of one token; times in seconds, by any clock that only moves forward. `most` in `window`; None: not known yet."""

    def __init__(self, most: int | None = None, window: float = MINUTE) -> None:
        self._most, self._window = most, window
        # When requests were sent, or are to be sent by those who were told to wait.
        self._turns: deque[float] = deque()
        self._awaited: deque[float] = deque()
        self._closed_until = 0.0

    def wait(self, now: float) -> float:
        """Seconds until it is the asker's turn, who then asks again; 0: it is now, and counts as sent."""
        for turns in (self._turns, self._awaited):
            while turns and turns[0] <= now - self._window:
                turns.popleft()
        if self._awaited and self._awaited[0] <= now:
            # Somebody was told to wait until then. Who comes first takes that turn; it counts from now on.
            self._turns.remove(self._awaited.popleft())
            self._turns.append(now)
            return 0.0
        turn = max(now, self._closed_until)
        if self._most is not None and len(self._turns) >= self._most:
            turn = max(turn, self._turns[-self._most] + self._window)
        self._turns.append(turn)
        if turn <= now:
            return 0.0
        self._awaited.append(turn)
        return turn - now

    def note(self, received: Received, now: float) -> None:
        """What an answer tells of the account's limits."""
        limit = received.headers.get("ratelimit-limit", "")
        if not limit.isdigit() or int(limit) < LEAST_HOURLY:
            return
        self._most = int(int(limit) * SHARE)
        self.hold(received, now)

    def hold(self, received: Received, now: float) -> None:
        """After a 429, until the API takes requests again."""
        pause = received.headers.get("retry-after", "")
        if received.status == 429 and re.fullmatch(r"\d{1,4}", pause):
            # Somebody else uses the same token.
            self._closed_until = max(self._closed_until, now + int(pause))


def not_yet(seconds: float) -> Received:
    """What the API would say to one too many."""
    body = {"id": "too_many_requests", "message": "This run has used up the requests of this minute."}
    headers = {"retry-after": str(math.ceil(seconds)), "content-type": "application/json"}
    return Received(429, headers, json.dumps(body).encode())
