# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of records by id, with the eventual consistency that a ``stale`` fault asks for."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

from localcloud import JSON
from localcloud.world.clock import Clock


@dataclass
class Turn:
    """The request whose turn it is: what may be late is late for readers only, and by the virtual clock."""

    clock: Clock
    reading: bool = False
    number: int = 0


@dataclass
class Shadow:
    """What readers still see of a row: ``record`` (None: nothing) until the time has come or the reads are used up."""

    record: JSON | None
    until: float | None
    reads: int | None
    seen_in: int = -1


class Table:
    """Records are dicts of JSON, kept in order of insertion and changed in place by their owners."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._rows: dict[str, JSON] = {}
        self._shadows: dict[str, Shadow] = {}

    def insert(self, id: str, record: JSON) -> JSON:
        self._rows[id] = record
        return record

    def delete(self, id: str) -> JSON | None:
        return self._rows.pop(id, None)

    def get(self, id: str) -> JSON | None:
        """The record as a client may see it now, or None."""
        if id in self._shadows:
            hidden, record = self._look(id)
            if hidden:
                return record
        return self._rows.get(id)

    def all(self) -> list[JSON]:
        """The records as a client may see them now."""
        if not self._shadows:
            return list(self._rows.values())
        found = (self.get(id) for id in list(dict.fromkeys([*self._rows, *self._shadows])))
        return [record for record in found if record is not None]

    def peek(self, id: str) -> JSON | None:
        """The true record, or None."""
        return self._rows.get(id)

    def everything(self) -> list[JSON]:
        """All true records."""
        return list(self._rows.values())

    def items(self) -> list[tuple[str, JSON]]:
        """All true ``(id, record)``."""
        return list(self._rows.items())

    def __contains__(self, id: str) -> bool:
        return self.get(id) is not None

    def __getitem__(self, id: str) -> JSON:
        return self._rows[id]

    def __setitem__(self, id: str, record: JSON) -> None:
        self._rows[id] = record

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._rows))

    def __len__(self) -> int:
        return len(self._rows)

    def _look(self, id: str) -> tuple[bool, JSON | None]:
        shadow = self._shadows[id]
        # A row that is still there but was changed must be written to as it is, not as readers see it.
        if not self._turn.reading and shadow.record is not None:
            return False, None
        if shadow.until is not None and self._turn.clock.now().timestamp() >= shadow.until:
            del self._shadows[id]
            return False, None
        if shadow.reads is not None and shadow.seen_in != self._turn.number:
            if shadow.reads <= 0:
                del self._shadows[id]
                return False, None
            shadow.reads -= 1
            shadow.seen_in = self._turn.number
        return True, shadow.record

    def snapshot(self) -> dict[str, JSON]:
        return copy.deepcopy(self._rows)

    def hide(self, before: dict[str, JSON], seconds: float | None, reads: int | None) -> None:
        """Let readers see ``before`` instead of what has changed since, for so long."""
        until = None if seconds is None else self._turn.clock.now().timestamp() + seconds
        for id in {*before, *self._rows}:
            if before.get(id) != self._rows.get(id):
                self._shadows[id] = Shadow(before.get(id), until, reads)

    def clear(self) -> None:
        self._rows.clear()
        self._shadows.clear()

    def dump(self) -> dict[str, JSON]:
        return self._rows

    def load(self, rows: dict[str, JSON]) -> None:
        self.clear()
        self._rows.update(copy.deepcopy(rows))
