# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key with full access does not outlive a run that is cancelled, wherever it is."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from localcloud.client import Admin
from tests.integration.harness.ansible import TIMEOUT
from tests.integration.harness.playbooks import POLL, in_background
from tests.integration.site.account import keys
from tests.integration.site.runs import NO_SPACES_KEY
from tests.localcloud_fixtures import LocalCloud

NAME = "fisioflow-local-bootstrap"
PLAYBOOK = """
- hosts: fisioflow
  gather_facts: false
  module_defaults:
    group/fisioflow.digitalocean.all:
      api_url: "{{ digitalocean_api_url }}"
      api_token: "{{ digitalocean_api_token }}"
      ca_path: "{{ digitalocean_ca_path }}"
  tasks:
    - ansible.builtin.import_role:
        name: fisioflow.digitalocean.spaces
"""
# The same in a thread, beside others.
TOGETHER = f"""
- hosts: fisioflow
  gather_facts: false
  tasks:
    - fisioflow.digitalocean.together:
      loop:
        - name: network
          vpc: {{name: stands-still, region: fra1}}
        - name: key
          spaces_key: {{name: {NAME}, grants: [{{permission: fullaccess}}], short_lived: true}}
        - name: other key
          spaces_key: {{name: {NAME}-other, grants: [{{permission: fullaccess}}], short_lived: true}}
      no_log: true
"""
# Where a run stands still until it is stopped, and whether the key is there by then.
MOMENTS: dict[str, dict[str, Any]] = {
    "the key's answer is on its way": {"method": "POST", "path": "/v2/spaces/keys", "when": "after"},
    "the buckets are made": {"port": "spaces", "when": "before"},
    "the key is about to be deleted": {"method": "DELETE", "path": "/v2/spaces/keys/*", "when": "before"},
}


def waited(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + TIMEOUT
    while not condition() and time.monotonic() < deadline:
        time.sleep(POLL)
    return condition()


def processes(cloud: LocalCloud) -> list[int]:
    """Whatever still runs of the runs against this localcloud, guards included: they have the environment of theirs."""
    mine = f"ANSIBLE_HOME={cloud.home.parent / '.ansible'}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mine in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def left(admin: Admin) -> list[str]:
    return sorted(name for name, _secret in keys(admin.state()).values() if name.startswith(NAME))


@pytest.fixture
def playbook(tmp_path: Path) -> Path:
    file = tmp_path / "spaces.yml"
    file.write_text(PLAYBOOK)
    return file


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        (signal.SIGINT, "the key's answer is on its way"),
        (signal.SIGKILL, "the key's answer is on its way"),
        (signal.SIGTERM, "the buckets are made"),
        (signal.SIGKILL, "the buckets are made"),
        (signal.SIGINT, "the key is about to be deleted"),
    ],
)
def test_the_key_goes_with_the_run(sent: signal.Signals, moment: str, cloud: LocalCloud, playbook: Path) -> None:
    cloud.admin.fault("hang", count=1, **MOMENTS[moment])
    with in_background(cloud, str(playbook.with_suffix("")), env=NO_SPACES_KEY) as going:
        assert going.wait_until(lambda: bool(cloud.admin.faults()[0]["fired"])), going.output.read_text()
        assert left(cloud.admin) == [NAME]
        # To the whole group, as a terminal does and as ansible-runner does.
        os.killpg(going.process.pid, sent)
        going.process.wait(TIMEOUT)
    # What hangs is let go: the worker of a killed run is not killed with it, and may be just making the key, or another
    # one in the place of that whose answer was lost. What counts is what is left when the last of them has ended.
    cloud.admin.clear_faults()
    assert waited(lambda: not processes(cloud)), going.output.read_text()
    assert left(cloud.admin) == [], going.output.read_text()


def test_a_run_that_ends_well_leaves_nobody_and_asks_nothing_more(cloud: LocalCloud, playbook: Path) -> None:
    with in_background(cloud, str(playbook.with_suffix("")), env=NO_SPACES_KEY) as going:
        assert going.process.wait(TIMEOUT) == 0, going.output.read_text()
        assert waited(lambda: not processes(cloud))
    calls = [f"{call['method']} {call['path']}" for call in cloud.admin.journal(0) if "spaces/keys" in call["path"]]
    deleted = max(number for number, call in enumerate(calls) if call.startswith("DELETE /v2/spaces/keys/"))
    assert "GET /v2/spaces/keys" not in calls[deleted:]
    assert left(cloud.admin) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_keys_of_items_go_with_the_run(sent: signal.Signals, cloud: LocalCloud, tmp_path: Path) -> None:
    file = tmp_path / "together.yml"
    file.write_text(TOGETHER)
    cloud.admin.fault("hang", count=1, method="POST", path="/v2/vpcs", when="before")
    with in_background(cloud, str(file.with_suffix(""))) as going:
        stands_still = [NAME, f"{NAME}-other"]
        assert going.wait_until(lambda: bool(cloud.admin.faults()[0]["fired"]) and left(cloud.admin) == stands_still), (
            going.output.read_text()
        )
        os.killpg(going.process.pid, sent)
        going.process.wait(TIMEOUT)
    cloud.admin.clear_faults()
    assert waited(lambda: not left(cloud.admin)), going.output.read_text()
    assert waited(lambda: not processes(cloud))
