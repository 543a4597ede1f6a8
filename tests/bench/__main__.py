# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures about whole runs of `site.yml` on localcloud, and about localcloud saving its state: `python -m tests.bench`,
one JSON object a line.

Nothing here passes or fails; a figure is what this machine gave. Each unchanged run is measured several times and the
middle one is told, since the first of a series pays for cold caches.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud import resources
from localcloud.world.world import DURATIONS
from tests.bench import saving
from tests.integration.harness.playbooks import playbook
from tests.localcloud_fixtures import LocalCloud, start_localcloud

# Milliseconds that a request to the real API takes from Europe or the Americas.
LATENCY = 80
# What the app waits for: both clusters at once, then the deployment of an image, which is not built. Network, buckets,
# users, pools and trusted sources are there at once.
CLUSTERS = ("database.create", "database.create.valkey")
DEPLOYMENT = ("app.start", "app.queue", "app.job", "app.deploy")


@dataclass(frozen=True)
class Measured:
    """One run: `seconds` on the wall, tasks that were executed, requests, and seconds that localcloud spent on them."""

    seconds: float
    tasks: int
    calls: int
    served: float


def longest_chain() -> float:
    """Seconds of waiting that no parallel work can shorten, at real durations: as localcloud declares them."""
    resources.load()
    return max(DURATIONS[name] for name in CLUSTERS) + sum(DURATIONS[name] for name in DEPLOYMENT)


def measure(cloud: LocalCloud, *, changes: bool = False, variables: dict[str, Any] | None = None) -> Measured:
    """Run `site.yml`, which must succeed, and must change something or nothing."""
    since = cloud.admin.seq()
    started = time.monotonic()
    done = playbook(cloud, "site", variables=variables)
    seconds = time.monotonic() - started
    if done.returncode or bool(done.writes) != changes:
        sys.exit(f"{done.printed[-4000:]}\nbench: this was no run to measure: {done.recap}, writes {done.write_list}")
    calls = cloud.admin.journal(since)
    return Measured(seconds, done.recap["ok"], len(calls), sum(call["duration_ms"] for call in calls) / 1000)


def unchanged(cloud: LocalCloud, times: int, variables: dict[str, Any] | None = None) -> Measured:
    """The run with the middle duration of so many."""
    runs = sorted((measure(cloud, variables=variables) for _ in range(times)), key=lambda run: run.seconds)
    return runs[(len(runs) - 1) // 2]


def tell(name: str, value: float, unit: str) -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--factor", type=float, default=0.5, help="of real durations in the creation (default 0.5)")
    parser.add_argument("--times", type=int, default=3, help="measurements of each unchanged run (default 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, start_localcloud(Path(folder) / "home") as cloud:
        creation(cloud, options.factor)
        no_op(cloud, options.times)
    with tempfile.TemporaryDirectory() as folder:
        for figure in saving.figures(Path(folder)):
            tell(*figure)


def creation(cloud: LocalCloud, factor: float) -> None:
    cloud.admin.settings(speed=str(factor))
    made = measure(cloud, changes=True)
    cloud.admin.settings(speed="instant")
    chain = longest_chain() * factor
    tell("create_factor", factor, "of real durations")
    tell("create_seconds", made.seconds, "s")
    tell("create_longest_chain_seconds", chain, "s")
    tell("create_ratio", made.seconds / chain, "create / longest chain")
    tell("create_tasks", made.tasks, "tasks")
    tell("create_api_calls", made.calls, "requests")


def no_op(cloud: LocalCloud, times: int) -> None:
    plain = unchanged(cloud, times)
    tell("noop_seconds", plain.seconds, "s")
    tell("noop_tasks", plain.tasks, "tasks")
    tell("noop_api_calls", plain.calls, "requests")
    tell("noop_localcloud_seconds", plain.served, "s")
    cloud.admin.settings(latency_ms=LATENCY)
    far = unchanged(cloud, times)
    cloud.admin.settings(latency_ms=0)
    tell("noop_seconds_80ms", far.seconds, "s")
    tell("noop_sequential_round_trips", max(0.0, far.seconds - plain.seconds) / (LATENCY / 1000), "round trips")
    modules = unchanged(cloud, 1, {"digitalocean_in_controller": False})
    tell("noop_seconds_module_path", modules.seconds, "s")
    tell("noop_speedup", modules.seconds / plain.seconds, "module path / controller path")
    # What the figures above cannot go below: starting Ansible, and as many tasks that do nothing.
    tell("ansible_floor_seconds", floor(plain.tasks), "s")


def floor(tasks: int) -> float:
    """Seconds of a playbook with so many `debug` tasks."""
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [{"name": f"Task {number}", "ansible.builtin.debug": {"msg": number}} for number in range(tasks)],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "floor.yml"
        path.write_text(json.dumps([play]))
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            "localhost,",
            "-c",
            "local",
            str(path),
        ]
        seconds = []
        for _ in range(3):
            started = time.monotonic()
            subprocess.run(command, check=True, capture_output=True, cwd=folder)
            seconds.append(time.monotonic() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
