# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection of HTTP/2 between httpcore, or bare frames, and an application of the test's own, without TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import httpcore
import pytest
from h2 import events
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.settings import SettingCodes
from hyperframe.frame import GoAwayFrame

from localcloud.instance import patience
from localcloud.instance.http2 import Http2

# The head of a frame of headers, 80 bytes of which none has come.
BEGUN = b"\x00\x00\x50\x01\x04\x00\x00\x00\x01"
GOING = GoAwayFrame(0, last_stream_id=1).serialize()
BIG = bytes(range(256)) * 4000


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """What it was sent; `/late` takes its time, `/broken` breaks, and `/never` waits for the client to go."""
    body, message = b"", await receive()
    while message["more_body"]:
        body += message["body"]
        message = await receive()
    body += message["body"]
    if scope["path"] == "/broken":
        raise RuntimeError("as it was told to")
    while scope["path"] == "/never" and (await receive())["type"] != "http.disconnect":
        pass
    if scope["path"] == "/late":
        await asyncio.sleep(0.3)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})


def served(work: Callable[[int, Any], Awaitable[Any]]) -> Any:
    """What ``work(port, state of the server)`` returns."""

    async def all_of_it() -> Any:
        loop = asyncio.get_running_loop()
        state = SimpleNamespace(connections=set(), tasks=set(), default_headers=[])
        made: Any = lambda: Http2(SimpleNamespace(loaded_app=echo), state, loop)  # noqa: E731
        server = await loop.create_server(made, "127.0.0.1", 0)
        async with server:
            return await work(server.sockets[0].getsockname()[1], state)

    return asyncio.run(all_of_it())


def pool() -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(http1=False, http2=True, max_connections=1)


def test_more_than_a_window_goes_both_ways_on_many_streams() -> None:
    async def work(port: int, _state: Any) -> Any:
        async with pool() as one:
            asked = (one.request("POST", f"http://127.0.0.1:{port}/", content=BIG) for _ in range(4))
            return await asyncio.gather(*asked)

    for answer in served(work):
        assert answer.content == BIG
        assert b"connection" not in dict(answer.headers)


def test_what_breaks_takes_no_other_along(caplog: pytest.LogCaptureFixture) -> None:
    async def work(port: int, state: Any) -> Any:
        async with pool() as one:
            with pytest.raises(httpcore.RemoteProtocolError):
                await one.request("GET", f"http://127.0.0.1:{port}/broken")
            before = set(state.connections)
            return (await one.request("GET", f"http://127.0.0.1:{port}/")).status, before == state.connections

    assert served(work) == (200, True)
    assert "GET /broken failed" in caplog.text


def test_no_more_is_sent_than_there_is_room_for() -> None:
    """By h2 itself: httpcore has more room than anybody needs."""

    async def work(port: int, _state: Any) -> Any:
        client, got, bursts = H2Connection(), 0, []
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        client.initiate_connection()
        head = {":method": "POST", ":scheme": "https", ":authority": "localhost", ":path": "/"}
        client.send_headers(1, list(head.items()))
        client.send_data(1, b"x" * 16000)
        client.send_data(1, b"x" * 16000, end_stream=True)
        client.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 10000})
        writer.write(client.data_to_send())
        while True:
            burst = 0
            while burst < min(10000, 32000 - got):
                for event in client.receive_data(await reader.read(65536)):
                    burst += len(event.data) if isinstance(event, events.DataReceived) else 0
                writer.write(client.data_to_send())
            got += burst
            bursts.append(burst)
            if got == 32000:
                writer.close()
                return bursts
            client.increment_flow_control_window(10000, stream_id=1)
            writer.write(client.data_to_send())

    assert served(work) == [10000, 10000, 10000, 2000]


def test_an_answer_that_is_not_waited_for_any_more_is_given_up() -> None:
    async def work(port: int, state: Any) -> Any:
        client = H2Connection()
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        client.initiate_connection()
        _ask(client, 1, "/never")
        writer.write(client.data_to_send())
        while not state.tasks:
            await asyncio.sleep(0.01)
        client.reset_stream(1)
        writer.write(client.data_to_send())
        await asyncio.wait_for(asyncio.gather(*state.tasks), 30)
        return len(state.connections)

    assert served(work) == 1


def test_who_begins_nothing_new_is_answered_what_is_under_way() -> None:
    """As Node's client does, that answers GOAWAY with GOAWAY."""

    async def work(port: int, _state: Any) -> Any:
        client = H2Connection()
        client.initiate_connection()
        _ask(client, 1, "/late")
        said = client.data_to_send() + GoAwayFrame(0).serialize()
        return client.receive_data(await _all_of(port, said))

    assert events.StreamEnded in map(type, served(work))


def test_at_the_end_what_is_under_way_is_answered_and_nothing_new_begun() -> None:
    """Asked by h2 itself: httpcore gives up whatever is under way when it hears of the end."""

    async def work(port: int, state: Any) -> Any:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        client, met = H2Connection(), []
        client.initiate_connection()
        _ask(client, 1, "/late")
        writer.write(client.data_to_send())
        while not state.tasks:
            await asyncio.sleep(0.01)
        (connection,) = state.connections
        connection.shutdown()
        _ask(client, 3, "/")
        writer.write(client.data_to_send())
        while data := await reader.read(65536):
            # h2 hears nothing after the end, so it is told last.
            met += client.receive_data(data.replace(GOING, b""))
        writer.close()
        return met

    met = served(work)
    assert [one.stream_id for one in met if isinstance(one, events.StreamEnded)] == [1]
    (refused,) = [one for one in met if isinstance(one, events.StreamReset)]
    assert (refused.stream_id, refused.error_code) == (3, ErrorCodes.REFUSED_STREAM)


def _ask(client: H2Connection, stream: int, path: str) -> None:
    head = {":method": "GET", ":scheme": "https", ":authority": "localhost", ":path": path}
    client.send_headers(stream, list(head.items()), end_stream=True)


async def _all_of(port: int, *said: bytes) -> bytes:
    """What comes until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.writelines(said)
    came = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return came


def _settings() -> bytes:
    client = H2Connection()
    client.initiate_connection()
    return client.data_to_send()


@pytest.mark.parametrize("said", [b"", _settings(), _settings() + BEGUN], ids=["nothing", "settings", "half a head"])
def test_a_request_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(patience, "KEEP_ALIVE", 0.2)
    assert GoAwayFrame(0, last_stream_id=0).serialize() in served(lambda port, _state: _all_of(port, said))


def test_a_head_that_comes_byte_by_byte_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_TIMEOUT", 0.3)

    async def work(port: int, _state: Any) -> Any:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_settings() + BEGUN)
        came, sent = b"", 0

        async def listen() -> None:
            nonlocal came
            # Who goes on writing to a closed connection is told so after what was said before.
            with suppress(ConnectionResetError):
                while said := await reader.read(4096):
                    came += said

        listening = asyncio.ensure_future(listen())
        while not (await asyncio.wait({listening}, timeout=0.05))[0]:
            writer.write(b"x")
            sent += 1
        writer.close()
        return sent, came

    sent, came = served(work)
    assert sent < 79
    assert GoAwayFrame(0, last_stream_id=0).serialize() in came


def test_what_is_no_http2_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    greeting = served(lambda port, _state: _all_of(port, b"GET / HTTP/1.1\r\n\r\n"))
    # 128 streams at once: setting 3.
    assert greeting.count((3).to_bytes(2) + (128).to_bytes(4)) == 1
    assert greeting.count((3).to_bytes(2) + (100).to_bytes(4)) == 0
    assert "broke HTTP/2" in caplog.text
