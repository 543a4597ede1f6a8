# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one Caddy that all apps share, each at its own address. What it is told holds paths of keys, and no secret."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from localcloud import JSON
from localcloud.dataplane.caddy import Caddy
from localcloud.dataplane.ground import Ground

KEY = "route/caddy"
# What Caddy calls the notes of requests; below it, those of each app.
ACCESS = "http.log.access"
# Nothing of what was asked: addresses can tell of patients, headers hold secrets (an error has them too).
_UNSEEN = {field: {"filter": "delete"} for field in ("request", "resp_headers")}
ENCODER = {"format": "filter", "wrap": {"format": "json"}, "fields": _UNSEEN}
# Open requests of an old configuration have so long.
GRACE = "120s"


class Entrance:
    """``put`` and ``drop`` are in force when they return."""

    def __init__(self) -> None:
        self._caddy: Caddy | None = None
        # App → whose its servers are, these by their names, and who is told when Caddy has died.
        self._apps: dict[str, tuple[str, JSON, Callable[[], None]]] = {}
        self._lock = asyncio.Lock()

    async def put(self, ground: Ground, app: str, owner: str, servers: JSON, died: Callable[[], None]) -> None:
        """The servers of an app are ``owner``'s from now on. RuntimeError, and it is as before, when they are wrong."""
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
            elif not self._apps and self._caddy:
                await self._caddy.stop()

    async def _apply(self, ground: Ground) -> None:
        if self._caddy is None:
            self._caddy = Caddy(ground, KEY, self._has_died)
        servers: JSON = {}
        for _owner, mine, _died in self._apps.values():
            servers |= mine
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

    def _has_died(self) -> None:
        for _owner, _servers, died in list(self._apps.values()):
            died()


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
