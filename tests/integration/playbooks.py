# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of the playbooks of this checkout against a localcloud of the test's own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.localcloud_fixtures import LocalCloud

ROOT = Path(__file__).resolve().parents[2]
# Seconds; a run takes a few.
TIMEOUT = 600
FOREIGN = ("ANSIBLE_", "AWS_", "DIGITALOCEAN_", "DO_", "FISIOFLOW_", "LOCALCLOUD_", "SPACES_")
COUNT = re.compile(r"(\w+)=(\d+)")


@dataclass(frozen=True)
class Played:
    """A finished run: what it printed, what its recap counts, and which writes it sent."""

    returncode: int
    printed: str
    recap: dict[str, int]
    writes: list[dict[str, Any]]

    @property
    def write_list(self) -> list[str]:
        return [f"{entry['method']} {entry['path']}" for entry in self.writes]


def playbook(
    cloud: LocalCloud,
    name: str,
    *options: str,
    variables: dict[str, Any] | None = None,
    env: dict[str, str] | None = None,
    inventory: str = "local",
) -> Played:
    """Run `name` (`site`, `playbooks/deploy`, …) with an inventory of this checkout; `env` overrides localcloud's."""
    since = cloud.admin.seq()
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(ROOT / "inventories" / inventory)]
    command += [str(ROOT / f"{name}.yml"), *options]
    extra = {"fisioflow_report_dir": str(cloud.home.parent / "reports"), **(variables or {})}
    command += ["-e", json.dumps(extra)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=cloud.home.parent,
        check=False,
        env=environment(cloud) | (env or {}),
    )
    printed = done.stdout + done.stderr
    lines = [line for line in printed.splitlines() if "unreachable=" in line]
    recap = {key: int(value) for key, value in COUNT.findall(lines[-1])} if lines else {}
    return Played(done.returncode, printed, recap, cloud.admin.writes(since))


def environment(cloud: LocalCloud) -> dict[str, str]:
    """Nothing of the user's accounts or Ansible; localcloud's variables; this checkout."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    return {
        **mine,
        **cloud.env,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_HOME": str(cloud.home.parent / ".ansible"),
    }
