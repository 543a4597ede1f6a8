# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a connection stays open on which no request comes."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from localcloud.instance import patience
from localcloud.instance.protocol import Protocol

SPEAKING = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def _slow_app(_scope: Any, _receive: Any, send: Any) -> None:
    await asyncio.sleep(0.3)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def _say(*words: bytes) -> bytes:
    """What comes back, until the connection is closed, for the last of these words; the others are answered before."""
    config = Config(_slow_app, ws="none", lifespan="off", log_config=None)
    config.load()
    loop = asyncio.get_running_loop()
    made: Any = lambda: Protocol(config, ServerState(), {}, accepted=Counter())  # noqa: E731
    server = await loop.create_server(made, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for said in words[:-1]:
            writer.write(said)
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 OK")
        writer.write(words[-1])
        answer = await asyncio.wait_for(reader.read(), 60)
        writer.close()
    return answer


@pytest.mark.parametrize("words", [b"", b"GET / HTTP/1.1\r\nHost: local"], ids=["nothing", "half a head"])
def test_a_request_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, words: bytes) -> None:
    monkeypatch.setattr(patience, "HEAD_TIMEOUT" if words else "KEEP_ALIVE", 0.05)
    assert asyncio.run(_say(words)) == b""


def test_the_next_request_of_a_connection_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """And an answer may take longer than a head."""
    monkeypatch.setattr(patience, "HEAD_TIMEOUT", 0.05)
    assert asyncio.run(_say(SPEAKING, SPEAKING, b"GET / HT")) == b""
