# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ports of an instance on one event loop."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme
import uvicorn

import localcloud
from localcloud import hooks
from localcloud.dispatch import Api
from localcloud.exchange import Receive, Scope, Send, read_call, send_answer
from localcloud.world import World


def load_resources() -> None:
    """Import every module below ``localcloud``, so that what they register is there."""
    for module in pkgutil.walk_packages(localcloud.__path__, "localcloud."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


class Server:
    def __init__(self, home: Path, speed: str = "instant") -> None:
        load_resources()
        self.home = home
        self.world = World(speed=speed)
        for start in hooks.STARTERS:
            start(self.world)
        self.api = Api(self)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        call = await read_call(scope, receive)
        if call is not None:
            await send_answer(call, await self.api(call), send)


class _Uvicorn(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(512)
    return sock


async def serve(server: Server, api: socket.socket) -> None:
    server.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(server.home / "ca.pem"))
    certificate = ca.issue_cert("127.0.0.1", "localhost", "*.localhost", "::1")
    config = uvicorn.Config(
        server.handle,
        interface="asgi3",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    config.load()
    config.ssl = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(config.ssl)
    runner = _Uvicorn(config)
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sig, lambda: setattr(runner, "should_exit", True))
    await runner.serve([api])
