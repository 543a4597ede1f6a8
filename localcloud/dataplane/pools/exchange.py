# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which answer belongs to which request, and whose prepared statement is whose.

Clients that share a connection know nothing of each other's prepared statements, nor which connection has theirs. So a
named statement gets a name of the connection's own, is prepared there when it is not yet, and answers that the client
does not expect are kept from it, while those that the server never gave are made.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from localcloud.dataplane.pools import wire
from localcloud.dataplane.pools.backend import Backend

# Request → the answers that end it.
ENDS = {
    wire.PARSE: b"1",
    wire.BIND: b"2",
    wire.CLOSE: b"3",
    wire.DESCRIBE: b"Tn",
    wire.EXECUTE: b"CIs",
    wire.QUERY: b"Z",
    wire.CALL: b"Z",
    wire.SYNC: b"Z",
}
# Of a request that the server never gets.
MADE = 0
WHOLE = (wire.QUERY, wire.CALL, wire.SYNC)
FORGETS_ALL = (b"DISCARD ALL\0", b"DEALLOCATE ALL\0")
# Statements that a connection keeps prepared, as PgBouncer has it.
MOST_PREPARED = 200


@dataclass
class Request:
    """``made``: an answer that the server will not give. ``statement``: what is prepared, by the client's ``name``."""

    kind: int
    hidden: bool = False
    made: bytes = b""
    statement: bytes = b""
    name: bytes = b""


class Exchange:
    """``shares``: whether connections change, so that names of statements have to be translated."""

    def __init__(self, *, shares: bool) -> None:
        self._shares = shares
        self._statements: dict[bytes, bytes] = {}
        self._open: deque[Request] = deque()
        # The server skips everything until a Sync.
        self._skips = False

    @property
    def over(self) -> bool:
        return not self._open and not self._skips

    def ask(self, kind: int, frame: bytes, backend: Backend) -> tuple[bytes, bytes]:
        """What the server is to be asked, and what the client can be told at once."""
        if kind in wire.COPY or kind == wire.FLUSH:
            return frame, b""
        if kind == wire.SYNC:
            self._skips = False
        elif self._skips:
            return b"", b""
        if self._shares and kind in (wire.PARSE, wire.BIND, wire.DESCRIBE, wire.CLOSE):
            return self._translated(kind, frame, backend)
        self._open.append(Request(kind))
        return frame, b""

    def answer(self, kind: int, frame: bytes, backend: Backend) -> bytes:
        """What of the server's answer the client is to hear."""
        if not self._open:
            return frame
        first = self._open[0]
        if kind == wire.ERROR and first.kind not in WHOLE:
            self._fail(backend)
        elif kind == wire.COPY_IN and first.kind == wire.EXECUTE:
            # Until it has all rows, the server pays no heed to a Sync.
            self._open = deque(request for request in self._open if request.kind != wire.SYNC)
        elif kind == wire.COMPLETE and frame.endswith(FORGETS_ALL):
            self._statements.clear()
            backend.prepared.clear()
        if kind in ENDS[first.kind] and self._open:
            self._open.popleft()
            return (b"" if first.hidden else frame) + self._made()
        return frame

    def _made(self) -> bytes:
        made = b""
        while self._open and self._open[0].made:
            made += self._open.popleft().made
        return made

    def _fail(self, backend: Backend) -> None:
        """What was asked before the next Sync is not done."""
        while self._open and self._open[0].kind != wire.SYNC:
            undone = self._open.popleft()
            if undone.kind == wire.PARSE:
                self._statements.pop(undone.name, None)
                backend.prepared.pop(undone.statement, None)
        self._skips = not self._open

    # -- prepared statements ---------------------------------------------------------------------------------------

    def _translated(self, kind: int, frame: bytes, backend: Backend) -> tuple[bytes, bytes]:
        body = frame[wire.HEAD :]
        if kind == wire.PARSE:
            name, _zero, statement = body.partition(b"\0")
            if name:
                self._statements[name] = statement
                return self._parse(statement, name, backend)
        elif kind == wire.BIND:
            portal, _zero, rest = body.partition(b"\0")
            name, _zero, rest = rest.partition(b"\0")
            prepared, own = self._prepared(name, backend)
            self._open.append(Request(kind))
            return prepared + wire.message(b"B", portal + b"\0" + own + b"\0" + rest), b""
        elif body[:1] == b"S":
            name = body[1:-1]
            if kind == wire.DESCRIBE:
                prepared, own = self._prepared(name, backend)
                self._open.append(Request(kind))
                return prepared + wire.message(b"D", b"S" + own + b"\0"), b""
            if self._statements.pop(name, None) is not None:
                return b"", self._tell(wire.message(wire.CLOSED))
        self._open.append(Request(kind))
        return frame, b""

    def _parse(self, statement: bytes, name: bytes, backend: Backend) -> tuple[bytes, bytes]:
        """Of a client's own Parse."""
        if statement in backend.prepared:
            return b"", self._tell(wire.message(wire.PARSED))
        sent = self._make_room(backend)
        self._open.append(Request(wire.PARSE, statement=statement, name=name))
        return sent + self._new(statement, backend), b""

    def _prepared(self, name: bytes, backend: Backend) -> tuple[bytes, bytes]:
        """What must be sent before, and the name there. That a client has no such statement, the server shall say."""
        statement = self._statements.get(name)
        if statement is None:
            return b"", name
        sent = b""
        if statement not in backend.prepared:
            sent = self._make_room(backend)
            self._open.append(Request(wire.PARSE, hidden=True, statement=statement))
            sent += self._new(statement, backend)
        return sent, backend.prepared[statement]

    def _new(self, statement: bytes, backend: Backend) -> bytes:
        backend.named += 1
        own = backend.prepared[statement] = b"pooled_%d" % backend.named
        return wire.message(b"P", own + b"\0" + statement)

    def _make_room(self, backend: Backend) -> bytes:
        if len(backend.prepared) < MOST_PREPARED:
            return b""
        own = backend.prepared.pop(next(iter(backend.prepared)))
        self._open.append(Request(wire.CLOSE, hidden=True))
        return wire.message(b"C", b"S" + own + b"\0")

    def _tell(self, made: bytes) -> bytes:
        """At its turn."""
        if not self._open:
            return made
        self._open.append(Request(MADE, made=made))
        return b""
