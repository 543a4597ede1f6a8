# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One server: begun, followed, promoted, removed."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
from collections.abc import Callable, Mapping

from localcloud import JSON
from localcloud.dataplane import supervisor
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Thing
from localcloud.dataplane.postgresql import databases, origin, roles
from localcloud.dataplane.postgresql.backups import Backups
from localcloud.dataplane.postgresql.gauge import Gauge
from localcloud.dataplane.postgresql.postmaster import Postmaster
from localcloud.dataplane.postgresql.programs import ADMIN, DEFAULT_DB, SUPERUSER, VERSION, Programs
from localcloud.dataplane.postgresql.sql import Door
from localcloud.resources.databases import fullness, rows
from localcloud.world import private


class Server(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None], shelf: dict[str, Programs]) -> None:
        super().__init__(ground, key, again)
        self._shelf = shelf
        self._spec: JSON = {}
        self._room = ground.folder / key
        self._backups = Backups(self._room / "backups", self._backed_up)
        self._gauge = Gauge()
        self._postmaster = Postmaster(ground, key, self._room, again)

    async def bring(self, spec: JSON) -> None:
        self._programs = self._shelf[spec["engine"]]
        self.ground.room(self.key).chmod(0o711)
        self._postmaster.prepare()
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
        await self._postmaster.stop(signal.SIGQUIT if forget else signal.SIGINT)
        if forget and self._room.exists():
            await asyncio.to_thread(shutil.rmtree, self._room)

    async def measure(self) -> Mapping[str, float]:
        row = self._row
        if row is not None and fullness.look(self.ground.world, row):
            self.ground.changed()
        return await self._gauge.read(self._door(self._spec), self._postmaster.pid, self._spec)

    def describe(self) -> list[str]:
        if not self._spec:
            return []
        where = f"{self._spec['address']}:{self._spec['port']}"
        wanted = self._spec["version"]
        version = VERSION if wanted == VERSION.partition(".")[0] else f"{VERSION} in the place of {wanted}"
        role = "replica" if self._spec["primary"] else "primary"
        full = ["its disk is full: default_transaction_read_only is on"] if self._spec["full"] else []
        return [
            f"postgresql://{ADMIN}@{where}/{DEFAULT_DB}?sslmode=verify-full (PostgreSQL {version})",
            f"{role}, pid {self._postmaster.pid}",
            *full,
        ]

    # -- the data --------------------------------------------------------------------------------------------------

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
        door = self._door(spec)
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
        await self._postmaster.follow(self._programs.tool("postgres"), door, parameters, spec)

    async def _lead(self) -> None:
        """One that was a replica is a cluster of its own from now on."""
        signal_file = self._room / "data" / "standby.signal"
        if self._postmaster.pid and signal_file.exists():
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
        row = self._row
        if row is not None:
            row["_backed_up"] = moments
            self.ground.changed()

    @property
    def _row(self) -> JSON | None:
        """What the account holds of it; None once it is to end."""
        return rows.clusters(self.ground.world).peek(self.key.partition("/")[2])
