# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One pace for all that a run asks of an account, whichever worker and host it is for.

Whoever would be one too many (limits.py) is told so here, with the time at which it is its turn, as the API would tell:
all of them after the same pause would only meet again.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable
from contextlib import suppress
from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import limits
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ahead import KEEP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Exchange, Received

# Requests take a while to get there, some longer than others.
SLACK = 1.0
# Seconds that a turn is kept for whoever was told to come back then.
KEPT = 60.0


class Paces:
    """Of a run: of each token at each host, and there of each address with a limit of its own."""

    def __init__(self) -> None:
        self._accounts: defaultdict[tuple[str, str], Pace] = defaultdict(Pace)
        self._addresses: dict[tuple[str, str, str], Pace] = {}

    def wait(self, exchange: Exchange, asker: Hashable, now: float) -> float:
        """Seconds until it is its turn, which then asks again; 0: it is now, and counts as sent."""
        question = (asker, exchange.method, exchange.url)
        paces = [self._accounts[_whose(exchange)], *self._own(exchange)]
        kept = [pace.gives_back(question, now) for pace in paces]
        # Nobody else has got it meanwhile, or a crowd would let some wait for ever.
        turn = now if all(kept) else max(pace.next_turn(now) for pace in paces)
        # What is asked ahead does not come back for a turn.
        for pace in paces if turn == now or exchange.ahead != KEEP else ():
            pace.reserve(turn, question if turn > now else None)
        return turn - now

    def note(self, exchange: Exchange, received: Received, now: float) -> None:
        """What came of it: an answer tells of one limit, the address's own where it has one."""
        if hourly := limits.hourly(received.headers):
            self._accounts[_whose(exchange)].note(received, int(hourly * limits.SHARE_OF_A_MINUTE), now)
        elif (limit := received.headers.get("ratelimit-limit", "")).isdigit():
            for own in self._own(exchange):
                own.note(received, int(limit), now)

    def _own(self, exchange: Exchange) -> list[Pace]:
        path = urlsplit(exchange.url).path
        return [
            self._addresses.setdefault((*_whose(exchange), prefix), Pace(*limit))
            for prefix, limit in limits.OF_ADDRESSES.items()
            if f"{path}/".startswith(f"{prefix}/")
        ]


def _whose(exchange: Exchange) -> tuple[str, str]:
    return urlsplit(exchange.url).netloc, exchange.whose


class Pace:
    """Of one limit: `most` in `window` seconds, None: not known yet. Times by any clock that only moves forward."""

    def __init__(self, most: int | None = None, window: float = limits.MINUTE) -> None:
        self._most, self._window = most, window + SLACK
        # When requests were sent, or are to be sent by those who were told to wait; of the latter, what each asks.
        self._turns: list[float] = []
        self._awaited: list[tuple[float, Hashable]] = []
        self._closed_until = 0.0

    def gives_back(self, question: Hashable, now: float) -> bool:
        """Whether a turn was kept for this question, and its time has come. It is free again."""
        self._awaited = [turn for turn in self._awaited if turn[0] > now - KEPT]
        mine = next((turn for turn in self._awaited if turn[1] == question and turn[0] <= now), None)
        if mine is not None:
            self._awaited.remove(mine)
            with suppress(ValueError):
                self._turns.remove(mine[0])
        return mine is not None

    def next_turn(self, now: float) -> float:
        """When one more can be sent."""
        del self._turns[: bisect_right(self._turns, now - self._window)]
        turn = max(now, self._closed_until)
        if self._most is not None and len(self._turns) >= self._most:
            turn = max(turn, self._turns[-self._most] + self._window)
        return turn

    def reserve(self, turn: float, question: Hashable | None) -> None:
        """Count it as sent then; it is kept for a `question` if that has to wait."""
        insort(self._turns, turn)
        if question is not None:
            self._awaited.append((turn, question))

    def note(self, received: Received, most: int, now: float) -> None:
        """What an answer tells of this limit."""
        # One that has used nothing up is not counted.
        left = received.headers.get("ratelimit-remaining")
        self._most = None if left == received.headers["ratelimit-limit"] else most
        if received.status == 429 and (pause := limits.retry_after(received.status, received.headers)):
            # Somebody else uses the same token.
            self._closed_until = max(self._closed_until, now + pause)


def not_yet(seconds: float) -> Received:
    """What the API would say to one too many."""
    body = {"id": "too_many_requests", "message": "This run has used up the requests of this minute."}
    headers = {"retry-after": str(math.ceil(seconds)), "content-type": "application/json"}
    return Received(429, headers, json.dumps(body).encode())
