# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both execution paths, inside the controller and as ordinary modules, give the same results."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness.ansible import ROOT, play
from tests.integration.harness.steps import Run, Step
from tests.integration.law.story import args
from tests.integration.law.table import TABLE, Law
from tests.localcloud_fixtures import LocalCloud

NO_TOKEN = dict.fromkeys(("DO_API_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"), "")
INFOS = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*_info.py"))

# What differs between any two runs: moments, and the ids of requests.
VOLATILE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|request id [-0-9a-f]+")


def steps_of(law: Law) -> list[Step]:
    def step(name: str, arguments: dict[str, Any], **more: Any) -> Step:
        return Step(name, law.module, arguments, keywords=law.keywords, **more)

    whole = args(law, law.create)
    steps = [Step(f"need {name}", module, arguments, register=name) for module, arguments, name in law.needs]
    steps += [
        step("check", whole, check=True),
        step("create", whole),
        step("again", whole),
        step("update", args(law, law.updates[0].args if law.updates else {})),
        step("no option", {}),
    ]
    steps += [step(f"fixed {name}", args(law, {name: value})) for name, value in list(law.fixed.items())[:1]]
    if law.deletes:
        steps += [step("absent", args(law, state="absent")), step("absent again", args(law, state="absent"))]
    return steps


def both(
    cloud: LocalCloud, folder: Path, steps: list[Step], seed: dict[str, int] | None = None, **options: Any
) -> dict[str, Run]:
    runs = {}
    for path, here in {"controller": True, "module": False}.items():
        # The same beginning: the same ids.
        cloud.admin.reset()
        cloud.admin.seed(**seed or {})
        runs[path] = play(cloud, folder / path, steps, variables={"digitalocean_in_controller": here}, **options)
    return runs


# What core notes of a module's answer; 2.22 shows it to variables, without the `_` in front.
NOTED_BY_CORE = {"ansible_parsed"}


def comparable(value: Any) -> Any:
    """A result without what differs between any two runs."""
    if isinstance(value, dict):
        return {
            key: comparable(item)
            for key, item in value.items()
            if not key.startswith("_ansible") and key not in {"request_id", *NOTED_BY_CORE}
        }
    if isinstance(value, list):
        return [comparable(item) for item in value]
    return VOLATILE.sub("~", value) if isinstance(value, str) else value


def assert_same(runs: dict[str, Run]) -> None:
    controller, module = runs["controller"], runs["module"]
    assert list(controller.outcomes) == list(module.outcomes)
    for name in controller.outcomes:
        here, there = controller[name], module[name]
        assert here.status == there.status, name
        assert comparable(here.result) == comparable(there.result), name
        assert here.write_list == there.write_list, name


@pytest.mark.parametrize("law", [pytest.param(law, id=law.module) for law in TABLE])
def test_resources(law: Law, cloud: LocalCloud, tmp_path: Path) -> None:
    runs = both(cloud, tmp_path, steps_of(law))
    assert_same(runs)
    assert runs["controller"]["create"].changed


def test_refused_arguments(cloud: LocalCloud, tmp_path: Path) -> None:
    whole = {"name": "new", "region": "fra1"}
    runs = both(
        cloud,
        tmp_path,
        [
            Step("unknown option", "vpc", {**whole, "nonsense": 1}),
            Step("bad type", "vpc", {**whole, "timeout": "long"}),
            Step("bad choice", "vpc", {**whole, "state": "gone"}),
            Step("wrong token", "vpc", {**whole, "api_token": "dop_v1_" + "0" * 64}),
            Step("nobody there", "vpc", {**whole, "api_url": "https://127.0.0.1:9"}),
        ],
    )
    assert_same(runs)
    assert {outcome.status for outcome in runs["module"].outcomes.values()} == {"failed"}


def test_information(cloud: LocalCloud, tmp_path: Path) -> None:
    steps = [Step(name, name, {}) for name in INFOS]
    runs = both(cloud, tmp_path, steps, seed={"vpcs": 3, "databases": 2})
    assert_same(runs)
    assert len(runs["module"]["vpc_info"].result["vpcs"]) >= 3


def test_loops_registers_and_environment(cloud: LocalCloud, tmp_path: Path) -> None:
    loop = {"loop": ["one", "two"], "environment": {"DO_API_TOKEN": cloud.token}}
    runs = both(
        cloud,
        tmp_path,
        [
            Step("loop", "vpc", {"name": "loop-{{ item }}", "region": "fra1"}, keywords=loop, register="made"),
            Step("use", "vpc_info", {"id": "{{ made.results[1].vpc.id }}", "api_token": cloud.token}),
        ],
        env=NO_TOKEN,
    )
    assert_same(runs)
    assert runs["controller"]["use"].result["vpcs"][0]["name"] == "loop-two"


def test_module_defaults_group(cloud: LocalCloud, tmp_path: Path) -> None:
    defaults = {"module_defaults": {"group/fisioflow.digitalocean.all": {"api_token": cloud.token, "timeout": 7}}}
    # Newer versions of ansible-core show the arguments on request only.
    env = {**NO_TOKEN, "ANSIBLE_INJECT_INVOCATION": "true"}
    runs = both(cloud, tmp_path, [Step("all", "vpc_info", {})], env=env, play_keywords=defaults)
    assert_same(runs)
    assert runs["controller"]["all"].status == "ok"
    assert runs["controller"]["all"].result["invocation"]["module_args"]["timeout"] == 7
