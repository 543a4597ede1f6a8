# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command of a component, and what it writes: lines ``<component> <RFC 3339> <text>`` in the deployment's log."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from localcloud.dataplane import supervisor
from localcloud.world import private
from localcloud.world.world import World

# Of a line, App Platform keeps so many bytes.
LINE_BYTES = 2048
# What only a shell understands.
_SHELL = re.compile(r"[;&|<>()$`\n\\*?~#!]|^\s*\w+=")
# A folder of its own that every container has.
_TMP = re.compile(r"(?<![\w/.-])/tmp(?=[/\"'\s]|$)")
SYSTEM = "/usr/local/bin:/usr/bin:/bin"


class Log:
    def __init__(self, world: World, path: Path) -> None:
        self._world, self._path = world, path
        self._removed = False

    def remove(self) -> None:
        """Also what is yet to be said."""
        self._removed = True
        self._path.unlink(missing_ok=True)

    def say(self, component: str, text: str) -> None:
        if self._removed:
            return
        line = text.encode(errors="replace")[:LINE_BYTES].decode(errors="ignore")
        with os.fdopen(private.opened(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "w") as file:
            if os.fstat(file.fileno()).st_size > supervisor.LOG_BYTES:
                file.truncate(0)
            file.write(f"{component} {self._world.timestamp()} {line}\n")

    async def follow(self, component: str) -> int:
        """A descriptor to write to; what comes is logged until its last holder closes it."""
        inlet, outlet = os.pipe()
        reader = asyncio.StreamReader(limit=2**20)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(inlet, "rb"))
        task = asyncio.ensure_future(self._copy(component, reader))
        _FOLLOWING.add(task)
        task.add_done_callback(_FOLLOWING.discard)
        return outlet

    async def _copy(self, component: str, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await reader.readline()
            except ValueError:  # a line without an end
                continue
            if not line:
                return
            self.say(component, line.decode(errors="replace").rstrip())


# asyncio itself holds tasks weakly.
_FOLLOWING: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class Program:
    """``folder``: of the image. ``home``: of the process alone, and its ``/tmp``, which is led there."""

    component: str
    command: str
    env: Mapping[str, str]
    folder: Path
    home: Path

    def _here(self, text: str) -> str:
        return _TMP.sub(lambda _found: str(self.home), text)

    def arguments(self) -> list[str]:
        """Without a shell between where none is needed: a signal reaches the program, and nothing outlives us."""
        command = self._here(self.command)
        return ["/bin/sh", "-c", command] if _SHELL.search(command) else ["/usr/bin/env", *shlex.split(command)]

    async def start(self, log: Log, on_exit: Callable[[], None] = lambda: None) -> supervisor.Process:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        own = {"PATH": f"{self.folder / 'bin'}:{SYSTEM}", "HOME": str(self.home), "TMPDIR": str(self.home)}
        return await supervisor.start(
            self.component,
            self.arguments(),
            logfile=await log.follow(self.component),
            env={**own, **{name: self._here(value) for name, value in self.env.items()}},
            cwd=self.folder,
            leads=True,
            on_exit=on_exit,
        )


async def ended(process: supervisor.Process, seconds: float) -> int | None:
    """Its status, None when it still runs then."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(asyncio.shield(process.wait()), seconds)
    return None
