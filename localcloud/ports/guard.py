# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Around each port: faults, latency and the journal."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import MutableMapping
from typing import Any

from localcloud import JSON
from localcloud.ports import websocket
from localcloud.ports.exchange import Answer, Call, Receive, Scope, Send, TooLargeError, head_of, read_call, send_answer
from localcloud.ports.faults import Rule
from localcloud.ports.fronts import Front
from localcloud.ports.journal import clean_query
from localcloud.ports.shared import Shared

log = logging.getLogger("localcloud")


class GoneError(Exception):
    """The client went away, or was sent away: there is nobody to answer."""


class Guard:
    """An ASGI application around what answers on a port."""

    def __init__(self, shared: Shared, port: str, front: Front) -> None:
        self._shared = shared
        self._port = port
        self._front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        try:
            call = await read_call(scope, receive, self._front.max_body)
        except TooLargeError:
            await self._refuse(head_of(scope), started, send)
            return
        if call is None:
            return
        rules = self._shared.faults.hits(self._port, call.method, call.path)
        answer = Answer(0)
        self._shared.under_way[id(call)] = f"{call.method} {call.path}"
        try:
            await self._delay(rules)
            answer = await self._answer(call, rules, receive, answer)
            if websocket.wanted(call, answer):
                await self._push(call, answer, receive)
            else:
                await self._send(call, answer, rules, receive, send)
        except GoneError:
            answer.status = 0
        finally:
            del self._shared.under_way[id(call)]
            self._note(call, answer, rules, time.perf_counter() - started)

    async def _push(self, call: Call, answer: Answer, receive: Receive) -> None:
        async def again() -> Answer:
            self._shared.world.begin(True)
            return await self._front(call)

        gone = asyncio.ensure_future(_client_gone(receive))
        try:
            await websocket.push(call, answer, again, gone)
        finally:
            gone.cancel()
        answer.status = 101

    async def _refuse(self, call: Call, started: float, send: Send) -> None:
        """413 before anything is looked at. The rest of the body is thrown away as it comes."""
        answer = self._front.failure(call, Rule("status", status=413))
        await send_answer(call, answer, send)
        self._note(call, answer, [], time.perf_counter() - started)

    async def _delay(self, rules: list[Rule]) -> None:
        seconds = self._shared.settings.latency_ms / 1000
        seconds += sum(rule.seconds or 0 for rule in rules if rule.kind == "latency")
        if seconds > 0:
            await asyncio.sleep(seconds)

    async def _send(self, call: Call, answer: Answer, rules: list[Rule], receive: Receive, send: Send) -> None:
        pause = sum(rule.seconds or 0 for rule in rules if rule.kind == "drip")
        if not pause:
            await send_answer(call, answer, send)
            return
        gone = asyncio.ensure_future(_client_gone(receive))

        async def drip(message: MutableMapping[str, Any]) -> None:
            body = message.get("body", b"")
            for at in range(len(body)):
                await send({**message, "body": body[at : at + 1], "more_body": True})
                if (await asyncio.wait({gone}, timeout=pause))[0]:
                    raise GoneError
            await send({**message, **({"body": b""} if body else {})})

        try:
            await send_answer(call, answer, drip)
        finally:
            gone.cancel()

    async def _answer(self, call: Call, rules: list[Rule], receive: Receive, answer: Answer) -> Answer:
        fatal = next((rule for rule in rules if rule.fatal), None)
        if fatal is not None and fatal.when == "before":
            injected = await self._strike(call, fatal, receive)
            if injected is not None:
                return injected
        stale = next((rule for rule in rules if rule.kind == "stale"), None)
        if self._shared.world.begin(call.method in ("GET", "HEAD")):
            self._shared.changed()
        real = await (self._front(call) if stale is None else self._inner_stale(call, stale))
        # What happened is journalled even when nobody hears of it.
        answer.operation, answer.effect, answer.token = real.operation, real.effect, real.token
        if real.effect:
            self._shared.changed()
            await self._shared.world.plane.settle()
        if fatal is not None and fatal.when == "after":
            injected = await self._strike(call, fatal, receive)
            if injected is not None:
                injected.operation, injected.effect, injected.token = real.operation, real.effect, real.token
                return injected
        return real

    async def _strike(self, call: Call, rule: Rule, receive: Receive) -> Answer | None:
        """The injected answer; None when the request may go on; ``GoneError`` when the connection is no more."""
        if rule.kind in ("drop", "cut"):
            # Of HTTP/2 the first is the stream alone.
            call.scope["state"]["transport" if rule.kind == "drop" else "connection"].abort()
            await _client_gone(receive)
            raise GoneError
        if rule.kind == "hang":
            released = asyncio.ensure_future(rule.released.wait())
            gone = asyncio.ensure_future(_client_gone(receive))
            try:
                await asyncio.wait({released, gone}, timeout=rule.seconds, return_when=asyncio.FIRST_COMPLETED)
                if gone.done():
                    raise GoneError
            finally:
                released.cancel()
                gone.cancel()
            return None
        return self._front.failure(call, rule)

    async def _inner_stale(self, call: Call, rule: Rule) -> Answer:
        tables = self._shared.world.tables
        before = {name: table.snapshot() for name, table in tables.items()}
        answer = await self._front(call)
        for name, table in tables.items():
            table.hide(before.get(name, {}), rule.seconds, rule.reads)
        return answer

    def _note(self, call: Call, answer: Answer, rules: list[Rule], seconds: float) -> None:
        entry: JSON = {
            "at": round(time.time(), 3),
            "port": self._port,
            "method": call.method,
            "path": call.path,
            "query": clean_query(call.query),
            "status": answer.status,
            "operation": answer.operation,
            "effect": answer.effect,
            "token": answer.token,
            "duration_ms": round(seconds * 1000, 2),
            "connection": (call.scope.get("client") or ("", 0))[1],
            "fault": ",".join(rule.kind for rule in rules) or None,
        }
        self._shared.journal.add(entry)
        log.info("%(port)s %(method)s %(path)s %(status)s %(duration_ms)s ms", entry)


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
