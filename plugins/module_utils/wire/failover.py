# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client of Valkey meets while the primary changes: a key of its own that it goes on writing and reading."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

try:
    import valkey
except ImportError:
    valkey = None  # type: ignore[assignment]

# Of the key, which ends by itself whatever becomes of the run; longer than anybody watches.
KEY_SECONDS = 7200
# Between two writes, between two looks at who answers, and between two words on what is going on.
PAUSE, LOOKS_EVERY, TELLS_EVERY = 0.02, 1.0, 10.0


class Writer:
    """Counts up in its key: what it reads before each write tells how many of its acknowledged writes are gone.

    A standby has all writes up to some one, never a later one without those before it.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._client: Any = None
        self.key = f"fisioflow:failover:{secrets.token_hex(8)}"
        self.acknowledged = self._last = self.lost = 0
        self.primaries: list[str] = []
        # Milliseconds from the last acknowledged write to the next one: the most, and where something failed between
        # them, with how the first failure reads.
        self.longest = 0
        self.interruptions: list[Data] = []
        self.still_since = self._answered = time.monotonic()
        self._looked, self._error = 0.0, ""

    @property
    def answers(self) -> bool:
        """Whether its last write was acknowledged."""
        return not self._error

    def step(self) -> None:
        """Read, write, and note what came of it."""
        try:
            if self._client is None or time.monotonic() - self._looked > LOOKS_EVERY:
                self._look()
            held = int(self._client.get(self.key) or 0)
            self.lost += max(0, self._last - held)
            self._client.set(self.key, held + 1, ex=KEY_SECONDS)
        except (valkey.ConnectionError, valkey.TimeoutError, valkey.BusyLoadingError, valkey.ReadOnlyError) as error:
            self._error = self._error or " ".join(str(error).split()) or "the connection was closed"
            self.close()
            return
        except valkey.ValkeyError as error:
            raise Failure(f"Valkey did not take a key: {' '.join(str(error).split())}.") from None
        self._last, self.acknowledged, now = held + 1, self.acknowledged + 1, time.monotonic()
        apart = round((now - self._answered) * 1000)
        self.longest = max(self.longest, apart if self.acknowledged > 1 else 0)
        if self._error:
            self.interruptions.append({"milliseconds": apart, "error": self._error})
            self._error, self.still_since = "", now
        self._answered = now

    def end(self) -> None:
        """Take the key away, as far as anybody answers."""
        with suppress(valkey.ValkeyError):
            if self._client:
                self._client.delete(self.key)
        self.close()

    def close(self) -> None:
        """Give the connection up, which may lead to who is primary no more."""
        if self._client:
            self._client.close()
        self._client = None

    def _look(self) -> None:
        """See who answers: a server that took over, or was started anew, has another id."""
        self._client = self._client or self._connect()
        primary = str(self._client.info("server")["run_id"])
        self._looked = time.monotonic()
        if primary not in self.primaries[-1:]:
            self.primaries.append(primary)
            self.still_since = self._looked


def watch(
    connect: Callable[[], Any],
    *,
    seconds: float,
    settle: float,
    provoke: Callable[[], Any],
    progress: Callable[[str], None],
) -> Data:
    """What the module database_failover tells, by its options. Ends once another primary is still for `settle` s."""
    writer = Writer(connect)
    writer.step()
    if not writer.answers:
        raise Failure("Valkey did not answer before anything was provoked: nothing was done.")
    begun = tells = time.monotonic()
    try:
        provoke()
        while (now := time.monotonic()) - begun < seconds:
            if len(writer.primaries) > 1 and writer.answers and now - writer.still_since >= settle:
                break
            if now - tells >= TELLS_EVERY:
                tells = now
                progress(f"{now - begun:.0f} s, {writer.acknowledged} writes, {_seen(writer)}")
            writer.step()
            time.sleep(PAUSE)
    finally:
        writer.end()
    return {
        "primary_changed": len(writer.primaries) > 1,
        "answers": writer.answers,
        "writes": writer.acknowledged,
        "lost": writer.lost,
        "longest_ms": writer.longest,
        "interruptions": writer.interruptions,
        "seconds": round(time.monotonic() - begun, 1),
    }


def _seen(writer: Writer) -> str:
    if not writer.answers:
        return "nobody answers"
    return "another primary" if len(writer.primaries) > 1 else "the primary is the same"
