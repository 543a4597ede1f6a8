# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One server: started, followed, restarted, promoted, removed."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
import signal
from collections.abc import Callable

import psycopg

from localcloud import JSON
from localcloud.dataplane import supervisor
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import FailedError, Thing
from localcloud.dataplane.postgresql import databases, origin, roles
from localcloud.dataplane.postgresql.backups import Backups
from localcloud.dataplane.postgresql.files import Files
from localcloud.dataplane.postgresql.programs import ADMIN, DEFAULT_DB, SUPERUSER, VERSION, Programs
from localcloud.dataplane.postgresql.sql import Door, column
from localcloud.resources.databases import rows
from localcloud.world import private

log = logging.getLogger("localcloud")

# Seconds: for a start, which may have to replay what was written before a crash; between two looks.
STARTS_WITHIN = 60.0
LOOK = 0.02


class Server(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None], shelf: dict[str, Programs]) -> None:
        super().__init__(ground, key, again)
        self._shelf = shelf
        self._process: supervisor.Process | None = None
        self._spec: JSON = {}
        self._parameters: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._room = ground.folder / key
        self._backups = Backups(self._room / "backups", self._backed_up)
        self._files = Files(ground, self._room / "conf")

    async def bring(self, spec: JSON) -> None:
        self._programs = self._shelf[spec["engine"]]
        self._prepare()
        if not (self._room / "data").exists():
            await self._populate(spec)
        if not spec["primary"]:
            await self._lead()
        await self._follow(spec)
        self._spec = spec
        if not spec["primary"]:
            await self._fill(spec)
            self._backups.keep(self._programs, self._door(spec), spec["backups"])

    async def end(self, *, forget: bool) -> None:
        await self._backups.stop()
        if self._process:
            await self._process.stop(signal.SIGQUIT if forget else signal.SIGINT)
        if forget and self._room.exists():
            await asyncio.to_thread(shutil.rmtree, self._room)

    def describe(self) -> list[str]:
        if not self._spec or not self._process:
            return []
        where = f"{self._spec['address']}:{self._spec['port']}"
        role = "replica" if self._spec["primary"] else "primary"
        return [
            f"postgresql://{ADMIN}@{where}/{DEFAULT_DB}?sslmode=verify-full (PostgreSQL {VERSION})",
            f"{role}, pid {self._process.pid}",
        ]

    # -- the data --------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """``conf`` is ours, for the server to read; ``s`` has its socket, and its data comes beside."""
        self.ground.room(self.key).chmod(0o711)
        for folder in (self._files.folder, self._room / "s"):
            folder.mkdir(mode=0o711, exist_ok=True)
        supervisor.give(self._room / "s")

    async def _populate(self, spec: JSON) -> None:
        new = self._room / "data.new"
        await asyncio.to_thread(shutil.rmtree, new, ignore_errors=True)
        new.mkdir(mode=0o700)
        supervisor.give(new)
        await origin.populate(self.ground, self._programs, spec, new)
        (self._room / "known.json").unlink(missing_ok=True)
        new.rename(self._room / "data")

    # -- the process -----------------------------------------------------------------------------------------------

    def _door(self, spec: JSON) -> Door:
        return Door(self._room / "s", spec["port"])

    async def _follow(self, spec: JSON) -> None:
        """Start it, or let it take what has changed: by a restart when it must."""
        files, door = self._files, self._door(spec)
        parameters = {
            **spec["parameters"],
            "listen_addresses": spec["address"],
            "port": str(spec["port"]),
            "unix_socket_directories": str(door.sockets),
        }
        if spec["primary"]:
            leader = origin.door(self.ground, spec["primary"]["id"], spec["primary"]["port"])
            parameters["primary_conninfo"] = f"host={leader.sockets} port={leader.port} user={SUPERUSER}"
        await self._programs.ready()
        changed = [files.certify(spec["names"]), files.admit(spec["sources"]), await self._configure(parameters)]
        if self._process is None or not self._process.running:
            await self._start(door)
        elif any(changed):
            others = dict(parameters.items() ^ self._parameters.items())
            if await self._needs_restart(door, list(others)):
                await self._process.stop(signal.SIGINT)
                await self._start(door)
            else:
                await self._reload(door)
        self._parameters = parameters

    async def _configure(self, parameters: dict[str, str]) -> bool:
        """Whether there is something new. A parameter that PostgreSQL does not take is left out: it would not start."""
        taken = dict(parameters.items() - self._refused.items())
        while self._files.configure(taken):
            try:
                await supervisor.run([*self._command(), "-C", "port"], drop_root=True)
            except RuntimeError as error:
                refused = taken.keys() & set(re.findall(r'parameter "([^"]+)"', str(error)))
                if not refused:
                    raise FailedError(f"PostgreSQL does not take its configuration: {error}") from None
                log.warning("%s goes without %s: %s", self.key, ", ".join(sorted(refused)), error)
                self._refused.update({name: taken.pop(name) for name in refused})
            else:
                return True
        return False

    def _command(self) -> list[str]:
        files = ["-D", str(self._room / "data"), "-c", f"config_file={self._files.main}"]
        return [self._programs.tool("postgres"), *files]

    async def _start(self, door: Door) -> None:
        self._process = process = await supervisor.start(
            self.key,
            self._command(),
            logfile=self.ground.log(self.key),
            dies_by=signal.SIGINT,
            drop_root=True,
            on_exit=self.again,
        )
        async with asyncio.timeout(STARTS_WITHIN):
            while process.running:
                try:
                    async with door.connected():
                        return
                except psycopg.OperationalError:
                    await asyncio.sleep(LOOK)
        raise RuntimeError(f"PostgreSQL does not start; see {self.ground.log(self.key)}")

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

    async def _lead(self) -> None:
        """One that was a replica is a cluster of its own from now on."""
        signal_file = self._room / "data" / "standby.signal"
        if self._process and self._process.running and signal_file.exists():
            async with self._door(self._spec).connected() as connection:
                await connection.execute("SELECT pg_promote(true, 60)")
        signal_file.unlink(missing_ok=True)

    # -- what is in it ---------------------------------------------------------------------------------------------

    async def _fill(self, spec: JSON) -> None:
        """``known.json`` says what the API has made, so that what somebody else has made or changed is left alone."""
        path = self._room / "known.json"
        known = json.loads(private.read(path)) if path.exists() else {"users": {}, "databases": []}
        try:
            await databases.change(self._door(spec), spec["databases"], known["databases"])
            await roles.change(self._door(spec), spec["users"], known["users"])
        finally:
            private.write(path, json.dumps(known).encode())

    def _backed_up(self, moments: list[str]) -> None:
        """The API lists those backups that there are."""
        row = rows.clusters(self.ground.world).peek(self.key.partition("/")[2])
        if row is not None:
            row["_backed_up"] = moments
            self.ground.changed()
