# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs of the playbooks, with what each task came to; and runs in the background that a test can kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.playbooks import ROOT, TIMEOUT, Played, environment, playbook
from tests.integration.playing import Outcome
from tests.localcloud_fixtures import LocalCloud

# Seconds between two looks at what a run is doing.
POLL = 0.05
# The secret that every run here provides for the app.
NEXTAUTH_SECRET = "sentinel4session2secret7value"
PROVIDED = {"FISIOFLOW_NEXTAUTH_SECRET": NEXTAUTH_SECRET}
# What makes a run work without the control node's Spaces key.
NO_SPACES_KEY = {"SPACES_ACCESS_KEY_ID": "", "SPACES_SECRET_ACCESS_KEY": "", "LOCALCLOUD_HOME": "/nonexistent"}


@dataclass(frozen=True)
class SiteRun:
    """A finished run, task by task, in the order of their ends."""

    played: Played
    tasks: list[Outcome]
    calls: list[dict[str, Any]]

    @property
    def ok(self) -> bool:
        return self.played.returncode == 0

    @property
    def printed(self) -> str:
        return self.played.printed

    @property
    def changed(self) -> int:
        return self.played.recap.get("changed", -1)

    @property
    def writes(self) -> list[str]:
        return self.played.write_list

    @property
    def changed_tasks(self) -> list[str]:
        """The tasks that changed something, each with the items that did when it is a loop."""
        found = []
        for task in self.tasks:
            if task.status == "ok" and task.changed:
                items = [_label(item) for item in task.result.get("results", []) if item.get("changed")]
                found += [f"{task.name} ({item})" for item in items] or [task.name]
        return found

    @property
    def messages(self) -> list[str]:
        """What was said by the tasks that failed, loops by item."""
        found = []
        for task in self.tasks:
            if task.status == "failed":
                items = [str(item["msg"]) for item in task.result.get("results", []) if item.get("failed")]
                found += items or [task.message]
        return found


def _label(item: dict[str, Any]) -> str:
    value = item.get("item", "")
    return str(value.get("name", value) if isinstance(value, dict) else value)


def run(
    cloud: LocalCloud,
    name: str = "site",
    *options: str,
    variables: dict[str, Any] | None = None,
    env: dict[str, str] | None = None,
    inventory: str = "local",
) -> SiteRun:
    """Run a playbook to its end."""
    folder = cloud.home.parent
    results, script = folder / "results.jsonl", folder / "script.json"
    results.write_text("")
    script.write_text(json.dumps({"url": cloud.url, "ca": cloud.ca, "before": {}}))
    capture = {
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parents[1] / "callback"),
        "ANSIBLE_CALLBACKS_ENABLED": "capture",
        "CAPTURE_RESULTS": str(results),
        "CAPTURE_SCRIPT": str(script),
        "CAPTURE_SECRETS": str(folder / "secrets.txt"),
        "PYTHONPATH": str(ROOT),
        **PROVIDED,
    }
    since = cloud.admin.seq()
    played = playbook(cloud, name, *options, variables=variables, env=capture | (env or {}), inventory=inventory)
    tasks = [Outcome(**json.loads(line)) for line in results.read_text().splitlines()]
    return SiteRun(played, tasks, cloud.admin.journal(since))


@dataclass
class Background:
    """A run that is going on, as the leader of its own process group."""

    process: subprocess.Popen[bytes]
    output: Path

    @property
    def over(self) -> bool:
        return self.process.poll() is not None

    def kill(self) -> None:
        """kill -9 of the whole group: nothing of it gets to clean up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

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
        """The ids of the processes of the group that are alive."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getpgid(int(entry.name)) == self.process.pid:
                        found.append(int(entry.name))
                except ProcessLookupError:
                    continue
        return found


@contextmanager
def in_background(
    cloud: LocalCloud, name: str = "site", *options: str, env: dict[str, str] | None = None
) -> Iterator[Background]:
    """Start a playbook; what still runs at the end of the block is killed."""
    folder = cloud.home.parent
    output = folder / "output.txt"
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(ROOT / "inventories" / "local")]
    command += [str(ROOT / f"{name}.yml"), "-e", f"fisioflow_report_dir={folder / 'reports'}", *options]
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
