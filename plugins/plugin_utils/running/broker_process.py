# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The broker's own side: a fork of the controller that answers whoever of the run comes to its door.

It sees all tokens of the run, which reach it through the door only; no other process of the user may look into it.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ahead import DROP, KEEP, TAKE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Exchange, Received
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.memory import Memory
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker_http import Connections
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker_pace import Paces, not_yet
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker_words import line, told

PR_SET_DUMPABLE = 4
# Bytes of an order without its body.
LONGEST_LINE = 2**20
# Seconds that what was read ahead is kept: an unchanged run is over by then.
AHEAD = 30.0
# That something is not there is an answer, too.
WORTH_KEEPING = (200, 404)

Ask = Callable[[Exchange, dict[str, Any]], Awaitable[Received]]


def main(door: socket.socket, keeps_pace: bool) -> None:
    """Be the broker until the run is over."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    # What came along is never used, and should stay the controller's pages.
    gc.freeze()
    asyncio.run(_serve(door, Desk(keeps_pace)))


async def _serve(door: socket.socket, desk: Desk) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    visits: set[asyncio.Task[None]] = set()

    def open_door() -> None:
        message, handed, _flags, _address = socket.recv_fds(door, 1, 1)
        if not message:
            loop.remove_reader(door)
            over.set()
        for fd in handed:
            visit = loop.create_task(desk.serve(socket.socket(fileno=fd)))
            visits.add(visit)
            visit.add_done_callback(visits.discard)

    door.setblocking(False)
    loop.add_reader(door, open_door)
    await over.wait()
    # Nobody is left who would want the answers.
    os._exit(0)


class Desk:
    """What visitors ask for, one thing each. Whatever goes wrong with a visitor is the visitor's end."""

    def __init__(self, keeps_pace: bool) -> None:
        self._connections = Connections()
        # By task: how many of its workers are there, and what they have been told. It is remembered as long as one of
        # them is there: what other tasks have done meanwhile, and not by way of this desk, nobody here would know.
        self._workers: Counter[str] = Counter()
        self._memories: dict[str, Memory[Received]] = {}
        # Of all tasks: what the run was sure to ask, each answer for who asks first.
        self._ahead: Memory[Received] = Memory(AHEAD)
        self._remembers = self._reads_ahead = True
        self._paces = Paces() if keeps_pace else None

    async def serve(self, visitor: socket.socket) -> None:
        """From the order to the answer."""
        reader, writer = await asyncio.open_connection(sock=visitor, limit=LONGEST_LINE)
        with closing(writer), suppress(OSError, ValueError, EOFError):
            order = json.loads(await reader.readline())
            if "worker_of" in order:
                await self._attend(order["worker_of"], reader, writer)
                return
            if "remember" in order or "ahead" in order:
                self._remembers = self._remembers and "remember" not in order
                self._reads_ahead = False
                self._forget()
                writer.write(line({"length": 0}))
                return
            body = None if order["length"] is None else await reader.readexactly(order["length"])
            exchange = Exchange(**order["exchange"], body=body)
            head, content = await self._answer(exchange, order)
            writer.write(line({**head, "length": len(content)}) + content)
            await writer.drain()

    async def _attend(self, task: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A worker of that task is there, until it is gone."""
        self._workers[task] += 1
        if self._remembers:
            self._memories.setdefault(task, Memory())
        try:
            writer.write(line({"length": 0}))
            await reader.read()
        finally:
            self._workers[task] -= 1
            if not self._workers[task]:
                del self._workers[task]
                self._memories.pop(task, None)

    async def _answer(self, exchange: Exchange, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if exchange.ahead == DROP:
            self._ahead.forget()
        try:
            if exchange.writes:
                received = await self._written(exchange, order)
            elif exchange.ahead == KEEP and self._reads_ahead:
                received = await self._remembered(exchange, order, self._ahead, self._read)
            else:
                received = await self._read(exchange, order)
        except ApiError as error:
            return {"failure": told(error)}, b""
        return {"status": received.status, "headers": received.headers, "ahead": received.ahead}, received.content

    async def _read(self, exchange: Exchange, order: dict[str, Any]) -> Received:
        memory = self._memories.get(order["task"]) if self._remembers else None
        if exchange.recent and memory is not None:
            # Whoever asks, it is for all of them.
            return await self._remembered(exchange, {**order, "worker": 0}, memory, self._taken)
        return await self._taken(exchange, order)

    async def _taken(self, exchange: Exchange, order: dict[str, Any]) -> Received:
        if exchange.ahead == TAKE and (kept := self._ahead.take(exchange.question)):
            with suppress(ApiError):
                return replace(await asyncio.wrap_future(kept), ahead=True)
        return await self._sent(exchange, order)

    async def _sent(self, exchange: Exchange, order: dict[str, Any]) -> Received:
        """In its turn; before that, nothing is sent."""
        clock = asyncio.get_running_loop().time
        if self._paces and (seconds := self._paces.wait(exchange, order["worker"], clock())):
            return not_yet(seconds)
        received = await self._connections.carry(exchange, order["proxy"])
        if self._paces:
            self._paces.note(exchange, received, clock())
        return received

    async def _written(self, exchange: Exchange, order: dict[str, Any]) -> Received:
        self._forget()
        try:
            return await self._sent(exchange, order)
        finally:
            # Whoever has read meanwhile may have read the past.
            self._forget()

    def _forget(self) -> None:
        for memory in (self._ahead, *self._memories.values()):
            memory.forget()

    async def _remembered(
        self, exchange: Exchange, order: dict[str, Any], memory: Memory[Received], ask: Ask
    ) -> Received:
        while True:
            answer, mine = memory.ask(exchange.question)
            if mine:
                with memory.bringing(exchange.question, answer) as bring:
                    received = await ask(exchange, order)
                    bring(received, received.status in WORTH_KEEPING)
                return received
            with suppress(ApiError):
                received = await asyncio.wrap_future(answer)
                if exchange.ahead == TAKE or not received.ahead:
                    return received
                # It is too old for this one, and from now on for others.
                memory.take(exchange.question)
