# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running an instance: sockets, certificates, signals, and leaving nothing behind."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import uvicorn

from localcloud.dataplane.ground import Ground
from localcloud.dataplane.plane import DataPlane
from localcloud.dataplane.software import all_kinds
from localcloud.instance import tls
from localcloud.instance.distance import Distance
from localcloud.instance.home import Home, HomeError
from localcloud.instance.patience import KEEP_ALIVE
from localcloud.instance.protocol import Protocol
from localcloud.instance.server import Server
from localcloud.instance.tls import LOOPBACK
from localcloud.ports.shared import Shared
from localcloud.ports.words import TOKEN
from localcloud.world import private

log = logging.getLogger("localcloud")

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


def _runner(app: Any, context: ssl.SSLContext, accepted: Counter[str], *, date_header: bool) -> _Uvicorn:
    config = uvicorn.Config(
        app,
        http=partial(Protocol, accepted=accepted),  # type: ignore[arg-type]
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
    """Relays on these sockets, in place of which come others that nobody is told of; none for no distance."""
    distances: list[Distance] = []
    if not rtt:
        return distances
    for name, outside in sockets.items():
        sockets[name] = listen(0)
        distances.append(Distance(outside, sockets[name].getsockname(), rtt))
    return distances


async def serve(server: Server, home: Home, sockets: dict[str, socket.socket], ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT. ``sockets`` by port; ``ready`` is called once all ports answer."""
    shared = server.shared
    shared.urls.update({name: f"https://{LOOPBACK}:{sock.getsockname()[1]}" for name, sock in sockets.items()})
    authority = tls.authority_for(home)
    certificate = tls.certificate_of(authority)
    distances = _put_away(sockets, shared.settings.rtt_ms / 1000)
    shared.world.ca_pem = private.read(home.path / "ca.pem").encode()
    private.write(home.path / TOKEN, shared.admin_token.encode())
    ground = Ground(shared.world, home.data, authority.issue_cert, shared.changed, shared.urls["spaces"])
    shared.world.plane = plane = DataPlane(ground, [] if shared.settings.records_only else all_kinds())
    # API and Spaces date their answers by the virtual clock.
    runners = []
    for name, app in server.ports.items():
        # Spaces speaks HTTP/1.1 only.
        context = tls.context_of(certificate, http2=shared.settings.http2 and name == "api")
        runners.append(
            (_runner(app, context, shared.accepted[name], date_header=name not in ("api", "spaces")), sockets[name])
        )
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
    await plane.start()
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
        await plane.stop(keep=shared.settings.keep_state)
        shared.close()
        if shared.settings.keep_state:
            await _save(shared)
        home.clean(keep_state=shared.settings.keep_state)


def run(server: Server, home: Home, sockets: dict[str, socket.socket], ready: Callable[[], None]) -> None:
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    asyncio.run(serve(server, home, sockets, ready))
