# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows are thin: each step runs what is here, or an action that is pinned by its commit."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
# What others are given.
DELIVERY = ROOT / "examples/delivery"
GIVEN = sorted((DELIVERY / "github").glob("*.yml"))
GITLAB = DELIVERY / "gitlab/deliver.yml"
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+)*$")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    return [step for job in jobs for step in job.get("steps", [])]


def is_here(command: str) -> bool:
    """One command: a target of the Makefile, a script of .ci, or GitHub's own program."""
    first, *rest = command.split()
    script = ROOT / first
    return (
        first == "gh"
        or (first == "make" and bool(rest) and set(rest) <= TARGETS)
        or (first.startswith(".ci/") and script.is_file() and os.access(script, os.X_OK))
    )


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_each_step_runs_what_is_here(workflow: Path) -> None:
    assert steps(workflow)
    commands = [step["run"] for step in steps(workflow) if "run" in step]
    assert not [command for command in commands if "\n" in command.strip() or not is_here(command)]


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *GIVEN], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_action_is_pinned(workflow: Path) -> None:
    lines = [line.strip().removeprefix("- ") for line in workflow.read_text().splitlines()]
    named = [line for line in lines if line.startswith("uses: ")]
    assert named
    assert not [line for line in named if not (PINNED.match(line) or line.startswith("uses: ./.github/"))]


def test_the_gate_of_a_change_is_that_of_this_project() -> None:
    assert ".ci/run" in [step.get("run") for step in steps(ROOT / ".github/workflows/gate.yml")]


@pytest.mark.parametrize("pipeline", [*GIVEN, GITLAB], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_others_are_given_calls_the_steps_that_are_here(pipeline: Path) -> None:
    named = set(re.findall(r"^ +(?:run:|-) (?:\.operations/)?delivery/(\w+)", pipeline.read_text(), re.M))
    if pipeline.stem == "preview":
        named |= {"deliver"}
    assert named
    assert not [name for name in named if not os.access(DELIVERY / name, os.X_OK)]


@pytest.mark.parametrize("workflow", GIVEN, ids=lambda path: path.stem)
def test_a_secret_is_declared_and_on_no_command_line(workflow: Path) -> None:
    """And each checkout of somebody else's repository may be of one that is not public."""
    text = workflow.read_text()
    read = yaml.safe_load(text)
    named = set(re.findall(r"secrets\.(\w+)", text))
    if called := read["on"].get("workflow_call"):
        assert named == set(called["secrets"])
        assert not any(row["required"] for row in called["secrets"].values())
    for step in steps(workflow):
        assert "secrets." not in step.get("run", "")
        assert "${{" not in step.get("run", "")
        given = step.get("with", {})
        if "repository" in given:
            assert given["token"] == "${{ secrets.OPERATIONS_TOKEN || github.token }}"


def test_previews_are_looked_for_where_there_are_some() -> None:
    [job] = yaml.safe_load((DELIVERY / "github/previews.yml").read_text())["jobs"].values()
    assert job["if"] == "vars.HAS_PREVIEWS == 'true'"


def test_a_preview_of_a_merge_request_ends_by_itself() -> None:
    """GitLab runs the job that `on_stop` names when its time is over: it must be there then, for the same place."""
    jobs = yaml.safe_load(GITLAB.read_text())
    begun, image = jobs["preview"], jobs["deliver-image"]
    ended = jobs[begun["environment"]["on_stop"]]
    assert begun["environment"]["auto_stop_in"]
    assert ended["environment"] == {"name": begun["environment"]["name"], "action": "stop"}
    assert ended["resource_group"] == begun["resource_group"]
    [rule], [last] = begun["rules"], ended["rules"]
    assert last == {**rule, "when": "manual", "allow_failure": True}
    assert image["rules"][0] == rule
    assert "preview up" in begun["script"][0]
    assert "preview down" in ended["script"][0]


def test_a_commit_of_the_operations_project_can_be_named(tmp_path: Path) -> None:
    """GitLab's template fetches what OPERATIONS_REF names: a branch, and a commit that is none's tip."""
    origin, home = tmp_path / "operations", tmp_path / "home"
    home.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*words: str) -> str:
        who = ["-c", "user.name=test", "-c", "user.email=test@clinic.example"]
        done = subprocess.run(["git", "-C", origin, *who, *words], env=env, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    origin.mkdir()
    git("init", "--quiet", "--initial-branch", "main")
    git("config", "uploadpack.allowReachableSHA1InWant", "true")
    for number in ("1", "2"):
        (origin / "said").write_text(number)
        git("add", "--all")
        git("commit", "--quiet", "--message", number)
    commands = yaml.safe_load(GITLAB.read_text())[".deliver-operations"]
    for ref, said in (("main", "2"), (git("rev-parse", "main~1"), "1")):
        place = tmp_path / f"app-{said}"
        place.mkdir()
        given = env | {"OPERATIONS_URL": f"file://{origin}", "OPERATIONS_REF": ref, "OPERATIONS_TOKEN": "hush8token"}
        done = subprocess.run(
            ["sh", "-ec", "\n".join(commands)], cwd=place, env=given, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert (place / ".operations/said").read_text() == said
    asked = ["git", "credential", "fill"]
    told = subprocess.run(
        asked, input="protocol=https\nhost=git.example\n\n", env=given, capture_output=True, text=True, check=True
    )
    assert "password=hush8token\n" in told.stdout
    assert "hush8token" not in (home / ".gitconfig").read_text()
