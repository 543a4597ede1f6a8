# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distance: a port that is as far away as a datacentre, so that handshakes cost what they cost on a real network.

A relay in front of the port lets each piece of data travel for half a round trip. A connection is there after one more,
as TCP's own handshake takes it; TLS goes through the relay as everything does.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from localcloud.dataplane.work import until_one_ends

# Bytes that are taken from a socket at once.
PIECE = 65536


class Distance:
    """Listens on ``outside`` and connects to ``inside`` (host, port); ``rtt`` in seconds."""

    def __init__(self, outside: socket.socket, inside: tuple[str, int], rtt: float) -> None:
        self._outside = outside
        self._inside = inside
        self._rtt = rtt
        self._connections: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    async def start(self) -> None:
        self._listener = await asyncio.start_server(self._connected, sock=self._outside)

    async def stop(self) -> None:
        """Cut what is still connected."""
        if self._listener:
            self._listener.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.ensure_future(self._join(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)
        connection.add_done_callback(lambda _done: writer.transport.abort())

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self._rtt)
        inner_reader, inner_writer = await asyncio.open_connection(*self._inside)
        try:
            # Whoever hangs up, or is cut, takes the other with it: nothing here speaks over half a connection.
            await until_one_ends(self._travel(reader, inner_writer), self._travel(inner_reader, writer))
        finally:
            inner_writer.transport.abort()

    async def _travel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until the end, which has the same way to go as what came before it."""
        loop = asyncio.get_running_loop()
        road: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                due, piece = await road.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not piece:
                    return
                writer.write(piece)
                await writer.drain()

        arriving = asyncio.ensure_future(arrive())
        try:
            while True:
                piece = b""
                with suppress(ConnectionError):
                    piece = await reader.read(PIECE)
                road.put_nowait((loop.time() + self._rtt / 2, piece))
                if not piece:
                    break
            await arriving
        finally:
            arriving.cancel()
