# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Child processes that end with the instance, however it ends."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import pwd
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from localcloud.world import private

log = logging.getLogger("localcloud")

# What is started as root and refuses to run so (PostgreSQL) runs as this user.
NOBODY = "nobody"
PATIENCE = 5.0
# A log that grows past this is begun anew at the next start.
LOG_BYTES = 10 * 2**20
_PR_SET_PDEATHSIG = 1
# Process → what it is called, as long as it runs.
alive: dict[int, str] = {}
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")


def as_root() -> bool:
    return os.geteuid() == 0


def unprivileged() -> dict[str, Any]:
    """Arguments of a subprocess for software that refuses root: another user, when this is root."""
    if not as_root():
        return {}
    user = pwd.getpwnam(NOBODY)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give(path: Path) -> None:
    """Let a folder belong to the one that ``unprivileged`` runs as."""
    if as_root():
        user = pwd.getpwnam(NOBODY)
        os.chown(path, user.pw_uid, user.pw_gid)


def _dies_with_us(number: int) -> Callable[[], None] | None:
    """What a child does first: ask the kernel for a signal when its parent ends. Only Linux can."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


class Process:
    """One program that runs. ``on_exit`` is called when it ends by itself."""

    def __init__(
        self, child: asyncio.subprocess.Process, name: str, on_exit: Callable[[], None], *, leads: bool = False
    ) -> None:
        self._child, self.name, self._on_exit, self._leads = child, name, on_exit, leads
        self._ends = False
        alive[child.pid] = name
        self._watch = asyncio.ensure_future(self._wait())

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child.returncode is None

    @property
    def returncode(self) -> int | None:
        return self._child.returncode

    def send(self, number: int) -> None:
        with suppress(ProcessLookupError):
            if self._leads:
                os.killpg(self.pid, number)
            else:
                self._child.send_signal(number)

    async def wait(self) -> int:
        """Until it has ended: its status, negative for a signal."""
        await asyncio.shield(self._watch)
        return self._child.returncode or 0

    async def stop(self, number: int = signal.SIGTERM, patience: float = PATIENCE) -> None:
        """Ask it to end, and make it when it does not."""
        self._ends = True
        if self.running:
            self.send(number)
            try:
                await asyncio.wait_for(self.wait(), patience)
            except TimeoutError:
                log.warning("%s does not end, and is killed", self.name)
                self.send(signal.SIGKILL)
                await self.wait()

    async def _wait(self) -> None:
        status = await self._child.wait()
        alive.pop(self._child.pid, None)
        # What it has started itself does not outlive it either.
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        if not self._ends:
            log.warning("%s has ended with status %s", self.name, status)
            self._on_exit()


async def start(
    name: str,
    command: Sequence[str],
    *,
    logfile: Path | int,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    dies_by: int = signal.SIGTERM,
    drop_root: bool = False,
    leads: bool = False,
    on_exit: Callable[[], None] = lambda: None,
) -> Process:
    """Start a program as a direct child.

    It sees nothing of our environment but where programs are, and ``env``. ``logfile``: or an open descriptor, which is
    closed here. ``dies_by``: the signal that it gets when we are killed. ``drop_root``: as an unprivileged user, when
    this is root. ``leads``: it may start others, which get its signals too.
    """
    output = logfile if isinstance(logfile, int) else _opened(logfile)
    inherited = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**inherited, **(env or {})},
            cwd=cwd,
            preexec_fn=_dies_with_us(dies_by),
            start_new_session=True,
            **(unprivileged() if drop_root else {}),
        )
    finally:
        os.close(output)
    return Process(child, name, on_exit, leads=leads)


def _opened(logfile: Path) -> int:
    if logfile.exists() and logfile.stat().st_size > LOG_BYTES:
        logfile.unlink()
    return private.opened(logfile, os.O_WRONLY | os.O_CREAT | os.O_APPEND)


async def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    drop_root: bool = False,
    stdin: bytes = b"",
) -> bytes:
    """Run a program to its end and return what it printed; RuntimeError with its last words when it failed."""
    inherited = {name: os.environ[name] for name in _KEPT if name in os.environ}
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**inherited, **(env or {})},
        cwd=cwd,
        preexec_fn=_dies_with_us(signal.SIGKILL),
        **(unprivileged() if drop_root else {}),
    )
    try:
        printed, complained = await child.communicate(stdin)
    except BaseException:
        with suppress(ProcessLookupError):
            child.kill()
        raise
    if child.returncode:
        words = (complained or printed).decode(errors="replace").strip().splitlines()[-3:]
        raise RuntimeError(f"{Path(command[0]).name} failed with status {child.returncode}: {' | '.join(words)}")
    return printed
