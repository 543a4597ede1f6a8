# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both execution paths, inside the controller and as ordinary modules: the story of each module, and what is proved.

Real runs, as talkative as Ansible gets, whose token comes from the defaults of the collection's group of modules. What
a module does is proved in this process (test_law.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.inside import class_of
from tests.integration.harness.ansible import ROOT, play
from tests.integration.harness.apps import BROKEN, DIGESTS, SECRET, do, release
from tests.integration.harness.steps import Run, Step, admin
from tests.integration.law.story import args
from tests.integration.law.table import TABLE, Law
from tests.localcloud_fixtures import LocalCloud

NO_TOKEN = dict.fromkeys(("DO_API_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"), "")
# What a story needs has been compared as a story of its own.
HERE = {"vars": {"digitalocean_in_controller": True}}
# Seconds that no step gives itself: said once, for the group of all modules.
PATIENCE_OF_ALL = 77
NEW = {"name": "new", "region": "fra1"}

# What differs between any two runs: moments, and the ids of requests.
VOLATILE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|request id [-0-9a-f]+")
# What core notes of a module's answer; 2.22 shows it to variables, without the `_` in front.
NOTED_BY_CORE = {"ansible_parsed"}


def story_of(law: Law) -> list[Step]:
    """All that a module comes to: with a whole resource and again, with another one, refused, and away."""

    def step(name: str, arguments: dict[str, Any], **more: Any) -> Step:
        return Step(f"{law.module}: {name}", law.module, arguments, keywords=law.keywords, **more)

    whole, gone = args(law, law.create), args(law, law.absent, state="absent")
    steps = [
        Step(f"{law.module}: need {name}", module, arguments, register=name, keywords=HERE)
        for module, arguments, name in law.needs
    ]
    steps += [step("create: check", whole, check=True), step("create", whole), step("again", args(law))]
    steps += [step("update", args(law, update.args)) for update in law.updates[:1]]
    steps += [step("refused: no option", {})]
    steps += [step(f"refused: {name}", args(law, {name: value})) for name, value in law.fixed.items()]
    if law.deletes:
        steps.append(step("absent", gone, before=[admin("collect_secrets")]))
    return steps


DEPLOYMENTS = [
    release("by tag", "", tag="stable"),
    release("refused: broken", BROKEN),
    release("v3", DIGESTS[3]),
    do("back", "rolled_back"),
    do("refused: pinned", "restarted"),
    do("commit", "rollback_committed"),
    Step("list", "app_deployment_info", {"app": "clinic", "phases": ["ERROR"]}),
]
REFUSED = [
    Step("refused: unknown option", "vpc", {**NEW, "nonsense": 1}),
    Step("refused: bad type", "vpc", {**NEW, "timeout": "long"}),
    Step("refused: list for text", "vpc", {**NEW, "ip_range": ["10.0.0.0/20"]}),
    Step("refused: wrong token", "vpc", {**NEW, "api_token": "dop_v1_" + "0" * 64}),
    Step(
        "refused: address from the environment",
        "vpc",
        NEW,
        keywords={"environment": {"DIGITALOCEAN_API_URL": "https://127.0.0.1:9"}},
    ),
]
LOOPS = [
    Step("loop", "vpc", {"name": "loop-{{ item }}", "region": "fra1"}, keywords={"loop": ["a", "b"]}, register="made"),
    Step("use", "vpc_info", {"id": "{{ made.results[1].vpc.id }}"}),
]


def needs_more(module: str) -> bool:
    """Whether it cannot be read without saying where, or below what."""
    options = class_of(module).argument_spec()["argument_spec"].values()
    return class_of(module).kind.parent is not None or any(option.get("required") for option in options)


INFOS = [
    Step(f"refused: {module}" if needs_more(module) else module, module, {})
    for module in sorted(path.stem for path in (ROOT / "plugins/modules").glob("*_info.py"))
]


def stories(story: Callable[[Law], list[Step]]) -> dict[str, list[Step]]:
    """Two of about the same length, with one for each module."""
    databases = [law for law in TABLE if law.module.startswith("database_")]
    others = [law for law in TABLE if law not in databases]
    return {
        "databases": [*INFOS, *(step for law in databases for step in story(law))],
        "others": [*REFUSED, *LOOPS, *(step for law in others for step in story(law)), *DEPLOYMENTS],
    }


@dataclass(frozen=True)
class Paths:
    """The same steps on both paths."""

    steps: list[Step]
    controller: Run
    module: Run
    token: str
    violations: list[dict[str, Any]]


def on_both_paths(cloud: LocalCloud, folder: Path, steps: list[Step]) -> Paths:
    token = "{{ lookup('ansible.builtin.env', 'GIVEN') }}"
    defaults = {"group/fisioflow.digitalocean.all": {"api_token": token, "timeout": PATIENCE_OF_ALL}}
    # Newer versions of ansible-core show the arguments on request only.
    env = {**NO_TOKEN, "GIVEN": cloud.token, "ANSIBLE_INJECT_INVOCATION": "true", "ANSIBLE_PIPELINING": "true"}
    found, violations = {}, []
    for path, here in {"controller": True, "module": False}.items():
        # The same beginning: the same ids.
        cloud.renew()
        cloud.admin.seed(vpcs=3, databases=2)
        found[path] = play(
            cloud,
            folder / path,
            steps,
            variables={"digitalocean_in_controller": here},
            play_keywords={"module_defaults": defaults},
            env=env,
            verbosity=4,
        )
        violations += cloud.admin.violations()
    return Paths(steps, found["controller"], found["module"], cloud.token, violations)


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


def assert_the_same(paths: Paths) -> None:
    """They give the same, which is what each step shall come to: two that fail in the same way would be equal, too."""
    assert paths.violations == []
    names = [step.name for step in paths.steps]
    assert list(paths.controller.outcomes) == list(paths.module.outcomes) == names
    for name in names:
        here, there = paths.controller[name], paths.module[name]
        assert here.status == there.status, f"{name}: {here.message} / {there.message}"
        assert comparable(here.result) == comparable(there.result), name
        assert here.write_list == there.write_list, name
        assert (there.status == "failed") is ("refused: " in name), f"{name}: {there.message}"
        assert there.changed or not name.endswith((": create: check", ": create", ": update", ": absent")), name
        assert not (there.changed and name.endswith(": again")), name


def assert_the_group_counts(paths: Paths) -> None:
    """What is said for the group of all modules counts where a task says nothing else."""
    said = {step.name: step.args.get("timeout", PATIENCE_OF_ALL) for step in paths.steps}
    for run in (paths.controller, paths.module):
        taken = {
            name: outcome.result["invocation"]["module_args"]["timeout"]
            for name, outcome in run.outcomes.items()
            if outcome.status == "ok" and "invocation" in outcome.result
        }
        assert PATIENCE_OF_ALL in taken.values()
        assert taken == {name: said[name] for name in taken}


def assert_no_secret(paths: Paths) -> None:
    for run in (paths.controller, paths.module):
        secrets = {*run.secrets, paths.token, SECRET, *(secret for law in TABLE for secret in law.secrets)}
        assert len(run.secrets) > 1
        assert [secret for secret in secrets if secret in run.printed] == []
