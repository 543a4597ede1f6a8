# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one Caddy that all apps share, each at its own address. What it is told holds paths of keys, and no secret.

Each configuration of Caddy's begins with listening sockets of its own, and whoever waits at the old ones is turned away
(measured: 42 of 15,000 connections at 60 changes). So an nginx, which keeps its sockets, takes all connections in, and
passes them on by sockets that Caddy keeps, too: those of files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from localcloud import JSON
from localcloud.dataplane.caddy import Caddy
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.nginx import Nginx

KEY = "route/caddy"
# What Caddy calls the notes of requests; below it, those of each app.
ACCESS = "http.log.access"
# Nothing of what was asked: addresses can tell of patients, headers hold secrets (an error has them too).
_UNSEEN = {field: {"filter": "delete"} for field in ("request", "resp_headers")}
ENCODER = {"format": "filter", "wrap": {"format": "json"}, "fields": _UNSEEN}
# Open requests of an old configuration have so long.
GRACE = "120s"
# How long a connection may be idle is Caddy's to say.
DOOR = """\
  server {{
    listen {host}:{port};
    proxy_pass unix:{socket};
    proxy_protocol on;
    proxy_timeout 365d;
  }}
"""


class Entrance:
    """``put`` and ``drop`` are in force when they return."""

    def __init__(self) -> None:
        self._caddy: Caddy | None = None
        self._doors: Nginx | None = None
        # App → whose its servers are, these by their names, and who is told when one of the two has died.
        self._apps: dict[str, tuple[str, JSON, Callable[[], None]]] = {}
        self._lock = asyncio.Lock()

    async def put(self, ground: Ground, app: str, owner: str, servers: JSON, died: Callable[[], None]) -> None:
        """The servers of an app are ``owner``'s from now on. RuntimeError, and it is as before, when they are wrong.

        ``servers``: name → what Caddy calls a server, without what it listens on, and ``at``, where it can be reached.
        """
        async with self._lock:
            before = self._apps.get(app)
            self._apps[app] = (owner, servers, died)
            try:
                await self._apply(ground)
            except BaseException:
                del self._apps[app]
                if before:
                    self._apps[app] = before
                raise

    async def drop(self, ground: Ground, owner: str) -> None:
        """What is still its own: another may have taken its place."""
        async with self._lock:
            mine = [app for app, (whose, _servers, _died) in self._apps.items() if whose == owner]
            for app in mine:
                del self._apps[app]
            if mine and self._apps:
                await self._apply(ground)
            elif not self._apps and self._caddy and self._doors:
                await self._doors.end()
                await self._caddy.stop()

    async def _apply(self, ground: Ground) -> None:
        if self._caddy is None or self._doors is None:
            self._caddy = Caddy(ground, KEY, self._has_died)
            self._doors = Nginx(f"the doors of {KEY}", ground.room(KEY), ground.log(f"{KEY}-doors"), self._has_died)
        servers, doors = {}, ""
        for _owner, mine, _died in self._apps.values():
            for name, server in mine.items():
                host, port = server["at"]
                doors += DOOR.format(host=host, port=port, socket=f"{name}.sock")
                servers[name] = _inner(server, f"unix/{name}.sock")
        logs = {app: _log(ground, app) for app in self._apps}
        files = [str(certificate(ground, app)) for app in self._apps]
        await self._caddy.serve(
            {
                "logging": {"logs": {"default": {"exclude": [ACCESS], "encoder": ENCODER}, **logs}},
                "storage": {"module": "file_system", "root": str(ground.room(KEY))},
                "apps": {
                    "http": {"servers": servers, "grace_period": GRACE},
                    "tls": {"certificates": {"load_files": [{"certificate": file, "key": file} for file in files]}},
                },
            }
        )
        await self._doors.bring(f"stream {{\n{doors}}}\n")

    def _has_died(self) -> None:
        for _owner, _servers, died in list(self._apps.values()):
            died()


def _inner(server: JSON, socket: str) -> JSON:
    """What Caddy is told: who a visitor is, the door says before anything else."""
    wrappers = [{"wrapper": "proxy_protocol"}, *([{"wrapper": "tls"}] if "tls_connection_policies" in server else [])]
    rest = {name: value for name, value in server.items() if name != "at"}
    return {**rest, "listen": [socket], "listener_wrappers": wrappers}


def _log(ground: Ground, app: str) -> JSON:
    """Of each request of an app, how it went and how long it took, and nothing of what was asked."""
    writer = {"output": "file", "filename": str(requests(ground, app)), "roll_size_mb": 10, "roll_keep": 1}
    return {"writer": writer, "encoder": ENCODER, "include": [f"{ACCESS}.{app}"]}


def requests(ground: Ground, app: str) -> Path:
    """The file in which they are noted."""
    return ground.room(KEY) / f"{app}.requests"


def certificate(ground: Ground, app: str) -> Path:
    """Of an app: its key and its chain, in one file of ours."""
    return ground.room(KEY) / f"{app}.pem"
