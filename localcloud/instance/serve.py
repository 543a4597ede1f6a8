# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running an instance: sockets, certificates, signals, and leaving nothing behind."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import trustme
import uvicorn

from localcloud.instance.distance import Distance
from localcloud.instance.home import Home, HomeError
from localcloud.instance.protocol import KEEP_ALIVE, Protocol
from localcloud.instance.server import Server
from localcloud.ports.shared import Shared
from localcloud.ports.words import TOKEN
from localcloud.resources.catalogue import REGIONS
from localcloud.resources.spaces.s3.address import DOMAIN
from localcloud.world import private

log = logging.getLogger("localcloud")

LOOPBACK = "127.0.0.1"

# Seconds between two looks at whether the state is to be saved.
SAVE_EVERY = 1.0


class _Uvicorn(uvicorn.Server):
    """Leaves signals to us: two of these run in one process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(wanted: int | None, default: int = 0) -> socket.socket:
    """A listening socket on loopback; 0 is any free port. Where none is wanted, the default or else any free one."""
    if wanted is None:
        try:
            return listen(default)
        except HomeError:
            return listen(0)
    # asyncio switches Nagle's algorithm off only where the protocol is named; else each answer waits 40 ms for an ACK.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((LOOPBACK, wanted))
        sock.listen(512)
    except (OSError, OverflowError) as error:
        sock.close()
        reason = getattr(error, "strerror", None) or error
        raise HomeError(f"port {wanted} cannot be used ({reason}); choose another, or 0 for any free one") from None
    return sock


def _trusted(home: Home) -> bytes:
    """The authorities that this machine trusts: as its environment names them, else the system's."""
    candidates = [os.environ.get(name) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
    for name in [*candidates, ssl.get_default_verify_paths().cafile]:
        if name and Path(name).is_file() and Path(name).parent != home.path:
            return Path(name).read_bytes().rstrip() + b"\n"
    return b""


class _Handshake(ssl.SSLObject):
    """Says why a connection was cut before there was a request: asyncio does not, and the client sees only an end."""

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            log.warning("a connection was cut in its TLS handshake: %s", error)
            raise


def _tls(home: Home) -> ssl.SSLContext:
    """A certificate of a new authority, whose own key is never written anywhere."""
    authority = trustme.CA(organization_name="localcloud")
    private.write(home.path / "ca.pem", authority.cert_pem.bytes())
    private.write(home.path / "ca-bundle.pem", _trusted(home) + authority.cert_pem.bytes())
    # Buckets by name of host: <bucket>.localhost, <bucket>.<region>.localhost, and as the world knows them.
    regions = [f"*.{DOMAIN}"]
    for region in REGIONS:
        regions += [f"{region}.localhost", f"*.{region}.localhost"]
        regions += [f"*.{region}.{DOMAIN}", f"*.{region}.cdn.{DOMAIN}"]
    certificate = authority.issue_cert(LOOPBACK, "::1", "localhost", "*.localhost", *regions)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslobject_class = _Handshake
    certificate.configure_cert(context)
    return context


def _runner(app: Any, context: ssl.SSLContext, *, date_header: bool) -> _Uvicorn:
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=date_header,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=1,
    )
    config.load()
    config.ssl = context
    return _Uvicorn(config)


async def _save(shared: Shared) -> None:
    """A state that cannot be saved (the disk is full, say) stays dirty, is tried again, and ends nothing."""
    try:
        await shared.save()
    except Exception:
        log.exception("the state could not be saved")


async def _save_now_and_then(shared: Shared, ended: asyncio.Event) -> None:
    """Until the end, which waits for a save that is under way."""
    while not ended.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), SAVE_EVERY)
        if shared.dirty and shared.settings.keep_state and not ended.is_set():
            await _save(shared)


def _put_away(sockets: dict[str, socket.socket], rtt: float) -> list[Distance]:
    """Relays on these sockets, in place of which come others that nobody is told of."""
    distances = []
    for name, outside in sockets.items():
        sockets[name] = listen(0)
        distances.append(Distance(outside, sockets[name].getsockname(), rtt))
    return distances


async def serve(server: Server, home: Home, sockets: dict[str, socket.socket], ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT. ``sockets`` by port; ``ready`` is called once all ports answer."""
    shared = server.shared
    shared.urls.update({name: f"https://{LOOPBACK}:{sock.getsockname()[1]}" for name, sock in sockets.items()})
    context = _tls(home)
    distances = _put_away(sockets, shared.settings.rtt_ms / 1000) if shared.settings.rtt_ms else []
    shared.world.ca_pem = private.read(home.path / "ca.pem").encode()
    private.write(home.path / TOKEN, shared.admin_token.encode())
    # The API dates its answers by the virtual clock.
    runners = [(_runner(app, context, date_header=name != "api"), sockets[name]) for name, app in server.ports.items()]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        shared.faults.clear()
        for runner, _sock in runners:
            runner.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    if shared.settings.until_stdin_ends:
        # The one who started us holds the other end of this pipe, and lets go of it however he dies.
        loop.add_reader(0, stop)
    ended = asyncio.Event()
    saving = asyncio.ensure_future(_save_now_and_then(shared, ended))
    serving = [asyncio.ensure_future(runner.serve([sock])) for runner, sock in runners]
    while not all(runner.started for runner, _sock in runners) and not any(task.done() for task in serving):
        await asyncio.sleep(0.005)
    for distance in distances:
        await distance.start()
    home.write_env(shared.env())
    ready()
    try:
        await asyncio.wait(serving, return_when=asyncio.FIRST_COMPLETED)
        stop()
        await asyncio.gather(*serving)
    finally:
        for distance in distances:
            await distance.stop()
        ended.set()
        await saving
        shared.close()
        if shared.settings.keep_state:
            await _save(shared)
        home.clean(keep_state=shared.settings.keep_state)


def run(server: Server, home: Home, sockets: dict[str, socket.socket], ready: Callable[[], None]) -> None:
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    asyncio.run(serve(server, home, sockets, ready))
