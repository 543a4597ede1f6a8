# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many inventories in one real run that refuses each of them: every case is a host with variables of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.localcloud_fixtures import LocalCloud

FAILED = re.compile(r"^fatal: \[([^]]*)\]: FAILED! => ?\n((?:^ .*\n|^\n)+)", re.MULTILINE)
HOST = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
# A case that is refused does not end the others; and of all the hosts only what failed is told, with their names.
SETTINGS = {
    "ANSIBLE_ANY_ERRORS_FATAL": "false",
    "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
    "ANSIBLE_DISPLAY_OK_HOSTS": "false",
}


def refusals(cloud: LocalCloud, folder: Path, name: str, cases: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Run a playbook that must refuse all the cases, without a write; what it says of each."""
    inventory = folder / "cases.yml"
    # Names of hosts have no blanks.
    # Each of an account of its own, or they would be refused as one environment.
    hosts = {
        case.replace(" ", "_"): {**HOST, "procedure_account": case, **variables} for case, variables in cases.items()
    }
    inventory.write_text(yaml.safe_dump({"fisioflow": {"hosts": hosts}}), encoding="utf-8")
    options = ("-i", str(inventory), "--limit", "all:!localhost")
    done = playbook(cloud, name, *options, env=PROVIDED | SETTINGS)
    assert (done.returncode, done.write_list) == (2, []), done.printed[-6000:]
    assert "Traceback" not in done.printed
    said = {host.replace("_", " "): str(yaml.safe_load(result)["msg"]) for host, result in FAILED.findall(done.printed)}
    assert set(said) == set(cases), done.printed[-6000:]
    return said
