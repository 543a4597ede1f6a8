# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stranger can do to an instance before it knows who that is: little."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from localcloud.instance import protocol
from localcloud.instance.home import Home
from localcloud.instance.server import Server
from localcloud.ports.api import Api
from localcloud.ports.shared import Options
from localcloud.resources.spaces.s3.front import Front
from localcloud.world import private

SPEAKING = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


# -- bodies ----------------------------------------------------------------------------------------------------------


def _send(app: Any, path: str, chunks: list[bytes], headers: dict[str, str]) -> tuple[int, int]:
    """``(status, how many chunks were taken)`` of a request that goes on and on."""
    taken, sent = [], []

    async def receive() -> Any:
        taken.append(chunks.pop(0))
        return {"type": "http.request", "body": taken[-1], "more_body": bool(chunks)}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "scheme": "https", "path": path, "query_string": b"", "headers": raw}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], len(taken)


@pytest.mark.parametrize(("port", "front"), [("api", Api), ("spaces", Front)], ids=["api", "spaces"])
@pytest.mark.parametrize("said", [True, False], ids=["by its own word", "as it comes"])
def test_a_body_is_bounded_before_anybody_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str, front: Any, said: bool
) -> None:
    monkeypatch.setattr(front, "max_body", 1000)
    server = Server(tmp_path, Options())
    headers = {"host": "127.0.0.1"} | ({"content-length": "100000"} if said else {})
    status, taken = _send(server.ports[port], "/v2/vpcs", [b"x" * 100] * 1000, headers)
    assert (status, taken) == (413, 0 if said else 11)
    assert server.shared.journal.since(0)[0]["status"] == 413
    server.shared.close()


def test_who_has_no_token_is_not_listened_to(tmp_path: Path) -> None:
    server = Server(tmp_path, Options())
    headers = {"host": "127.0.0.1", "content-length": "100000"}
    assert _send(server.ports["api"], "/_localcloud/state", [b"x" * 100] * 1000, headers) == (401, 0)
    server.shared.close()


# -- heads -----------------------------------------------------------------------------------------------------------


async def _slow_app(_scope: Any, _receive: Any, send: Any) -> None:
    await asyncio.sleep(0.3)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def _say(*words: bytes) -> bytes:
    """What comes back, until the connection is closed, for the last of these words; the others are answered before."""
    config = Config(_slow_app, http=protocol.Protocol, ws="none", lifespan="off", log_config=None)
    config.load()
    loop = asyncio.get_running_loop()
    made: Any = lambda: protocol.Protocol(config, ServerState(), {})  # noqa: E731
    server = await loop.create_server(made, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for said in words[:-1]:
            writer.write(said)
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 OK")
        writer.write(words[-1])
        answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
    return answer


@pytest.mark.parametrize("words", [b"", b"GET / HTTP/1.1\r\nHost: local"], ids=["nothing", "half a head"])
def test_a_request_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, words: bytes) -> None:
    monkeypatch.setattr(protocol, "HEAD_TIMEOUT" if words else "KEEP_ALIVE", 0.05)
    assert asyncio.run(_say(words)) == b""


def test_the_next_request_of_a_connection_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """And an answer may take longer than a head."""
    monkeypatch.setattr(protocol, "HEAD_TIMEOUT", 0.05)
    assert asyncio.run(_say(SPEAKING, SPEAKING, b"GET / HT")) == b""


# -- files -----------------------------------------------------------------------------------------------------------


def test_no_file_of_a_home_is_written_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    home = Home(tmp_path / "home")
    home.create()
    for name in ("pid", "env.json", "server.log"):
        (home.path / name).symlink_to(victim)
    log = home.path / "server.log"
    for write in (home.acquire, lambda: home.write_env({}), lambda: private.opened(log, os.O_WRONLY)):
        with pytest.raises(OSError, match="is a symbolic link, which localcloud does not follow"):
            write()
    assert home.running() is None
    assert home.env() is None
    home.clean()
    assert victim.read_text() == "precious"


def test_nor_is_a_state_read_or_saved_through_one(tmp_path: Path) -> None:
    from localcloud.world import state_file

    victim = tmp_path / "victim"
    server = Server(tmp_path, Options())
    victim.write_text("{}")
    (tmp_path / "state.new").symlink_to(victim)
    with pytest.raises(OSError, match="is a symbolic link"):
        state_file.write(tmp_path, state_file.snapshot(server.shared.world))
    (tmp_path / "state.json").symlink_to(victim)
    with pytest.raises(OSError, match="is a symbolic link"):
        state_file.read(server.shared.world, tmp_path)
    assert victim.read_text() == "{}"
    server.shared.close()
