# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting an instance in the background, and stopping it."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from localcloud.client import Admin, AdminError
from localcloud.instance.home import LOG, STATE, Home, HomeError
from localcloud.ports.words import HOME
from localcloud.world import private

# Seconds: a start takes about one on an idle machine; a stop waits for open requests (1 s) and the S3 server.
START_TIMEOUT = 60.0
STOP_TIMEOUT = 15.0
POLL = 0.03


def _command(args: argparse.Namespace, log: Path) -> list[str]:
    command = [sys.executable, "-m", "localcloud", "serve", "--quiet", "--log", str(log)]
    command += [] if args.port is None else ["--port", str(args.port)]
    command += [] if args.spaces_port is None else ["--spaces-port", str(args.spaces_port)]
    command += ["--speed", args.speed, "--latency-ms", str(args.latency_ms), "--rtt-ms", str(args.rtt_ms)]
    command += ["--strict" if args.strict else "--no-strict", "--rate-limit" if args.rate_limit else "--no-rate-limit"]
    command += ["--http2" if args.http2 else "--no-http2"]
    command += ["--keep-state"] if args.keep_state else []
    command += ["--records-only"] if args.records_only else []
    return command + (["--spec", str(args.spec.absolute())] if args.spec else [])


def start(args: argparse.Namespace, home: Home) -> None:
    """Start a server and wait until it answers; ``HomeError`` with its own last words when it does not."""
    home.create()
    package = str(Path(__file__).resolve().parents[2])
    search = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH")) if part)
    # What it says before it logs, or instead of it.
    log = private.opened(home.path / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    try:
        process = subprocess.Popen(  # noqa: S603
            _command(args, home.path / LOG),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={**os.environ, HOME: str(home.path), "PYTHONPATH": search},
            start_new_session=True,
        )
    finally:
        os.close(log)
    deadline = time.monotonic() + START_TIMEOUT
    while not _answers(home):
        # Somebody else may have been faster: then theirs is waited for, and nothing of theirs taken away.
        if process.poll() is not None and home.running() is None:
            words = home.log_tail(1).removeprefix("localcloud: ") or f"it ended with status {process.returncode}"
            home.clean(keep_state=True)
            raise HomeError(words)
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise HomeError(f"it did not answer within {START_TIMEOUT:g} s; {home.path / LOG} says:\n{home.log_tail()}")
        time.sleep(POLL)


def _answers(home: Home) -> bool:
    env = home.env()
    if env is None:
        return False
    try:
        Admin(env["DIGITALOCEAN_API_URL"], home.path / "ca.pem", timeout=5).status()
    except (AdminError, OSError):
        return False
    return True


def stop(home: Home, keep_state: bool = False) -> None:
    """End the server of this folder, gently first, and remove its files."""
    pid = home.running()
    if pid is not None:
        _signal(pid, signal.SIGTERM)
        if not _ended(pid, STOP_TIMEOUT):
            _signal(pid, signal.SIGKILL)
            _ended(pid, STOP_TIMEOUT)
    home.clean(keep_state=keep_state or (home.path / STATE).exists())


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
    except PermissionError:
        raise HomeError(f"process {pid} belongs to somebody else") from None


def _ended(pid: int, timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if _zombie(pid):
            return True
        time.sleep(POLL)
    return False


def _zombie(pid: int) -> bool:
    """Whether the process has ended and only waits for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
