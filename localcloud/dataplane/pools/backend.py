# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection to the server, which one client at a time has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import cast

from localcloud.dataplane.pools import wire

Answered = Callable[[list[tuple[int, bytes]]], None]


class Backend(asyncio.Protocol):
    """``parameters``: as the server reports them. ``prepared``: statement → its name here; ``named`` were given."""

    def __init__(self) -> None:
        self.parameters: dict[str, str] = {}
        self.prepared: dict[bytes, bytes] = {}
        self.named = 0
        self.key = b""
        self.alive = False
        self.writable = asyncio.Event()
        self.writable.set()
        # Who hears what the server says, and that it has gone.
        self.answered: Answered | None = None
        self.gone: Callable[[], None] = lambda: None
        self._frames = wire.Frames()
        self._told: asyncio.Future[bytes] | None = None

    @classmethod
    async def connect(cls, socket: str, user: str, database: str) -> Backend:
        """By the door of our own, where no password is asked. Refused with the server's words, OSError without."""
        loop = asyncio.get_running_loop()
        _transport, backend = await loop.create_unix_connection(cls, socket)
        try:
            await backend._ask(wire.startup({"user": user, "database": database}))
        except BaseException:
            backend.close()
            raise
        return backend

    async def suit(self, wanted: Mapping[str, str]) -> None:
        """Set what its client has set before, with another connection perhaps."""
        differing = {name: value for name, value in wanted.items() if self.parameters.get(name) != value}
        if differing:
            quoted = {name: value.replace("'", "''") for name, value in differing.items()}
            await self.query("; ".join(f"SET {name} TO '{value}'" for name, value in quoted.items()))

    async def query(self, text: str) -> None:
        await self._ask(wire.message(b"Q", text.encode() + b"\0"))

    async def _ask(self, sent: bytes) -> None:
        told = self._told = asyncio.get_running_loop().create_future()
        self.transport.write(sent)
        try:
            failed = await told
        finally:
            self._told = None
        if failed:
            raise wire.Refused("", "", failed)

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def close(self) -> None:
        self.alive = False
        self.transport.abort()

    # -- what asyncio calls ----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.alive = cast(asyncio.Transport, transport), True

    def data_received(self, data: bytes) -> None:
        frames = list(self._frames.feed(data))
        for kind, frame in frames:
            if kind == wire.PARAMETER:
                name, value, *_ = wire.strings(frame[wire.HEAD :])
                self.parameters[name] = value
            elif kind == wire.KEY:
                self.key = frame[wire.HEAD :]
        if self.answered is not None:
            self.answered(frames)
        elif self._told is not None:
            self._listen(self._told, frames)
        elif any(kind == wire.ERROR for kind, _frame in frames):
            # It is sent away, with nobody there to hear it.
            self.close()

    def _listen(self, told: asyncio.Future[bytes], frames: list[tuple[int, bytes]]) -> None:
        failed = next((frame for kind, frame in frames if kind == wire.ERROR), b"")
        if not told.done() and (failed or any(kind == wire.READY for kind, _frame in frames)):
            told.set_result(failed)

    def connection_lost(self, _reason: Exception | None) -> None:
        self.alive = False
        self.writable.set()
        if self._told is not None and not self._told.done():
            self._told.set_exception(ConnectionError("the server has gone"))
        self.gone()

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()
