# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`site.yml` as AWX runs it: ansible-runner, no terminal, a checkout it cannot write to, an inventory read before."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import copy_to
from tests.integration.harness.ansible import FOREIGN
from tests.integration.harness.meddling import Meddling
from tests.integration.harness.playbooks import NEXTAUTH_SECRET, PROVIDED
from tests.localcloud_fixtures import LocalCloud

pytestmark = pytest.mark.xdist_group("runner")
BIN = Path(sys.executable).parent
# Root writes where it may not; without these it is held to modes as anybody is.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"] if os.geteuid() == 0 else []
COLOUR = re.compile(r"\x1b\[[\d;]*m")
ITEM = re.compile(r"(?:ok|changed|skipping): \[localhost\] => \(item=([^{}\n]{1,60})\)(?: *)$", re.M)


@dataclass(frozen=True, repr=False)
class Job:
    """A finished one: its private data directory, and the secrets that there were."""

    folder: Path
    code: int
    secrets: set[str]

    @property
    def artifacts(self) -> Path:
        return self.folder / "artifacts/job"

    @property
    def events(self) -> list[dict[str, Any]]:
        files = (self.artifacts / "job_events").glob("*.json")
        events = sorted((json.loads(file.read_text()) for file in files), key=lambda event: event["counter"])
        return [{**event, "stdout": COLOUR.sub("", event["stdout"]).strip()} for event in events]


@pytest.fixture(scope="module")
def job(localcloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    """One that makes everything, on a localcloud in which a cluster takes some seconds."""
    above = tmp_path_factory.mktemp("runner")
    folder = above / "job"
    for name in ("project", "env", "inventory", "home"):
        (folder / name).mkdir(parents=True)
    copy_to(folder / "project")
    mine = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    mine |= {"HOME": str(folder / "home"), "PATH": f"{BIN}:{mine['PATH']}"}
    # What ansible.cfg says, after a folder of AWX's own: AWX writes it so.
    places = [str(folder / "requirements_collections"), "collections:~/.ansible/collections"]
    given = localcloud.env | PROVIDED | {"ANSIBLE_COLLECTIONS_PATH": ":".join(places), "ANSIBLE_FORCE_COLOR": "true"}
    (folder / "env/envvars").write_text(json.dumps(given))
    for path in [folder / "project", *(folder / "project").rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    read = [BIN / "ansible-inventory", "-i", "inventories/local", "--list", "--export"]
    rows = subprocess.run(read, cwd=folder / "project", env=mine | given, capture_output=True, text=True, check=True)
    script = folder / "inventory/hosts"
    script.write_text(f"#!{sys.executable}\nprint({rows.stdout!r})\n")
    script.chmod(0o700)
    above.chmod(0o555)
    localcloud.renew()
    localcloud.admin.settings(speed="60x")
    command = [*WITHOUT_RIGHTS, BIN / "ansible-runner", "run", folder, "-p", "site.yml", "--ident", "job", "--quiet"]
    done = subprocess.run(command, env=mine, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    account = Meddling(localcloud.admin)
    account.collect_secrets()
    ours = {localcloud.token, localcloud.env["SPACES_SECRET_ACCESS_KEY"], NEXTAUTH_SECRET}
    yield Job(folder, done.returncode, account.secrets | ours)
    localcloud.renew()
    above.chmod(0o755)
    for path in [folder / "project", *(folder / "project").rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def test_it_ends_well_in_a_checkout_that_it_cannot_write_to(job: Job) -> None:
    assert job.code == 0, (job.artifacts / "stdout").read_text()[-6000:]
    probe = [*WITHOUT_RIGHTS, "touch", str(job.folder / "project/roles/new")]
    assert b"Permission denied" in subprocess.run(probe, capture_output=True, check=False).stderr
    assert not list((job.folder / "project").rglob("__pycache__"))
    # A report has no place there, and the run says how to give it one.
    assert "Set fisioflow_report_dir to a folder that can." in (job.artifacts / "stdout").read_text()


def test_its_events_are_complete_and_each_item_is_told_once(job: Job) -> None:
    assert [event["counter"] for event in job.events] == list(range(1, len(job.events) + 1))
    items = [event for event in job.events if event["event"].startswith("runner_item_on_") and event["stdout"]]
    assert not [event["stdout"] for event in items if not ITEM.search(event["stdout"])]
    changed = [match[1] for event in items if (match := ITEM.search(event["stdout"])) and "changed: [" in match[0]]
    assert len(changed) > 30
    assert len(changed) == len(set(changed))
    assert set(changed) <= set(figures(job)["changes"])


def test_who_looks_on_sees_what_is_waited_for(job: Job) -> None:
    told = {
        name: number
        for number, event in enumerate(job.events)
        for name in re.findall(r"… (.*), \d+ s$", event["stdout"])
    }
    ready = {match[1]: number for number, event in enumerate(job.events) if (match := ITEM.search(event["stdout"]))}
    assert told['database cluster "fisioflow-local-postgresql": creating'] < ready["postgresql"]


def figures(job: Job) -> dict[str, Any]:
    [end] = [event for event in job.events if event["event"] == "playbook_on_stats"]
    found: dict[str, Any] = end["event_data"]["artifact_data"]["fisioflow"]
    return found


def test_its_figures_are_artifacts(job: Job) -> None:
    seen = figures(job)
    assert (seen["environment"], seen["ok"], seen["failure"]) == ("local", True, "")
    assert seen["endpoints"]["app"] == "https://fisioflow.example"


def test_no_secret_is_in_what_it_leaves_and_nobody_else_reads_it(job: Job) -> None:
    """But for `command`, into which ansible-runner writes the environment that it was given."""
    assert job.artifacts.stat().st_mode & 0o077 == 0
    left = [
        path for path in job.folder.rglob("*") if path.is_file() and path.relative_to(job.folder).parts[0] != "project"
    ]
    assert len(left) > 100
    telling = {
        str(path.relative_to(job.folder))
        for path in left
        if any(secret in path.read_text(errors="replace") for secret in job.secrets)
    }
    assert telling == {"env/envvars", "artifacts/job/command"}
    within = [path for path in left if path.is_relative_to(job.artifacts) and path.stat().st_size]
    assert not [path.name for path in within if path.stat().st_mode & 0o077]
