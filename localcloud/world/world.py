# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one account: tables of records, a virtual clock, timers, and a seeded source of ids.

One world per server, touched only from its event loop, so nothing is locked. Everything in it is JSON, so that it can
be written to a file and read again (``World.dump``, ``World.load``).
"""

from __future__ import annotations

import marshal
import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from localcloud import JSON
from localcloud.world.clock import Clock, rfc3339
from localcloud.world.plane import Plane
from localcloud.world.table import Table, Turn

TimerFunction = Callable[..., None]

TIMERS: dict[str, TimerFunction] = {}
DURATIONS: dict[str, float] = {}

# More due timers than this in one go means that one re-arms itself without waiting.
MAX_TIMERS = 100_000


def timer(name: str) -> Callable[[TimerFunction], TimerFunction]:
    """Register ``def f(world, **kwargs)`` to be run by ``World.after(…, name, …)``."""

    def register(function: TimerFunction) -> TimerFunction:
        TIMERS[name] = function
        return function

    return register


def duration(name: str, seconds: float) -> None:
    """Declare how long something takes at ``speed=real``."""
    DURATIONS[name] = seconds


class World:
    """Everything that the account holds."""

    def __init__(self, seed: int | str = 0, speed: str = "instant", home: Path | None = None) -> None:
        self.clock = Clock(speed)
        self.seed = seed
        self.random = random.Random(seed)
        self.tables: dict[str, Table] = {}
        self.timers: list[JSON] = []
        self._order = 0
        # The certificate (PEM) of the instance's authority, once it serves: databases hand it out.
        self.ca_pem = b""
        # The folder of the instance; None for a world without one.
        self.home = home
        self.turn = Turn(self.clock)
        # What runs behind the records.
        self.plane = Plane()

    def table(self, name: str) -> Table:
        """The table of that name, made on first use."""
        if name not in self.tables:
            self.tables[name] = Table(self.turn)
        return self.tables[name]

    # -- time ------------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The virtual clock; inside a timer, when that was due, or what it had to wait for was there."""
        return self.clock.now()

    def timestamp(self, moment: datetime | None = None) -> str:
        """RFC 3339 in UTC, whole seconds: ``2026-11-24T03:00:00Z``."""
        return rfc3339(moment or self.now())

    def after(self, wait: str | float, name: str, *, needs: str = "", **kwargs: Any) -> None:
        """Run the timer ``name`` when the named duration has passed, and no sooner than the thing that it ``needs`` is
        up or has failed (``Plane.look``).

        A number instead of a name is virtual seconds that no speed shortens (a daily backup, an expiry).
        """
        if name not in TIMERS:
            raise KeyError(f"no timer is called {name}")
        seconds = self.clock.scale(DURATIONS[wait]) if isinstance(wait, str) else float(wait)
        self._order += 1
        due = self.now() + timedelta(seconds=seconds)
        entry = {"due": due.timestamp(), "order": self._order, "name": name, "kwargs": kwargs}
        self.timers.append({**entry, "needs": needs} if needs else entry)

    def cancel(self, name: str, **kwargs: Any) -> int:
        """Drop the pending timers of that name whose arguments include ``kwargs``; how many they were."""
        keep = [t for t in self.timers if t["name"] != name or any(t["kwargs"].get(k) != v for k, v in kwargs.items())]
        dropped = len(self.timers) - len(keep)
        self.timers = keep
        return dropped

    def run_timers(self) -> int:
        """Run what is due, in the order of time, including what those timers start; how many ran."""
        ran = 0
        now = self.clock.now().timestamp()
        while True:
            due = [entry for entry in self.timers if entry["due"] <= now and not self._waits(entry)]
            if not due:
                break
            entry = min(due, key=lambda t: (t["due"], t["order"]))
            self.timers.remove(entry)
            ran += 1
            if ran > MAX_TIMERS:
                raise RuntimeError(f"timer {entry['name']} re-arms itself without waiting")
            # What had to wait for something happens when that is there.
            moment = self.clock.now() if entry.get("waited") else datetime.fromtimestamp(entry["due"], UTC)
            with self.clock.at(moment):
                TIMERS[entry["name"]](self, **entry["kwargs"])
        return ran

    def _waits(self, entry: JSON) -> bool:
        waits = bool(entry.get("needs")) and self.plane.look(entry["needs"]).state == "starting"
        if waits:
            entry["waited"] = True
        return waits

    def advance(self, seconds: float) -> int:
        """Move the clock forward and run what became due."""
        self.clock.advance(seconds)
        return self.run_timers()

    # -- ids -------------------------------------------------------------------------------------------------------

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def token_hex(self, nbytes: int) -> str:
        """``2 × nbytes`` hexadecimal digits."""
        return f"{self.random.getrandbits(8 * nbytes):0{2 * nbytes}x}"

    # -- requests --------------------------------------------------------------------------------------------------

    def begin(self, reading: bool) -> int:
        """A request starts: what is due happens first; how many timers that were."""
        self.turn.number += 1
        self.turn.reading = reading
        return self.run_timers()

    def fingerprint(self) -> bytes:
        """Equal before and after when a request has changed nothing. (Version 2 of marshal keeps no references.)"""
        # A table that somebody has only looked into is empty, and no change.
        return marshal.dumps([table.dump() for table in self.tables.values() if len(table)], 2)

    # -- persistence -----------------------------------------------------------------------------------------------

    def dump(self) -> JSON:
        """All of it, as it is now: a copy that later requests do not change."""
        copied: JSON = marshal.loads(marshal.dumps(self._all(), 2))  # noqa: S302
        return copied

    def _all(self) -> JSON:
        version, internal, gauss = self.random.getstate()
        return {
            "clock": self.clock.dump(),
            "random": [version, list(internal), gauss],
            "tables": {name: table.dump() for name, table in self.tables.items()},
            "timers": self.timers,
        }

    def load(self, data: JSON) -> None:
        self.clock.load(data["clock"])
        version, internal, gauss = data["random"]
        self.random.setstate((version, tuple(internal), gauss))
        for table in self.tables.values():
            table.clear()
        for name, rows in data["tables"].items():
            self.table(name).load(rows)
        self.timers = [dict(entry) for entry in data["timers"]]
        self._order = max((entry["order"] for entry in self.timers), default=0)

    def clear(self) -> None:
        """Back to an empty account: no rows, no timers, the clock on real time, ids from the start again."""
        for table in self.tables.values():
            table.clear()
        self.timers.clear()
        self._order = 0
        self.clock.reset()
        self.random.seed(self.seed)
