# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of the playbooks of this checkout; and runs in the background that a test can kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.integration.harness.ansible import PROGRAM, ROOT, TIMEOUT, Played, ansible_playbook, environment
from tests.localcloud_fixtures import LocalCloud

# Seconds between two looks at what a run is doing.
POLL = 0.05
# The secret that runs of site.yml provide for the app.
NEXTAUTH_SECRET = "sentinel4session2secret7value"
PROVIDED = {"FISIOFLOW_NEXTAUTH_SECRET": NEXTAUTH_SECRET}


def playbook(
    cloud: LocalCloud,
    name: str,
    *options: str,
    variables: dict[str, Any] | None = None,
    env: dict[str, str] | None = None,
    inventory: str = "local",
    watched: bool = False,
    before: dict[str, list[dict[str, Any]]] | None = None,
) -> Played:
    """Run `name` (`site`, `playbooks/deploy`, …) with an inventory of this checkout; `env` overrides localcloud's.

    Only a `watched` run tells what each task came to; so does one with something to do `before` a task.
    """
    arguments = _arguments(cloud, name, variables or {}, inventory)
    acts = before or ({} if watched else None)
    return ansible_playbook(cloud, cloud.home.parent, *arguments, *options, env=env, before=acts)


def _arguments(cloud: LocalCloud, name: str, variables: dict[str, Any], inventory: str = "local") -> list[str]:
    extra = {"fisioflow_report_dir": str(cloud.home.parent / "reports"), **variables}
    return ["-i", str(ROOT / "inventories" / inventory), str(ROOT / f"{name}.yml"), "-e", json.dumps(extra)]


@dataclass
class Background:
    """A run that is going on, as the leader of its own session."""

    process: subprocess.Popen[bytes]
    output: Path

    def __post_init__(self) -> None:
        self._sessions = {self.process.pid}

    @property
    def over(self) -> bool:
        return self.process.poll() is not None

    def kill(self) -> None:
        """kill -9 of all of it: nothing of it gets to clean up. They are gone when this returns.

        What has said good-bye to the run, such as the guard of a key, is not of it.
        """
        os.kill(self.process.pid, signal.SIGSTOP)
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + TIMEOUT
        while self.processes() and time.monotonic() < deadline:
            time.sleep(POLL)

    def wait_until(self, condition: Callable[[], bool]) -> bool:
        """Whether the condition came true before the run was over."""
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            if self.over:
                return condition()
            if time.monotonic() > deadline:
                raise AssertionError(f"the run stands still:\n{self.output.read_text(errors='replace')[-4000:]}")
            time.sleep(POLL)
        return True

    def processes(self) -> list[int]:
        """The ids of the processes that are alive: of the run's session, and of its workers', which have one each."""
        found = [row for row in _processes() if row.session in self._sessions or row.parent == self.process.pid]
        self._sessions |= {row.session for row in found}
        return [row.id for row in _processes() if row.session in self._sessions]


class _Process(NamedTuple):
    id: int
    parent: int
    session: int


def _processes() -> list[_Process]:
    """Those of this machine that are alive: one that is dead, and waits only for its parent to see it, is not."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(ProcessLookupError, FileNotFoundError):
                state, parent, _group, session = (entry / "stat").read_text().rpartition(") ")[2].split()[:4]
                if state not in "ZX":
                    found.append(_Process(int(entry.name), int(parent), int(session)))
    return found


@contextmanager
def in_background(
    cloud: LocalCloud, name: str = "site", *options: str, env: dict[str, str] | None = None
) -> Iterator[Background]:
    """Start a playbook; what still runs at the end of the block is killed."""
    folder = cloud.home.parent
    output = folder / "output.txt"
    command = [PROGRAM, *_arguments(cloud, name, {}), *options]
    with output.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
            env=environment(cloud) | PROVIDED | (env or {}),
        )
    going = Background(process, output)
    try:
        yield going
    finally:
        if not going.over:
            going.kill()
