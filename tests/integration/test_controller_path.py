# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the action plugin runs a module itself, and when it hands over to the ordinary module path."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness.ansible import play
from tests.integration.harness.steps import Run, Step, admin
from tests.localcloud_fixtures import LocalCloud

# What a packed module leaves in Ansible's most talkative output.
PACKED = "AnsiballZ_vpc_info.py"
# A Python that is not the one that runs Ansible, although it may be the same program.
OTHER_PYTHON = getattr(sys, "_base_executable", sys.executable)


def info(cloud: LocalCloud, folder: Path, *, keywords: dict[str, Any] | None = None, **options: Any) -> Run:
    return play(cloud, folder, [Step("info", "vpc_info", {}, keywords=keywords or {})], verbosity=3, **options)


@pytest.mark.parametrize(
    "keywords",
    [
        {},
        {"vars": {"ansible_python_interpreter": "auto_silent"}},
        {"vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}},
        {"environment": {"ANYTHING": "1"}},
        {"become": False},
    ],
    ids=["nothing special", "discovered python", "this python", "environment", "no become"],
)
def test_runs_inside_the_controller(keywords: dict[str, Any], cloud: LocalCloud, tmp_path: Path) -> None:
    run = info(cloud, tmp_path, keywords=keywords)
    assert (run["info"].status, run["info"].result["vpcs"]) == ("ok", [])
    assert PACKED not in run.printed


def test_delegation_to_here_runs_inside_the_controller(cloud: LocalCloud, tmp_path: Path) -> None:
    run = info(cloud, tmp_path, hosts="remote", keywords={"delegate_to": "localhost"})
    assert run["info"].status == "ok"
    assert PACKED not in run.printed


@pytest.mark.parametrize(
    "keywords",
    [
        {"async": 60, "poll": 1},
        {"vars": {"digitalocean_in_controller": False}},
    ],
    ids=["async", "switched off"],
)
def test_hands_over_with_the_same_result(keywords: dict[str, Any], cloud: LocalCloud, tmp_path: Path) -> None:
    run = info(cloud, tmp_path, keywords=keywords)
    assert (run["info"].status, run["info"].result["vpcs"]) == ("ok", [])
    assert PACKED in run.printed


def test_hands_over_to_another_user(cloud: LocalCloud, tmp_path: Path) -> None:
    run = info(cloud, tmp_path, keywords={"become": True, "become_method": "ansible.builtin.su"})
    assert PACKED in run.printed


@pytest.mark.skipif(sys.executable == OTHER_PYTHON, reason="not in a virtual environment")
def test_another_python_without_pydo_says_what_it_lacks(cloud: LocalCloud, tmp_path: Path) -> None:
    run = info(cloud, tmp_path, keywords={"vars": {"ansible_python_interpreter": OTHER_PYTHON}})
    assert PACKED in run.printed
    assert re.search(r"Failed to import the required Python library \(pydo\)", run["info"].message)


def test_another_host_is_reached_for(cloud: LocalCloud, tmp_path: Path) -> None:
    assert info(cloud, tmp_path, hosts="remote")["info"].status == "unreachable"


def test_long_waits_show_progress_on_standard_error(cloud: LocalCloud, tmp_path: Path) -> None:
    busy = [admin("fault", "status", method="DELETE", path="/v2/vpcs/*", status=409)]
    options = {"name": "late", "region": "fra1", "wait_timeout": 5}
    run = play(
        cloud,
        tmp_path,
        [
            Step("first", "vpc", {"name": "first", "region": "fra1"}),
            Step("late", "vpc", options),
            Step("absent", "vpc", {**options, "state": "absent"}, before=busy),
        ],
    )
    assert re.search(r'… VPC "late": in use \(.*\), \d s', run.printed)
    late = r'VPC "late" was still in use \(.*\) and not free after 5 s \(wait_timeout\)'
    assert re.search(late, run["absent"].message)


def test_an_api_that_fails_is_told_of_while_it_is_asked_again(cloud: LocalCloud, tmp_path: Path) -> None:
    said = json.dumps({"id": "broken", "message": f"no backend for {cloud.token}"})
    broken = [admin("fault", "status", path="/v2/vpcs", status=503, count=2, body=said)]
    busy = [admin("fault", "status", path="/v2/vpcs", status=429, seconds=3, count=1)]
    run = play(
        cloud,
        tmp_path,
        [
            Step("broken", "vpc_info", {"name": "clinic"}, before=broken),
            Step("busy", "vpc_info", {}, before=busy),
            # A module of its own cannot speak while it runs.
            Step(
                "apart",
                "vpc_info",
                {"name": "apart"},
                before=broken,
                keywords={"vars": {"digitalocean_in_controller": False}},
            ),
        ],
    )
    assert [run[name].status for name in ("broken", "busy", "apart")] == ["ok"] * 3
    told = [line for line in run.printed.splitlines() if "…" in line]
    assert len(told) == 2
    assert re.fullmatch(r'  … VPC "clinic": the API answered 503 "no backend for \*+".*, trying again in 1 s', told[0])
    assert re.fullmatch(r"  … VPC: rate limit, waiting [34] s", told[1])


def test_vaulted_and_templated_values_arrive_plain(cloud: LocalCloud, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("vault-password")
    run = play(
        cloud,
        tmp_path,
        [
            Step(
                "made",
                "vpc",
                {
                    "name": "{{ 'a' ~ 1 }}",
                    "region": "fra1",
                    "wait_timeout": "{{ 20 + 1 }}",
                    "description": "{{ lookup('ansible.builtin.env', 'DESCRIPTION') | string }}",
                },
            ),
        ],
        env={"DESCRIPTION": "10", "ANSIBLE_VAULT_PASSWORD_FILE": str(secret), "ANSIBLE_INJECT_INVOCATION": "true"},
    )
    assert run["made"].result["vpc"]["description"] == "10"
    assert run["made"].result["invocation"]["module_args"]["wait_timeout"] == 21
