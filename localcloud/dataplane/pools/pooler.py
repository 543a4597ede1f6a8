# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The port of a cluster by which its pools are reached, and which pools it has."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Callable, Iterable

import psycopg

from localcloud import JSON
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.dataplane.pools import wire
from localcloud.dataplane.pools.pool import Pool, Settings
from localcloud.dataplane.pools.session import Session
from localcloud.dataplane.postgresql.programs import SUPERUSER
from localcloud.dataplane.postgresql.sql import Door, column
from localcloud.dataplane.sources import allowed
from localcloud.dataplane.work import ended
from localcloud.resources.databases import endpoints, rows
from localcloud.resources.databases.catalogue import POSTGRESQL
from localcloud.world.world import World

PASSWORD = "SELECT rolpassword FROM pg_authid WHERE rolname = %s AND rolcanlogin"  # noqa: S105


class Pools(Kind):
    """Of every cluster, also of one without pools: so that one that is made can be used at once."""

    name = "pools"

    def wanted(self, world: World) -> dict[str, JSON]:
        found = rows.clusters(world).everything()
        return {
            row["id"]: specification(world, row)
            for row in found
            if row["engine"] in POSTGRESQL and row.get("_at") and not row.get("_primary")
        }

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Pooler(ground, key, again)


def specification(world: World, row: JSON) -> JSON:
    pools = rows.parts(world, rows.POOLS, row["id"], true_rows=True)
    bouncer = row["_config"].get("pgbouncer") or {}
    return {
        "at": row["_at"]["pool"],
        "server": row["_at"]["server"],
        "names": endpoints.names(row),
        "sources": allowed(world, row),
        "ignored": bouncer.get("ignore_startup_parameters") or [],
        "pools": {pool["name"]: {name: pool[name] for name in ("mode", "size", "db", "user")} for pool in pools},
    }


class Pooler(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        super().__init__(ground, key, again)
        self.sessions: dict[bytes, Session] = {}
        self.ignored: list[str] = []
        self.context: ssl.SSLContext = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._spec: JSON = {}
        self._pools: dict[tuple[str, str], Pool] = {}
        self._server: asyncio.Server | None = None
        self._sources: list[ipaddress.IPv4Network] = []
        self._running: set[asyncio.Task[None]] = set()

    async def bring(self, spec: JSON) -> None:
        host, port = spec["at"]
        if spec["names"] != self._spec.get("names"):
            self.ground.issue(host, *spec["names"]).configure_cert(self.context)
        if self._server is None:
            self._server = await asyncio.start_server(self._meet, host, port)
        self._sources = [ipaddress.IPv4Network(network) for network in spec["sources"]]
        self.ignored, self._spec = spec["ignored"], spec
        for (name, user), pool in list(self._pools.items()):
            wanted = spec["pools"].get(name)
            if wanted is None or self._settings(wanted) != pool.settings:
                self._close([self._pools.pop((name, user))])
            else:
                pool.resize(wanted["size"])

    async def end(self, *, forget: bool) -> None:  # noqa: ARG002 (it keeps nothing)
        if self._server is not None:
            self._server.close()
        self._close(self._pools.values())
        sessions = list(self._running)
        await ended(*sessions)
        await asyncio.gather(*sessions, return_exceptions=True)

    def describe(self) -> list[str]:
        if not self._spec:
            return []
        where = ":".join(map(str, self._spec["at"]))
        users = {name: f"{pool['user']}@" if pool["user"] else "" for name, pool in self._spec["pools"].items()}
        return [f"postgresql://{user}{where}/{name}?sslmode=verify-full" for name, user in users.items()]

    # -- what a session asks ---------------------------------------------------------------------------------------

    def pool(self, name: str, user: str) -> Pool:
        wanted = self._spec["pools"].get(name)
        if wanted is None:
            raise wire.Refused("3D000", f"no such database: {name}")
        settings = self._settings(wanted)
        key = (name, settings.user or user)
        if key not in self._pools:
            self._pools[key] = Pool(settings, key[1], wanted["size"])
        return self._pools[key]

    async def verifier(self, user: str) -> str | None:
        """What the server keeps of a password, which its owner may have changed there."""
        try:
            async with self._door.connected() as connection:
                found = await column(connection, PASSWORD, user) if user != SUPERUSER else []
        except psycopg.OperationalError:
            raise wire.Refused("08006", "the server cannot be reached") from None
        return found[0] if found else None

    # -- within ----------------------------------------------------------------------------------------------------

    @property
    def _door(self) -> Door:
        id = self.key.partition("/")[2]
        return Door(self.ground.folder / "postgresql" / id / "s", self._spec["server"][1])

    def _settings(self, pool: JSON) -> Settings:
        socket = self._door.sockets / f".s.PGSQL.{self._door.port}"
        return Settings(str(socket), pool["db"], pool["user"], pool["mode"])

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A stranger is not told a word."""
        host = ipaddress.IPv4Address(writer.get_extra_info("peername")[0])
        if not any(host in network for network in self._sources):
            writer.transport.abort()
            return
        task = asyncio.ensure_future(Session(reader, writer, self).run())
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _close(self, pools: Iterable[Pool]) -> None:
        gone = list(pools)
        for session in list(self.sessions.values()):
            if session.pool in gone:
                session.end()
        for pool in gone:
            pool.close()
