# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of a server, and the configuration that it runs by."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from localcloud import JSON
from localcloud.dataplane import supervisor
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import FailedError
from localcloud.dataplane.postgresql.files import Files
from localcloud.dataplane.postgresql.sql import Door, column

log = logging.getLogger("localcloud")

# Seconds: for a start, which may have to replay what was written before a crash; between two looks.
STARTS_WITHIN = 60.0
LOOK = 0.02


class Postmaster:
    """``room`` has ``data``, which is the server's, ``conf``, which is ours, and ``s`` for its socket."""

    def __init__(self, ground: Ground, key: str, room: Path, again: Callable[[], None]) -> None:
        self._key, self._room, self._again = key, room, again
        self._log = ground.log(key)
        self._files = Files(ground, room / "conf")
        self._process: supervisor.Process | None = None
        self._parameters: dict[str, str] = {}
        self._refused: dict[str, str] = {}

    @property
    def pid(self) -> int:
        """0 while it does not run."""
        return self._process.pid if self._process and self._process.running else 0

    def prepare(self) -> None:
        for folder in (self._files.folder, self._room / "s"):
            folder.mkdir(mode=0o711, exist_ok=True)
        supervisor.give(self._room / "s")

    async def follow(self, program: str, door: Door, parameters: dict[str, str], spec: JSON) -> None:
        """Start it, or let it take what has changed: by a restart when it must."""
        files = self._files
        changed = [files.certify(spec["names"]), files.admit(spec["sources"])]
        changed.append(await self._configure(program, parameters))
        if not self.pid:
            await self._start(program, door)
        elif any(changed):
            others = dict(parameters.items() ^ self._parameters.items())
            if await self._needs_restart(door, list(others)):
                await self.stop(signal.SIGINT)
                await self._start(program, door)
            else:
                await self._reload(door)
        self._parameters = parameters

    async def stop(self, number: int) -> None:
        if self._process:
            await self._process.stop(number)

    async def _configure(self, program: str, parameters: dict[str, str]) -> bool:
        """Whether there is something new. A parameter that PostgreSQL does not take is left out: it would not start."""
        taken = dict(parameters.items() - self._refused.items())
        while self._files.configure(taken):
            try:
                await supervisor.run([*self._command(program), "-C", "port"], drop_root=True)
            except RuntimeError as error:
                refused = taken.keys() & set(re.findall(r'parameter "([^"]+)"', str(error).lower()))
                if not refused:
                    raise FailedError(f"PostgreSQL does not take its configuration: {error}") from None
                log.warning("%s goes without %s: %s", self._key, ", ".join(sorted(refused)), error)
                self._refused.update({name: taken.pop(name) for name in refused})
            else:
                return True
        return False

    def _command(self, program: str) -> list[str]:
        files = ["-D", str(self._room / "data"), "-c", f"config_file={self._files.main}"]
        return [program, *files]

    async def _start(self, program: str, door: Door) -> None:
        self._process = process = await supervisor.start(
            self._key,
            self._command(program),
            logfile=self._log,
            dies_by=signal.SIGINT,
            drop_root=True,
            on_exit=self._again,
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(STARTS_WITHIN):
                while process.running:
                    try:
                        async with door.connected():
                            return
                    except psycopg.OperationalError:
                        await asyncio.sleep(LOOK)
        await process.stop(signal.SIGQUIT)
        raise RuntimeError(f"PostgreSQL does not start; see {self._log}")

    async def _needs_restart(self, door: Door, names: list[str]) -> bool:
        async with door.connected() as connection:
            query = "SELECT name FROM pg_settings WHERE context = 'postmaster' AND name = ANY(%s)"
            return bool(await column(connection, query, names))

    async def _reload(self, door: Door) -> None:
        """Done once connections that come now find what has changed."""
        loaded = "SELECT pg_conf_load_time()"
        async with door.connected() as connection:
            (before,) = await column(connection, loaded)
            await connection.execute("SELECT pg_reload_conf()")
        async with asyncio.timeout(STARTS_WITHIN):
            while True:
                async with door.connected() as connection:
                    if await column(connection, loaded) != [before]:
                        return
                await asyncio.sleep(LOOK)
