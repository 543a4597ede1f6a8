# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the action plugin runs a module itself, when it hands over to the ordinary module path, and what Ansible adds.

One run of many tasks on this host, and one that aims at another.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness.ansible import play
from tests.integration.harness.steps import Run, Step, calm, fault
from tests.localcloud_fixtures import LocalCloud

# What a packed module leaves in Ansible's most talkative output.
PACKED = "AnsiballZ_vpc_info.py"
# A Python that is not the one that runs Ansible, although it may be the same program.
OTHER_PYTHON = getattr(sys, "_base_executable", sys.executable)
APART = {"vars": {"digitalocean_in_controller": False}}

# What a task says, and whether it runs inside the controller.
WAYS: dict[str, tuple[dict[str, Any], bool]] = {
    "nothing special": ({}, True),
    "discovered python": ({"vars": {"ansible_python_interpreter": "auto_silent"}}, True),
    "this python": ({"vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}, True),
    "environment": ({"environment": {"ANYTHING": "1"}}, True),
    "no become": ({"become": False}, True),
    "async": ({"async": 60, "poll": 1}, False),
    "switched off": (APART, False),
}
BUSY = fault("DELETE /v2/vpcs/*", kind="status", status=409)
LATE = {"name": "late", "region": "fra1", "wait_timeout": 4}
LOOP = {"loop": [1, 2, 3]}


def steps_of(cloud: LocalCloud) -> list[Step]:
    said = json.dumps({"id": "broken", "message": f"no backend for {cloud.token}"})
    broken = fault("* /v2/vpcs", kind="status", status=503, count=2, body=said)
    limited = fault("* /v2/vpcs", kind="status", status=429, seconds=3, count=1)
    return [
        *(Step(name, "vpc_info", {}, keywords=keywords) for name, (keywords, _) in WAYS.items()),
        Step("another user", "vpc_info", {}, keywords={"become": True, "become_method": "ansible.builtin.su"}),
        Step("another python", "vpc_info", {}, keywords={"vars": {"ansible_python_interpreter": OTHER_PYTHON}}),
        Step("broken", "vpc_info", {"name": "clinic"}, before=broken),
        Step("limited", "vpc_info", {}, before=limited),
        # A module of its own cannot speak while it runs.
        Step("broken apart", "vpc_info", {"name": "apart"}, before=broken, keywords=APART),
        Step("first", "vpc", {"name": "first", "region": "fra1"}, before=calm()),
        Step("late", "vpc", LATE),
        Step("late: absent", "vpc", {**LATE, "state": "absent"}, before=BUSY),
        Step("loop", "vpc", {"name": "v{{ item }}", "region": "fra1"}, before=calm(), keywords=LOOP),
        Step("loop again", "vpc", {"name": "v{{ item }}", "region": "fra1"}, keywords=LOOP),
        Step("left out", "vpc", {"name": "v1", "region": "{{ omit }}", "default": "{{ omit }}"}),
        Step(
            "templates",
            "vpc",
            {
                "name": "{{ 'a' ~ 1 }}",
                "region": "fra1",
                "wait_timeout": "{{ 20 + 1 }}",
                "description": "{{ lookup('ansible.builtin.env', 'DESCRIPTION') | string }}",
            },
        ),
    ]


@pytest.fixture(scope="module")
def run(localcloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Run:
    localcloud.renew()
    folder = tmp_path_factory.mktemp("controller")
    password = folder / "password"
    password.write_text("vault-password")
    env = {"DESCRIPTION": "10", "ANSIBLE_VAULT_PASSWORD_FILE": str(password), "ANSIBLE_INJECT_INVOCATION": "true"}
    done = play(localcloud, folder, steps_of(localcloud), env=env, verbosity=3)
    localcloud.admin.clear_faults()
    return done


def printed_of(run: Run, name: str) -> str:
    """What was printed from the begin of a task on, until the next one begins."""
    return run.printed.partition(f"TASK [{name}] ")[2].partition("TASK [")[0]


pytestmark = pytest.mark.xdist_group("controller-path")


@pytest.mark.parametrize("name", WAYS)
def test_runs_inside_the_controller_or_hands_over_with_the_same_result(name: str, run: Run) -> None:
    assert run.good(name).result["vpcs"] == []
    assert (PACKED not in printed_of(run, name)) is WAYS[name][1]


def test_hands_over_to_another_user(run: Run) -> None:
    assert PACKED in printed_of(run, "another user")


@pytest.mark.skipif(sys.executable == OTHER_PYTHON, reason="not in a virtual environment")
def test_another_python_without_pydo_says_what_it_lacks(run: Run) -> None:
    assert PACKED in printed_of(run, "another python")
    assert re.search(r"Failed to import the required Python library \(pydo\)", run["another python"].message)


def test_another_host_is_reached_for_unless_the_task_is_delegated_to_here(
    localcloud: LocalCloud, tmp_path: Path
) -> None:
    localcloud.renew()
    steps = [
        Step("delegated", "vpc_info", {}, keywords={"delegate_to": "localhost"}),
        Step("there", "vpc_info", {}),
    ]
    run = play(localcloud, tmp_path, steps, hosts="remote", verbosity=3)
    assert run.good("delegated").result["vpcs"] == []
    assert PACKED not in printed_of(run, "delegated")
    assert run["there"].status == "unreachable"


def test_long_waits_show_progress_on_standard_error(run: Run) -> None:
    assert re.search(r'… VPC "late": in use \(.*\), \d s', run.aside)
    late = r'VPC "late" was still in use \(.*\) and not free after 4 s \(wait_timeout\)'
    assert re.search(late, run["late: absent"].message)


def test_an_api_that_fails_is_told_of_while_it_is_asked_again(run: Run) -> None:
    assert [run[name].status for name in ("broken", "limited", "broken apart")] == ["ok"] * 3
    told = [line for line in run.aside.splitlines() if "…" in line and '"late"' not in line]
    assert len(told) == 2
    clinic = r'  … VPC "clinic": the API answered 503 "no backend for \*+".*, trying again in 1 s'
    assert re.fullmatch(clinic, told[0])
    assert re.fullmatch(r"  … VPC: rate limit, waiting [34] s", told[1])


def test_a_list_is_read_once_in_a_loop(run: Run) -> None:
    assert run.good("loop").changed
    assert len(run.good("loop again").calls) == 1


def test_what_is_left_out_by_a_template_is_left_out(run: Run) -> None:
    assert (run.good("left out").changed, run["left out"].writes) == (False, [])


def test_vaulted_and_templated_values_arrive_plain(run: Run) -> None:
    assert run.good("templates").result["vpc"]["description"] == "10"
    assert run["templates"].result["invocation"]["module_args"]["wait_timeout"] == 21
