# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run of a playbook costs: seconds on the wall and of CPU, tasks, requests, connections."""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.localcloud_fixtures import LocalCloud

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Measured:
    """One run. ``cpu``: seconds of the run and of all its processes; ``served``: of localcloud on its requests."""

    seconds: float
    cpu: float
    tasks: int
    skipped: int
    requests: int
    connections: int
    served: float


def measure(
    cloud: LocalCloud, name: str = "site", *options: str, writes: bool = False, variables: dict[str, Any] | None = None
) -> Measured:
    """Run a playbook, which must succeed, and must write something or nothing."""
    since, before, started = cloud.admin.seq(), _cpu(), time.monotonic()
    done = playbook(cloud, name, *options, variables=variables, env=PROVIDED)
    seconds = time.monotonic() - started
    _reap(cloud.process.pid)
    if done.returncode or bool(done.writes) != writes:
        sys.exit(f"{done.printed[-4000:]}\nbench: this was no run to measure: {done.recap}, writes {done.write_list}")
    calls = cloud.admin.journal(since)
    counted = [
        {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line)}
        for line in done.printed.splitlines()
        if "unreachable=" in line
    ]
    return Measured(
        seconds=seconds,
        cpu=_cpu() - before,
        tasks=sum(count["ok"] for count in counted),
        skipped=sum(count["skipped"] for count in counted),
        requests=len(calls),
        connections=len({call["connection"] for call in calls}),
        served=sum(call["duration_ms"] for call in calls) / 1000,
    )


def middle(times: int, run: Callable[[], Measured]) -> Measured:
    """The run with the middle duration of so many: the first of a series pays for cold caches."""
    runs = sorted((run() for _ in range(times)), key=lambda done: done.seconds)
    return runs[(len(runs) - 1) // 2]


def floor(folder: Path, tasks: int) -> float:
    """Seconds that bare Ansible takes for so many tasks that do nothing."""
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [{"name": f"Task {number}", "ansible.builtin.debug": {"msg": number}} for number in range(tasks)],
    }
    path = folder / f"floor-{tasks}.yml"
    path.write_text(json.dumps([play]))
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        subprocess.run(
            [program, "-i", "localhost,", "-c", "local", str(path)], check=True, capture_output=True, cwd=folder
        )
        seconds.append(time.monotonic() - started)
    return statistics.median(seconds)


def adopt_orphans() -> None:
    """What a run leaves to end after it, such as its broker, becomes a child of this process: its CPU counts."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap(kept: int) -> None:
    """Wait for all children but localcloud."""
    for entry in Path("/proc").glob("[0-9]*"):
        # Others come and go meanwhile.
        with suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and int(entry.name) != kept:
                os.waitpid(int(entry.name), 0)
