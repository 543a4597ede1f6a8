# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was answered a moment ago, and what is just being asked: kept by whoever holds the connections.

No stale truth: what was asked for before a write ended is not remembered, nor waited for by who asks after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

# Seconds: enough for the items of a loop, too short for `until` to see the past.
SPAN = 2.0


class Memory(Generic[T]):
    """Answers of the last `span` seconds by what was asked; whoever wants one that somebody is bringing just now waits
    for that one.
    """

    def __init__(self, span: float = SPAN) -> None:
        self._span = span
        self._lock = Lock()
        # With the time at which it came; until then it is under way.
        self._answers: dict[Hashable, tuple[Future[T], float | None]] = {}

    def forget(self) -> None:
        """Something is about to be written, or has been."""
        with self._lock:
            self._answers.clear()

    def ask(self, question: Hashable) -> tuple[Future[T], bool]:
        """The answer, and whether it is for the caller to bring it."""
        with self._lock:
            answer, came = self._answers.get(question, (None, None))
            if answer is None or (came is not None and time.monotonic() - came >= self._span):
                answer = Future()
                self._answers[question] = answer, None
                return answer, True
            return answer, False

    def take(self, question: Hashable) -> Future[T] | None:
        """The answer, or None; there is none for who asks after this."""
        with self._lock:
            answer, came = self._answers.pop(question, (None, None))
            return None if came is not None and time.monotonic() - came >= self._span else answer

    @contextmanager
    def bringing(self, question: Hashable, answer: Future[T]) -> Iterator[Callable[[T, bool], None]]:
        """For what is brought, and whether it is to be remembered. Who waits for one that fails asks anew."""
        brought: list[tuple[T, bool]] = []
        try:
            yield lambda value, keep: brought.append((value, keep))
        except BaseException as error:
            self._settle(question, answer, keep=False)
            answer.set_exception(error)
            raise
        [(value, keep)] = brought
        self._settle(question, answer, keep=keep)
        answer.set_result(value)

    def _settle(self, question: Hashable, answer: Future[T], *, keep: bool) -> None:
        with self._lock:
            # Not if it has been forgotten meanwhile: then there is none, or another one.
            if self._answers.get(question, (None,))[0] is answer:
                if keep:
                    self._answers[question] = answer, time.monotonic()
                else:
                    del self._answers[question]
