# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real `ansible-playbook` runs, of steps or of the playbooks of this checkout, with what each task came to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.integration.harness.steps import Outcome, Run, Step, assert_names_differ
from tests.localcloud_fixtures import LocalCloud

ROOT = Path(__file__).resolve().parents[3]
CALLBACKS = Path(__file__).parent / "callback"
COMPILED = Path(__file__).parent / "compiled"
PROGRAM = str(Path(sys.executable).with_name("ansible-playbook"))
# Seconds; a run takes a few.
TIMEOUT = 600
FOREIGN = ("ANSIBLE_", "AWS_", "DIGITALOCEAN_", "DO_", "FISIOFLOW_", "LOCALCLOUD_", "SPACES_")
# `remote` is nowhere: what reaches for it fails at once.
INVENTORY = """
all:
  hosts:
    localhost: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
    remote: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}
"""
COUNT = re.compile(r"(\w+)=(\d+)")


@cache
def compiled() -> TemporaryDirectory[str]:
    """Where the runs of this session keep what they compile; it goes with this process."""
    return TemporaryDirectory(prefix="compiled-")


@dataclass(frozen=True)
class Played:
    """A finished process: what it printed, what its recap counts, and the tasks in the order of their ends."""

    returncode: int
    printed: str
    # The part of `printed` that came on standard error.
    aside: str
    recap: dict[str, int]
    tasks: list[Outcome]
    # Secrets that the account held at the steps that collected them.
    secrets: frozenset[str]
    calls: list[dict[str, Any]]
    writes: list[dict[str, Any]]

    @property
    def write_list(self) -> list[str]:
        return [f"{entry['method']} {entry['path']}" for entry in self.writes]


def environment(cloud: LocalCloud, home: Path | None = None) -> dict[str, str]:
    """What a run sees: nothing of the user's accounts or Ansible; localcloud's variables; this checkout."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    return {
        **mine,
        **cloud.env,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_HOME": str((home or cloud.home.parent) / ".ansible"),
        "PYTHONPATH": str(COMPILED),
        "TESTS_COMPILED": compiled().name,
    }


def ansible_playbook(
    cloud: LocalCloud,
    folder: Path,
    *arguments: str,
    env: dict[str, str] | None = None,
    before: dict[str, list[dict[str, Any]]] | None = None,
) -> Played:
    """Run Ansible in `folder` to its end; `env` overrides what is there.

    `before` is what `Step.before` is, by the name of a task; None lets the tasks go unwatched, which is faster.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / name for name in ("results.jsonl", "script.json", "secrets.txt")}
    for file in files.values():
        file.write_text("")
    files["script.json"].write_text(json.dumps({"url": cloud.url, "ca": cloud.ca, "before": before}))
    capture = (
        {}
        if before is None
        else {
            "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
            "ANSIBLE_CALLBACKS_ENABLED": "capture",
            "CAPTURE_RESULTS": str(files["results.jsonl"]),
            "CAPTURE_SCRIPT": str(files["script.json"]),
            "CAPTURE_SECRETS": str(files["secrets.txt"]),
            "PYTHONPATH": f"{COMPILED}:{ROOT}",
        }
    )
    since = cloud.admin.seq()
    done = subprocess.run(
        [PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=folder,
        check=False,
        env=environment(cloud, folder) | capture | (env or {}),
    )
    printed = done.stdout + done.stderr
    recaps = [line for line in printed.splitlines() if "unreachable=" in line]
    return Played(
        done.returncode,
        printed,
        done.stderr,
        {key: int(value) for key, value in COUNT.findall(recaps[-1])} if recaps else {},
        [Outcome(**json.loads(line)) for line in files["results.jsonl"].read_text().splitlines()],
        frozenset(files["secrets.txt"].read_text().splitlines()),
        cloud.admin.journal(since),
        cloud.admin.writes(since),
    )


def play(
    cloud: LocalCloud,
    folder: Path,
    steps: list[Step],
    *,
    variables: dict[str, Any] | None = None,
    env: dict[str, str] | None = None,
    verbosity: int = 0,
    play_keywords: dict[str, Any] | None = None,
    hosts: str = "localhost",
) -> Run:
    """Run the steps in one playbook against `cloud`; a step that fails does not stop the next."""
    assert_names_differ(steps)
    folder.mkdir(parents=True, exist_ok=True)
    book = {
        "hosts": hosts,
        "gather_facts": False,
        "vars": variables or {},
        **(play_keywords or {}),
        "tasks": [step.as_task() for step in steps],
    }
    (folder / "play.yml").write_text(yaml.safe_dump([book], sort_keys=False))
    (folder / "hosts.yml").write_text(INVENTORY)
    arguments = ["-i", "hosts.yml", "play.yml", *([f"-{'v' * verbosity}"] if verbosity else [])]
    played = ansible_playbook(
        cloud, folder, *arguments, env=env, before={step.name: step.before for step in steps if step.before}
    )
    return Run({outcome.name: outcome for outcome in played.tasks}, played.printed, played.secrets, played.aside)
