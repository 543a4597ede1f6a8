# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each procedure killed between two of its tasks, and run again: it completes, and nothing is left over.

``SOAK_POINTS`` is before how many of its tasks each is killed, spread over those that come behind a write; ``all`` for
every task.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness.ansible import CALLBACKS
from tests.integration.procedures.conftest import running
from tests.integration.procedures.environment import CLUSTER, Environment
from tests.integration.site.outside import s3
from tests.soak.arounds import Given
from tests.soak.cases import CASES, Case

__all__ = ["running"]
POINTS = os.environ.get("SOAK_POINTS", "4")
# Seconds that a guard has to put away what a killed run has left.
GUARDED = 60.0
DATED = re.compile(r"-password-\w+-\d{8}T\d{6}$")
NAMED = ("droplets", "vpcs", "tags", "certificates", "firewalls")


def run(running: Environment, case: Case, given: Given | None, point: int, tasks: Path) -> int:
    """The exit code of a run that is killed before that task, the first of which is 1; 0 for one that nobody kills."""
    env = {
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "killed",
        "KILLED_BEFORE": str(point),
        "KILLED_TASKS": str(tasks),
    }
    return running.run(case.procedure, env=env, **case.variables, **(given or {})).returncode


def undated(names: Iterable[str]) -> list[str]:
    """Without whose passwords are of which time, which is another one after each rotation."""
    return sorted({DATED.sub("", name) for name in names})


def there(running: Environment) -> dict[str, Any]:
    """What a procedure might leave over, by kind."""
    rows = {name: running.api.ok("GET", f"/{name}")[name] for name in ("apps", "databases", *NAMED)}
    clusters = {row["name"]: f"/databases/{row['id']}" for row in rows["databases"]}
    zone = running.api.ok("GET", "/domains/fisioflow.example/records")["domain_records"]
    keys = running.api.ok("GET", "/spaces/keys")["keys"]
    store = s3(running.cloud)
    buckets = [row["Name"] for row in store.list_buckets()["Buckets"]]
    broken = []
    for file in running.reports.glob("*.json"):
        try:
            json.loads(file.read_text())
        except ValueError:
            broken.append(file.name)
    return {
        "apps": {
            row["spec"]["name"]: [bool(row.get(name)) for name in ("pinned_deployment", "in_progress_deployment")]
            for row in rows["apps"]
        },
        "clusters": {row["name"]: undated(row["tags"] or []) for row in rows["databases"]},
        "sources": {name: sorted(running.sources(name)) for name in clusters},
        "users": {
            row["name"]: sorted(user["name"] for user in row["users"] or [])
            for row in rows["databases"]
            if row["engine"] == "pg"
        },
        # The app has one of two, by turns.
        "pools": len(running.api.ok("GET", f"{clusters[CLUSTER]}/pools")["pools"]),
        **{name: undated(row["name"] for row in rows[name]) for name in NAMED},
        "zone": sorted((row["type"], row["name"]) for row in zone),
        "keys": sorted(row["name"] for row in keys),
        "uploads": {
            bucket: len(store.list_multipart_uploads(Bucket=bucket).get("Uploads") or []) for bucket in buckets
        },
        "half-written reports": broken,
    }


def behind_writes(tasks: list[dict[str, Any]], writes: list[dict[str, Any]]) -> list[int]:
    """The numbers of the tasks before which something was written; of one that writes nothing, of all its tasks."""
    ends = [*(row["began"] for row in tasks[1:]), float("inf")]
    wrote = [
        row["changed"] or any(row["began"] <= write["at"] < end for write in writes)
        for row, end in zip(tasks, ends, strict=True)
    ]
    return [number + 2 for number, found in enumerate(wrote[:-1]) if found] or list(range(1, len(tasks) + 1))


def spread(numbers: list[int]) -> list[int]:
    """As many of them as is wanted, the last among them."""
    wanted = min(int(POINTS), len(numbers))
    return sorted({numbers[round(len(numbers) * (number + 1) / wanted) - 1] for number in range(wanted)})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_killed_between_its_tasks_it_completes_when_it_is_run_again(
    running: Environment, case: Case, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    file = tmp_path / "tasks.json"
    with case.around(running) as given:
        assert run(running, case, given, 0, file) == case.code, running.runs[-1].printed[-4000:]
        writes = running.runs[-1].writes
    before = there(running)
    tasks = json.loads(file.read_text())
    found = behind_writes(tasks, writes)
    tried = list(range(1, len(tasks) + 1)) if POINTS == "all" else spread(found)
    for point in tried:
        where = f"killed before task {point} of {len(tasks)}, {tasks[point - 1]['name']!r}"
        with case.around(running) as given:
            assert run(running, case, given, point, file) == -signal.SIGKILL, where
            assert run(running, case, given, 0, file) == case.code, f"{where}: {running.runs[-1].printed[-6000:]}"
        deadline = time.monotonic() + GUARDED
        while there(running) != before and time.monotonic() < deadline:
            time.sleep(0.5)
        assert there(running) == before, where
    figures(f"{case.name}: killed before {len(tried)} of {len(tasks)} tasks, completed each time")
