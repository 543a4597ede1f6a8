# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real `ansible-playbook` runs as a test likes them: steps in, results with the requests that they caused out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.localcloud_fixtures import LocalCloud

ROOT = Path(__file__).resolve().parent.parent.parent
NAMESPACE = "fisioflow.digitalocean"
# Seconds; a run of a whole story takes a few.
TIMEOUT = 600
# `remote` is nowhere: what reaches for it fails at once.
INVENTORY = """
all:
  hosts:
    localhost: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
    remote: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}
"""


@dataclass(frozen=True)
class Step:
    """One task. `before` are calls of localcloud's admin client made right before it."""

    name: str
    module: str
    args: dict[str, Any]
    check: bool = False
    register: str = ""
    before: list[dict[str, Any]] = field(default_factory=list)
    # Further keywords of the task (`loop`, `environment`, …).
    keywords: dict[str, Any] = field(default_factory=dict)

    def as_task(self) -> dict[str, Any]:
        module = self.module if "." in self.module else f"{NAMESPACE}.{self.module}"
        task: dict[str, Any] = {
            "name": self.name,
            module: self.args,
            "ignore_errors": True,
            "diff": True,
            **self.keywords,
        }
        if self.check:
            task["check_mode"] = True
        if self.register:
            task["register"] = self.register
        return task


@dataclass(frozen=True)
class Outcome:
    """What a step came to. `calls` and `writes` are journal entries of localcloud."""

    name: str
    status: str
    result: dict[str, Any]
    calls: list[dict[str, Any]]
    writes: list[dict[str, Any]]
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def message(self) -> str:
        return str(self.result.get("msg", ""))

    @property
    def write_list(self) -> list[str]:
        return [f"{entry['method']} {entry['path']}" for entry in self.writes]


@dataclass(frozen=True)
class Run:
    """A finished run: the outcomes by name, and everything that was printed."""

    outcomes: dict[str, Outcome]
    printed: str
    returncode: int
    # Secrets that the account held at the steps that collected them.
    secrets: frozenset[str]

    def __getitem__(self, name: str) -> Outcome:
        if name not in self.outcomes:
            raise AssertionError(f"no task {name!r} has run:\n{self.printed[-6000:]}")
        return self.outcomes[name]


def admin(call: str, *args: Any, **options: Any) -> dict[str, Any]:
    """An entry of `Step.before`."""
    return {"call": call, "args": list(args), "options": options}


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
    names = [step.name for step in steps]
    assert len(names) == len(set(names)), f"steps of one name: {sorted(n for n in names if names.count(n) > 1)}"
    folder.mkdir(parents=True, exist_ok=True)
    playbook, results, script = folder / "play.yml", folder / "results.jsonl", folder / "script.json"
    results.write_text("")
    (folder / "secrets.txt").write_text("")
    script.write_text(
        json.dumps(
            {"url": cloud.url, "ca": cloud.ca, "before": {step.name: step.before for step in steps if step.before}}
        )
    )
    playbook.write_text(
        yaml.safe_dump(
            [
                {
                    "hosts": hosts,
                    "gather_facts": False,
                    "vars": variables or {},
                    **(play_keywords or {}),
                    "tasks": [step.as_task() for step in steps],
                }
            ],
            sort_keys=False,
        )
    )
    (folder / "hosts.yml").write_text(INVENTORY)
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(folder / "hosts.yml"), str(playbook)]
    if verbosity:
        command.append(f"-{'v' * verbosity}")
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=folder,
        check=False,
        env=environment(cloud, folder) | (env or {}),
    )
    outcomes = {}
    for line in results.read_text().splitlines():
        outcome = Outcome(**json.loads(line))
        outcomes[outcome.name] = outcome
    return Run(
        outcomes,
        done.stdout + done.stderr,
        done.returncode,
        frozenset((folder / "secrets.txt").read_text().splitlines()),
    )


def environment(cloud: LocalCloud, folder: Path) -> dict[str, str]:
    """What a run sees: localcloud's variables, this checkout as the collection, nothing of the user's Ansible."""
    mine = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("ANSIBLE_", "DIGITALOCEAN_", "DO_", "SPACES_", "AWS_"))
    }
    return {
        **mine,
        **cloud.env,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callback"),
        "ANSIBLE_CALLBACKS_ENABLED": "capture",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_HOME": str(folder / ".ansible"),
        "CAPTURE_RESULTS": str(folder / "results.jsonl"),
        "CAPTURE_SCRIPT": str(folder / "script.json"),
        "CAPTURE_SECRETS": str(folder / "secrets.txt"),
        "PYTHONPATH": str(ROOT),
    }
