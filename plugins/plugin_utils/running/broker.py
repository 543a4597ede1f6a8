# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One broker for a run: a process that keeps the connections to the API, for all tasks and all hosts.

Every task is a fork, so connections of their own would cost each one its handshakes. The broker is forked off before
all of them; its door is a pair of sockets that the forks inherit: nothing of it is in the file system, nobody but the
run's processes can reach it, and the last of them that goes, for whatever reason, is the end-of-file that ends it.

Where there is no broker, or no more, exchanges go directly: slower, never wrong.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import getproxies

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import errors
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Exchange, Received, late
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker_words import line, raised

# What the broker's process runs on.
LIBRARIES = ("httpcore", "h2", "anyio")
# Seconds beyond its own time after which the answer to an exchange has failed to come.
SPARE = 5.0
# Seconds to be let in.
PATIENCE = 5.0


class _NotTakenError(Exception):
    """The broker was not there to take an exchange along."""


class Broker:
    """The run's side. Made once, by the controller before it forks; `pid` is 0 where there is none.

    One whose tasks live in a time of their own, as in tests, `keeps_pace` with nobody.
    """

    def __init__(self, *, keeps_pace: bool = True) -> None:
        self._keeps_pace = keeps_pace
        self.pid = 0
        self._door: socket.socket | None = None
        # Of a worker: its task, and what it holds as long as it is there.
        self._task = ""
        self._presence: socket.socket | None = None
        # A worker that was not forked off a controller with a broker would make one for itself alone.
        if multiprocessing.parent_process() is None and all(map(find_spec, LIBRARIES)):
            with suppress(OSError):
                self._begin()

    def _begin(self) -> None:
        ours, theirs = socket.socketpair()
        # What a full door does not take goes directly.
        ours.setblocking(False)
        self.pid = os.fork()
        if not self.pid:
            _be_the_broker(theirs, self._keeps_pace)
        theirs.close()
        self._door = ours

    def attend(self, task: str) -> None:
        """This worker is one of a task's, until another one's or its end: they share what they have been told."""
        self._task = ""
        if self._door is None:
            return
        with suppress(_NotTakenError, OSError, ValueError):
            presence = _told(self._door, line({"worker_of": task}), PATIENCE)
            with presence.makefile("rb") as heard:
                json.loads(heard.readline())
            # In the place of the last one, which is closed by that: not before this one is heard, so that what the
            # turns of a loop share is not forgotten between two of them.
            self._presence = presence
            self._task = task

    def carry(self, exchange: Exchange) -> Received | None:
        """What came back through it; None: nothing was sent, or it can be sent again. Raises as `direct` does."""
        if self._door is None:
            return None
        order = self._order(exchange)
        if order is None:
            if exchange.writes:
                # What it does not see, it would not forget for.
                self._tell({"remember": False})
            return None
        try:
            told, content = _ask(self._door, order, exchange.timeout + SPARE)
        except _NotTakenError:
            if exchange.writes:
                self._tell({"remember": False})
            return None
        except TimeoutError:
            # It has a limit of its own, so it hangs: slower without it, for the rest of this worker.
            self._door = None
            if not exchange.writes:
                return None
            raise errors.ConnectionLost(late(exchange), executed=True, **exchange.facts) from None
        except (OSError, ValueError):
            # What it did before it ended nobody knows.
            if not exchange.writes:
                return None
            message = f"{exchange.endpoint} did not answer (the broker of this run has ended)"
            raise errors.ConnectionLost(message, executed=True, **exchange.facts) from None
        if failure := told.get("failure"):
            raise raised(failure, exchange.facts)
        return Received(told["status"], told["headers"], content, told["ahead"])

    def leave_others_to_write(self) -> None:
        """A process of its own is about to: what was read ahead would not be forgotten for it."""
        self._tell({"ahead": False})

    def _tell(self, order: dict[str, Any]) -> None:
        if self._door is not None:
            with suppress(_NotTakenError, OSError, ValueError):
                _ask(self._door, line(order), PATIENCE)

    def _order(self, exchange: Exchange) -> bytes | None:
        """The order for it: all that this task's environment has to say is in it. None for what cannot be done."""
        proxy, ca = _proxy(exchange.url), exchange.ca_path
        if not exchange.url.isascii() or proxy.startswith("socks") or (ca and not Path(ca).exists()):
            return None
        body = exchange.body
        said = {name: value for name, value in vars(exchange).items() if name != "body"}
        order = {
            "exchange": said,
            "proxy": proxy,
            "task": self._task,
            "worker": os.getpid(),
            "length": None if body is None else len(body),
        }
        return line(order) + (body or b"")


def _told(door: socket.socket, order: bytes, patience: float) -> socket.socket:
    """A visit at which the order has been given: the broker's answer comes there."""
    try:
        ours, theirs = socket.socketpair()
        with theirs:
            ours.settimeout(patience)
            socket.send_fds(door, [b"."], [theirs.fileno()])
        ours.sendall(order)
    except OSError:
        # It takes nothing up before it has all of it.
        raise _NotTakenError from None
    return ours


def _ask(door: socket.socket, order: bytes, patience: float) -> tuple[dict[str, Any], bytes]:
    """What the broker answers: a line of JSON, and what follows it. Raises OSError or ValueError if it ends."""
    with _told(door, order, patience) as visit, visit.makefile("rb") as answer:
        told = json.loads(answer.readline())
        content = answer.read()
    if len(content) != told["length"]:
        raise ValueError
    return told, content


def _be_the_broker(door: socket.socket, keeps_pace: bool) -> None:
    """In the fork: never to return."""
    try:
        # Whoever is interrupted wants to tidy up, and needs the connections for it.
        for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(ignored, signal.SIG_IGN)
        door = _alone_with(door)
        from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running import broker_process

        broker_process.main(door, keeps_pace)
    finally:
        os._exit(0)


def _alone_with(door: socket.socket) -> socket.socket:
    """The door, and nothing else that is open: nobody must wait for the broker at the end of a pipe."""
    kept, nothing = door.detach(), os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    if kept != 3:
        os.dup2(kept, 3)
    # What there can be may be a thousand millions.
    for open_one in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        if open_one > 3:
            with suppress(OSError):
                os.close(open_one)
    return socket.socket(fileno=3)


def _proxy(url: str) -> str:
    """The proxy on the way there, "" for none: by the rules of requests, which nobody needs who has no proxy."""
    if not getproxies():
        return ""
    from requests.utils import get_environ_proxies, prepend_scheme_if_needed, select_proxy

    proxy = select_proxy(url, get_environ_proxies(url, no_proxy=None))
    return prepend_scheme_if_needed(proxy, "http") if proxy else ""
