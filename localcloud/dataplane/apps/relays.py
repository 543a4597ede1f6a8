# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an app's connections to databases leave from its own address, without a network of its own.

The app is given an address on ``localhost`` instead of the cluster's; what connects there is passed on from the address
that trusted sources know the app by. TLS goes through untouched: a cluster's certificate names ``localhost`` too. Who
connects to the cluster past it comes from 127.0.0.1, and is whoever that is.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from localcloud.dataplane.work import until_one_ends

PIECE = 2**16
HOST = "localhost"

# Of an app's address → where it goes.
Way = tuple[str, tuple[str, int]]


class Relays:
    """Those of all apps. One stays as long as anybody uses it, as ``user`` is called."""

    def __init__(self) -> None:
        self._servers: dict[Way, asyncio.Server] = {}
        self._users: dict[str, set[Way]] = {}
        self._open: set[asyncio.Task[None]] = set()

    async def through(self, user: str, egress: str, target: tuple[str, int]) -> int:
        """The port of ``localhost`` that leads there from that address."""
        way = (egress, target)
        self._users.setdefault(user, set()).add(way)
        if way not in self._servers:

            async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                task = asyncio.current_task()
                assert task  # noqa: S101
                self._open.add(task)
                task.add_done_callback(self._open.discard)
                await _join(reader, writer, egress, target)

            self._servers[way] = await asyncio.start_server(connected, "127.0.0.1", 0)
        port: int = self._servers[way].sockets[0].getsockname()[1]
        return port

    def leave(self, user: str) -> None:
        mine = self._users.pop(user, set())
        for way in mine.difference(*self._users.values()):
            self._servers.pop(way).close()


async def _join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, egress: str, target: tuple[str, int]
) -> None:
    try:
        inner_reader, inner_writer = await asyncio.open_connection(*target, local_addr=(egress, 0))
    except OSError:
        writer.transport.abort()
        return
    try:
        # Neither protocol speaks over half a connection.
        await until_one_ends(_pass(reader, inner_writer), _pass(inner_reader, writer))
    finally:
        for end in (writer, inner_writer):
            end.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
