# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounded waiting: look, back off, look again, and say what is going on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar, cast

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, capital

T = TypeVar("T")

FIRST_DELAY = 0.2
LONGEST_DELAY = 10.0
# Each pause is this share of the time already waited: a wait of four minutes ends at most 4 % late, and costs no more
# than some hundred calls; a wait of a second is noticed after a fifth of one.
SHARE = 0.04
# Waits shorter than this say nothing; longer ones speak at each change of state and every so often.
SILENT_FOR = 3.0
SPEAK_EVERY = 15.0
# Seconds after which a cancelled run is noticed at the latest, also in the middle of a call.
HEEDS_SIGNALS_EVERY = 0.5


@dataclass(frozen=True)
class Look(Generic[T]):
    """What one look found: the value, the state in the API's words, and whether the wait is over."""

    value: T
    state: str
    done: bool


class Clock:
    """Time, so that tests need none of it."""

    def now(self) -> float:
        """Seconds on a clock that only moves forward."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Pause."""
        time.sleep(seconds)


def within(seconds: float, call: Callable[[], T], late: Exception) -> T:
    """What `call` returns or raises, or `late` raised when it has not ended after so many seconds.

    It is left to itself then, in a thread that keeps nobody from ending: neither a look-up of a name nor an answer that
    comes byte by byte can be interrupted from here.
    """
    outcome: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as error:
            outcome.put((None, error))

    Thread(target=run, daemon=True).start()
    until = time.monotonic() + seconds
    while True:
        # In short waits: a signal that the other thread has received is only handled when this one wakes.
        remaining = until - time.monotonic()
        try:
            value, error = outcome.get(timeout=max(0.0, min(remaining, HEEDS_SIGNALS_EVERY)))
        except Empty:
            if remaining <= HEEDS_SIGNALS_EVERY:
                raise late from None
        else:
            break
    if error is not None:
        raise error
    return cast("T", value)


def pauses(clock: Clock, since: float) -> float:
    """How long to pause next in a wait that began at `since`."""
    return min(LONGEST_DELAY, max(FIRST_DELAY, SHARE * (clock.now() - since)))


def wait_until(
    look: Callable[[], Look[T]],
    *,
    what: str,
    goal: str,
    timeout: float,
    clock: Clock,
    progress: Callable[[str], None],
    next_step: str,
) -> T:
    """Call `look` until it is done and return its value.

    `what` names the resource ('database cluster "db"'), `goal` what is waited for ("online"). Raises Failure with the
    resource, its last state, the elapsed time and `next_step` when `timeout` seconds have passed.
    """
    start = clock.now()
    said, said_at = "", start
    while True:
        found = look()
        elapsed = clock.now() - start
        if found.done:
            return found.value
        if elapsed >= timeout:
            raise Failure(
                f"{capital(what)} was still {found.state or 'unknown'} and not {goal} after "
                f"{elapsed:.0f} s (wait_timeout). {next_step}"
            )
        if elapsed >= SILENT_FOR and (found.state != said or clock.now() - said_at >= SPEAK_EVERY):
            progress(f"{what}: {found.state or 'waiting'}, {elapsed:.0f} s")
            said, said_at = found.state, clock.now()
        clock.sleep(min(pauses(clock, start), max(0.0, start + timeout - clock.now())))
