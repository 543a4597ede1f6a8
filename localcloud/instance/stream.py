# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request and its answer on a connection of HTTP/2."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import MutableMapping
from typing import Any, Protocol

from h2 import events
from h2.connection import H2Connection
from h2.errors import ErrorCodes

from localcloud.ports.exchange import Application, Scope

log = logging.getLogger("localcloud")


class Connection(Protocol):
    """What carries streams. ``writable`` is set as long as its transport takes more."""

    frames: H2Connection
    writable: asyncio.Event
    server_state: Any

    def flush(self) -> None:
        """Send what the frames have to say."""

    def done(self, stream: Stream) -> None:
        """The application has nothing more to say on this stream."""


class Stream:
    """``window``: there may be room again for what is to be sent."""

    def __init__(self, connection: Connection, id: int) -> None:
        self.id = id
        self.window = asyncio.Event()
        self._connection = connection
        self._frames = connection.frames
        self._body = bytearray()
        # Bytes of the body that the client may only replace once they have been taken.
        self._held = 0
        self._more_body = True
        self._all_told = False
        self._came = asyncio.Event()
        self._head: list[tuple[bytes, bytes]] | None = None
        self._ended = False
        self._lost = False

    def meet(self, event: events.Event) -> None:
        if isinstance(event, events.DataReceived):
            self._body += event.data
            self._held += event.flow_controlled_length
        elif isinstance(event, events.StreamEnded):
            self._more_body = False
        elif isinstance(event, events.StreamReset):
            self.lose()
        self._came.set()

    def lose(self) -> None:
        """Nobody listens any more."""
        self._lost = True
        self._came.set()
        self.window.set()

    def abort(self) -> None:
        """Cut it, as a proxy does whose own connection was cut. The others go on."""
        if not (self._lost or self._ended):
            self._reset(ErrorCodes.INTERNAL_ERROR)
            self.lose()

    async def run(self, app: Application, scope: Scope) -> None:
        try:
            await app(scope, self.receive, self.send)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
        finally:
            if not self._lost:
                self._take()
                if not self._ended:
                    self._reset(ErrorCodes.INTERNAL_ERROR)
            self._connection.done(self)

    async def receive(self) -> dict[str, Any]:
        while not (self._lost or self._ended):
            if self._body or not (self._more_body or self._all_told):
                self._all_told = not self._more_body
                return {"type": "http.request", "body": self._take(), "more_body": self._more_body}
            self._came.clear()
            await self._came.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """The head waits for what comes after it, so that the last frame can say that it is the last."""
        if self._lost:
            return
        if message["type"] == "http.response.start":
            default = self._connection.server_state.default_headers
            # h2 leaves out what is of connections.
            self._head = [(b":status", str(message["status"]).encode()), *default, *message["headers"]]
            return
        body, last = message.get("body", b""), not message.get("more_body", False)
        if self._head is not None:
            self._frames.send_headers(self.id, self._head, end_stream=last and not body)
            self._head = None
            self._ended = last and not body
            self._connection.flush()
        if body or not self._ended:
            await self._send_body(body, last)
        if self._ended:
            self._came.set()

    async def _send_body(self, body: bytes, last: bool) -> None:
        """As the client has room for it."""
        at = 0
        while not (self._lost or self._ended):
            self.window.clear()
            room = min(self._frames.local_flow_control_window(self.id), self._frames.max_outbound_frame_size)
            if at == len(body) and not last:
                return
            if at < len(body) and room <= 0:
                await self.window.wait()
                continue
            piece = body[at : at + room]
            at += len(piece)
            self._ended = last and at == len(body)
            self._frames.send_data(self.id, piece, end_stream=self._ended)
            self._connection.flush()
            await self._connection.writable.wait()

    def _take(self) -> bytes:
        """What has come of the body; there is room for more of it."""
        body, held = bytes(self._body), self._held
        self._body.clear()
        self._held = 0
        if held:
            self._frames.acknowledge_received_data(held, self.id)
            self._connection.flush()
        return body

    def _reset(self, reason: ErrorCodes) -> None:
        self._frames.reset_stream(self.id, reason)
        self._connection.flush()
