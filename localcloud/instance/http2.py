# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection of a client that speaks HTTP/2 (RFC 9113): each request is a stream of it, and a task of its own.

The library ``h2`` knows the frames; here its events meet the ASGI application (``stream.Stream``).
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import unquote

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from hyperframe.frame import Frame, GoAwayFrame
from uvicorn.protocols.utils import get_local_addr, get_remote_addr

from localcloud.instance import patience
from localcloud.instance.stream import Stream

log = logging.getLogger("localcloud")

# Streams at once, as proxies of today have it; clients take up to 100 for granted before they have been told.
STREAMS = 128


class _Frames(H2Connection):
    """A client that says GOAWAY begins nothing new, and waits for what is under way. To h2 all would be over then."""

    def _receive_goaway_frame(self, frame: GoAwayFrame) -> tuple[list[Frame], list[events.Event]]:
        event = events.ConnectionTerminated()
        event.error_code, event.last_stream_id = frame.error_code, frame.last_stream_id
        return [], [event]


class Http2(asyncio.Protocol):
    """Made when a connection has agreed on it. ``config`` and ``server_state`` are uvicorn's."""

    def __init__(self, config: Any, server_state: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.app = config.loaded_app
        self.server_state = server_state
        self.frames: H2Connection = _Frames(H2Configuration(client_side=False, header_encoding=None))
        self.streams: dict[int, Stream] = {}
        self.writable = asyncio.Event()
        self._leaving = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.patience = patience.Patience(self.loop, self.leave)
        self.writable.set()
        self.server_state.connections.add(self)
        self.frames.local_settings.update({SettingCodes.MAX_CONCURRENT_STREAMS: STREAMS})
        self.frames.local_settings.acknowledge()
        self.frames.initiate_connection()
        self.flush()
        self.patience.with_silence()

    def data_received(self, data: bytes) -> None:
        try:
            found = self.frames.receive_data(data)
        except ProtocolError as error:
            log.warning("a connection was cut that broke HTTP/2: %s", error)
            # What h2 says to that is a GOAWAY.
            self.flush()
            self._part()
            return
        for event in found:
            self._meet(event)
        self.flush()
        if not self.streams and not found:
            self.patience.with_a_head()

    def connection_lost(self, _error: Exception | None) -> None:
        self.patience.stop()
        self.writable.set()
        self.server_state.connections.discard(self)
        self._part()

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    def flush(self) -> None:
        if (data := self.frames.data_to_send()) and not self.transport.is_closing():
            self.transport.write(data)

    def shutdown(self) -> None:
        """The server stops (uvicorn calls this): what is under way is answered, and nothing new is begun."""
        if not self._leaving and not self.transport.is_closing():
            self._leaving = True
            self.patience.stop()
            # h2 says this by itself only where it says nothing else afterwards.
            self.transport.write(GoAwayFrame(0, last_stream_id=self.frames.highest_inbound_stream_id).serialize())
        self._leave_if_done()

    leave = shutdown

    def done(self, stream: Stream) -> None:
        del self.streams[stream.id]
        if not self.streams and not self._leaving:
            self.patience.with_silence()
        self._leave_if_done()

    def _leave_if_done(self) -> None:
        if self._leaving and not self.streams:
            self.transport.close()

    def _part(self) -> None:
        """Nobody listens any more, on any stream."""
        for stream in self.streams.values():
            stream.lose()
        self.transport.close()

    def _meet(self, event: events.Event) -> None:
        if isinstance(event, events.RequestReceived):
            self._begin(event)
        elif isinstance(event, events.WindowUpdated | events.RemoteSettingsChanged):
            for waiting in self.streams.values():
                waiting.window.set()
        elif isinstance(event, events.ConnectionTerminated):
            self._leaving = True
            self._leave_if_done()
        elif (stream := self.streams.get(getattr(event, "stream_id", 0))) is not None:
            stream.meet(event)
        elif isinstance(event, events.DataReceived):
            # Of a request that is answered already: thrown away as it comes, since not every client stops.
            self.frames.acknowledge_received_data(event.flow_controlled_length, event.stream_id)

    def _begin(self, event: events.RequestReceived) -> None:
        pseudo = {name: value for name, value in event.headers if name.startswith(b":")}
        path = pseudo.get(b":path", b"")
        if self._leaving or not path.isascii():
            refused = ErrorCodes.REFUSED_STREAM if self._leaving else ErrorCodes.PROTOCOL_ERROR
            self.frames.reset_stream(event.stream_id, refused)
            return
        self.patience.stop()
        headers = [(name, value) for name, value in event.headers if not name.startswith(b":")]
        if b":authority" in pseudo:
            headers = [(b"host", pseudo[b":authority"]), *(pair for pair in headers if pair[0] != b"host")]
        raw_path, _, query = path.partition(b"?")
        stream = Stream(self, event.stream_id)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "2",
            "server": get_local_addr(self.transport),
            "client": get_remote_addr(self.transport),
            "scheme": "https",
            "method": pseudo[b":method"].decode("ascii"),
            "root_path": "",
            "path": unquote(raw_path.decode("ascii")),
            "raw_path": raw_path,
            "query_string": query,
            "headers": headers,
            # Faults cut the one or the other.
            "state": {"transport": stream, "connection": self.transport},
        }
        self.streams[stream.id] = stream
        task = self.loop.create_task(stream.run(self.app, scope))
        self.server_state.tasks.add(task)
        task.add_done_callback(self.server_state.tasks.discard)
