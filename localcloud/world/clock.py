# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual clock: real time plus what was advanced, and how long things take."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from localcloud import JSON


def rfc3339(moment: datetime) -> str:
    """``2026-11-24T03:00:00Z``"""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """The reverse of ``rfc3339``; fractions and offsets are understood too."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def factor(speed: str) -> float:
    """What durations are multiplied by: ``instant`` 0, ``real`` 1, ``0.02`` or ``50x`` a fiftieth; else ValueError."""
    text = str(speed).strip().lower()
    if text in ("instant", "real"):
        return 0.0 if text == "instant" else 1.0
    value = float(text.removesuffix("x"))
    if text.endswith("x"):
        value = 1.0 / value if value > 0 else -1.0
    if not 0.0 <= value < float("inf"):
        raise ValueError(f"{speed} is no speed")
    return value


def is_latency(ms: Any) -> bool:
    """Whether every request can wait for so many milliseconds."""
    return isinstance(ms, (int, float)) and not isinstance(ms, bool) and math.isfinite(ms) and ms >= 0


class Clock:
    """Now is the machine's time plus an offset; ``at`` holds it still while a timer runs."""

    def __init__(self, speed: str = "instant") -> None:
        self.speed = speed
        self._factor = factor(speed)
        self._offset = timedelta(0)
        self._held: datetime | None = None

    def now(self) -> datetime:
        return self._held or datetime.now(UTC) + self._offset

    def behind(self) -> float:
        """Seconds between the moment that is held still and now: how much of the time was jumped over."""
        return (datetime.now(UTC) + self._offset - self.now()).total_seconds()

    def scale(self, seconds: float) -> float:
        return seconds * self._factor

    def set_speed(self, speed: str) -> None:
        self._factor = factor(speed)
        self.speed = str(speed)

    def advance(self, seconds: float) -> None:
        """OverflowError past the year 9999, where no clock could be read any more."""
        offset = self._offset + timedelta(seconds=seconds)
        datetime.now(UTC) + offset  # raises before anything is changed
        self._offset = offset

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        previous, self._held = self._held, moment
        try:
            yield
        finally:
            self._held = previous

    def reset(self) -> None:
        self._offset = timedelta(0)

    def dump(self) -> JSON:
        return {"offset": self._offset.total_seconds()}

    def load(self, data: JSON) -> None:
        self._offset = timedelta(seconds=float(data["offset"]))
