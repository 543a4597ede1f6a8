# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows are thin: each step runs what is here, or an action that is pinned by its commit."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
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


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_each_action_is_pinned(workflow: Path) -> None:
    named = [line.strip().removeprefix("- ") for line in workflow.read_text().splitlines() if "uses: " in line]
    assert named
    assert not [line for line in named if not (PINNED.match(line) or line.startswith("uses: ./.github/"))]


def test_the_gate_of_a_change_is_that_of_this_project() -> None:
    assert ".ci/run" in [step.get("run") for step in steps(ROOT / ".github/workflows/gate.yml")]
