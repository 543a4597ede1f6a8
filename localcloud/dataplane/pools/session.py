# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One client of a pool: what it asks, and what it is answered."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from contextlib import suppress
from typing import Protocol

from localcloud.dataplane.pools import wire
from localcloud.dataplane.pools.backend import Backend
from localcloud.dataplane.pools.exchange import Exchange
from localcloud.dataplane.pools.login import Login, Wanted
from localcloud.dataplane.pools.pool import Pool

# What a client sets goes with it from connection to connection; any other parameter it cannot begin with.
CARRIED = ("client_encoding", "DateStyle", "TimeZone", "standard_conforming_strings", "application_name")
LOGIN_WITHIN = 15.0
CHUNK = 65536
# Bytes that wait for a slow client before the server is made to wait.
MOST_WAITING = 1 << 20


class Clerk(Protocol):
    """What a session has to know of the place that it came to."""

    context: ssl.SSLContext
    ignored: list[str]
    sessions: dict[bytes, Session]

    def pool(self, name: str, user: str) -> Pool: ...

    async def verifier(self, user: str) -> str | None: ...


class Session:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, clerk: Clerk) -> None:
        self._reader, self._writer, self._clerk = reader, writer, clerk
        self.key = secrets.token_bytes(8)
        self.backend: Backend | None = None
        self.pool: Pool | None = None
        self._mode = ""
        self._exchange = Exchange(shares=True)
        self._carried: dict[str, str] = {}
        self._slow: asyncio.Task[None] | None = None

    async def run(self) -> None:
        try:
            async with asyncio.timeout(LOGIN_WITHIN):
                wanted = await self._begin()
            if wanted.cancels:
                await self._cancel(wanted.cancels)
            else:
                await self._welcome(self._clerk.pool(wanted.database, wanted.user), wanted.parameters)
                await self._serve()
        except wire.Refused as refused:
            self._writer.write(refused.frame)
        except (OSError, EOFError, TimeoutError, ssl.SSLError):
            pass
        finally:
            self._clerk.sessions.pop(self.key, None)
            await self._leave()
            self._writer.close()

    def end(self) -> None:
        self._writer.transport.abort()

    async def _begin(self) -> Wanted:
        login = Login(self._reader, self._writer)
        wanted = await login.wanted(self._clerk.context)
        if not wanted.cancels:
            for name in wanted.parameters:
                if name not in (*CARRIED, *self._clerk.ignored):
                    raise wire.Refused("08P01", f"unsupported startup parameter: {name}")
            self._clerk.pool(wanted.database, wanted.user)
            await login.authenticate(wanted.user, self._clerk.verifier)
        return wanted

    async def _cancel(self, key: bytes) -> None:
        session = self._clerk.sessions.get(key)
        if session is not None and session.backend is not None and session.pool is not None:
            _reader, writer = await asyncio.open_unix_connection(session.pool.settings.socket)
            writer.write((16).to_bytes(4) + wire.CANCEL.to_bytes(4) + session.backend.key)
            writer.close()
            await writer.wait_closed()

    async def _welcome(self, pool: Pool, parameters: dict[str, str]) -> None:
        self.pool, self._mode = pool, pool.settings.mode
        self._exchange = Exchange(shares=self._mode != "session")
        if not pool.welcome:
            pool.give_back(await pool.take())
        told = {**pool.welcome, **{name: value for name, value in parameters.items() if name in CARRIED}}
        self._carried = {name: told[name] for name in CARRIED if name in told}
        for name, value in told.items():
            self._writer.write(wire.message(b"S", f"{name}\0{value}\0".encode()))
        self._clerk.sessions[self.key] = self
        self._writer.write(wire.message(b"K", self.key) + wire.message(b"Z", b"I"))

    # -- questions and answers -------------------------------------------------------------------------------------

    async def _serve(self) -> None:
        frames = wire.Frames()
        while data := await self._reader.read(CHUNK):
            asked = bytearray()
            for kind, frame in frames.feed(data):
                if kind == wire.TERMINATE:
                    return
                if self.backend is None:
                    if kind in wire.COPY:
                        continue
                    await self._take()
                if self.backend is None:
                    return
                question, told = self._exchange.ask(kind, frame, self.backend)
                asked += question
                if told:
                    self._writer.write(told)
            if self.backend is not None:
                backend = self.backend
                backend.write(bytes(asked))
                await backend.writable.wait()

    async def _take(self) -> None:
        if self.pool is not None:
            backend = self.backend = await self.pool.take()
            await backend.suit(self._carried)
            self._carry(backend)
            backend.answered, backend.gone = self._answered, self._writer.close

    def _answered(self, frames: list[tuple[int, bytes]]) -> None:
        backend, told, idle = self.backend, bytearray(), False
        if backend is None:
            return
        for kind, frame in frames:
            told += self._exchange.answer(kind, frame, backend)
            if kind == wire.READY:
                idle = frame[wire.HEAD] == wire.IDLE
                if not idle and self._mode == "statement":
                    self._writer.write(wire.error("08P01", "transaction blocks not allowed in statement pooling mode"))
                    self._writer.close()
                    return
            elif kind == wire.PARAMETER:
                self._carry(backend)
        self._writer.write(bytes(told))
        if idle and self._exchange.over and self._mode != "session":
            self._let_go()
        elif self._writer.transport.get_write_buffer_size() > MOST_WAITING and self._slow is None:
            backend.transport.pause_reading()
            self._slow = asyncio.ensure_future(self._catch_up(backend))

    def _carry(self, backend: Backend) -> None:
        self._carried.update({name: backend.parameters[name] for name in CARRIED if name in backend.parameters})

    async def _catch_up(self, backend: Backend) -> None:
        with suppress(OSError):
            await self._writer.drain()
        self._slow = None
        backend.transport.resume_reading()

    def _let_go(self) -> None:
        backend, self.backend = self.backend, None
        if backend is not None and self.pool is not None:
            backend.answered, backend.gone = None, lambda: None
            self.pool.give_back(backend)

    async def _leave(self) -> None:
        """A connection that is in the midst of something is of no use to the next; the server undoes what it did."""
        backend, self.backend = self.backend, None
        if backend is None or self.pool is None:
            return
        backend.answered, backend.gone = None, lambda: None
        try:
            if self._mode == "session" and self._exchange.over:
                await backend.query("DISCARD ALL")
                backend.prepared.clear()
            else:
                backend.close()
        except (OSError, wire.Refused):
            backend.close()
        finally:
            self.pool.give_back(backend)
