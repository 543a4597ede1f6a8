# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base backups of a server: taken when one is due, given to the cluster that is restored from it, removed when old."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from localcloud.dataplane import supervisor
from localcloud.dataplane.postgresql.programs import SUPERUSER, Programs, copy
from localcloud.dataplane.postgresql.sql import Door
from localcloud.dataplane.work import Work
from localcloud.world import private

log = logging.getLogger("localcloud")

# Seconds until the next try.
AGAIN_AFTER = 1.0


async def base_backup(programs: Programs, door: Door, folder: Path) -> None:
    """What a running server holds at the end of this, into an empty folder of the server's user."""
    options = ["--checkpoint=fast", "--wal-method=stream", "--no-sync", "--no-manifest", "-D", str(folder)]
    login = ["-h", str(door.sockets), "-p", str(door.port), "-U", SUPERUSER, "--no-password"]
    await supervisor.run([programs.tool("pg_basebackup"), *login, *options], drop_root=True)


class Backups:
    """``index.json``: the moment that a backup was due → the folder that holds it.

    Of several that are missing the last is taken, and stands for all: they became due together, when the clock was put
    forward, and nothing was written in between.
    """

    def __init__(self, folder: Path, done: Callable[[list[str]], None]) -> None:
        self._folder, self._done = folder, done
        self._due: list[str] = []
        self._work = Work()

    def keep(self, programs: Programs, door: Door, due: list[str]) -> None:
        """Have those that are due and no others, before long; ``done`` is told which there are when that changes."""
        self._due = due
        self._work.begin(lambda: self._keep(programs, door))

    async def stop(self) -> None:
        await self._work.end()

    async def _keep(self, programs: Programs, door: Door) -> None:
        while set(index := _read(self._folder)) != set(self._due):
            try:
                await self._follow(programs, door, index)
            except Exception as error:
                # A restart of the server cuts one short, say.
                log.warning("no backup in %s: %s; again in %g s", self._folder, error, AGAIN_AFTER)
                await asyncio.sleep(AGAIN_AFTER)

    async def _follow(self, programs: Programs, door: Door, index: dict[str, str]) -> None:
        due = set(self._due)
        missing = sorted(due - set(index))
        if missing:
            name = missing[-1].replace(":", "")
            await self._take(programs, door, name)
            index.update(dict.fromkeys(missing, name))
        index = {moment: name for moment, name in index.items() if moment in due}
        private.write(self._folder / "index.json", json.dumps(index).encode())
        await self._remove_all_but(set(index.values()))
        self._done(sorted(index))

    async def _take(self, programs: Programs, door: Door, name: str) -> None:
        self._folder.mkdir(mode=0o711, exist_ok=True)
        new = self._folder / "new"
        # Also what was taken by one that was stopped before it could say so.
        for left in (new, self._folder / name):
            await asyncio.to_thread(shutil.rmtree, left, ignore_errors=True)
        new.mkdir(mode=0o700)
        supervisor.give(new)
        await base_backup(programs, door, new)
        new.rename(self._folder / name)

    async def _remove_all_but(self, names: set[str]) -> None:
        for path in self._folder.iterdir():
            if path.is_dir() and path.name not in names:
                await asyncio.to_thread(shutil.rmtree, path)


def _read(folder: Path) -> dict[str, str]:
    path = folder / "index.json"
    found: dict[str, str] = json.loads(private.read(path)) if path.exists() else {}
    return found


async def restore(folder: Path, moment: str, target: Path) -> None:
    """The backup of that moment into an empty folder; RuntimeError when it is not there."""
    index = _read(folder)
    if moment not in index:
        raise RuntimeError(f"there is no backup of {moment}")
    await copy(folder / index[moment], target)
