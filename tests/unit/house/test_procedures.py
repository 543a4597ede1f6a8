# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A procedure is one playbook in its frame, with a header, a runbook and a scenario that say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.house.roles import NAMES, ROLES, called, inputs, load, outputs, reads, tasks

ROOT = ROLES.parent
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
PROCEDURES = [ROOT / "site.yml", *PLAYBOOKS]
COMMON = [name for path in (ROOT / "inventories/common").glob("*.yml") for name in load(path)]
SETTINGS = load(ROOT / "inventories/production/group_vars/all/30_settings.yml")
PART = re.compile(r"^# (When|Inputs|Leaves): +", re.M)
GIVEN = re.compile(r"-e (\w+)=")


def each(paths: list[Path]) -> Any:
    return pytest.mark.parametrize("procedure", paths, ids=lambda path: path.stem)


def header(procedure: Path) -> dict[str, str]:
    """The comment at the top: what it does, under "", and its parts by their names."""
    comment = re.match(r"---\n((?:#.*\n)*)", procedure.read_text())
    assert comment
    what, *parts = PART.split(comment[1])
    return {"": what.strip("# \n")} | dict(zip(parts[::2], parts[1::2], strict=True))


def entries(node: Any) -> list[str]:
    """The roles that a play, a block or a role's entry point lists, each as `role/entry`."""
    found = [called(task) for task in tasks(node)]
    return [f"{role['name'].rpartition('.')[2]}/{role.get('tasks_from', 'main')}" for role in found if role]


def roles_of(procedure: Path) -> set[str]:
    imported = [play.get("ansible.builtin.import_playbook") for play in load(procedure)]
    parts = [ROOT / path for path in imported if path]
    return {entry.partition("/")[0] for path in [procedure, *parts] for entry in entries(load(path))}


def taken(procedure: Path) -> set[str]:
    """What inventories/common/names.yml hands on to roles of a procedure from the command line."""
    roles = roles_of(procedure)
    mine = {name for role in roles for name in inputs(role)}
    wired = load(ROOT / "inventories/common/names.yml")
    known = {name for role in NAMES for name in inputs(role) | outputs(role)} | set(COMMON) | set(SETTINGS)
    read = {name for option in mine & set(wired) for name in reads(wired[option])} - known
    return read if "procedure_destroys" in procedure.read_text() else read - {"confirm"}


@each(PROCEDURES)
def test_its_header_tells_what_when_with_which_inputs_and_what_it_leaves(procedure: Path) -> None:
    told = header(procedure)
    assert list(told) == ["", "When", "Inputs", "Leaves"]
    assert all(len(text.strip("# \n")) > 10 for text in told.values())
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", procedure.stem)


@each(PROCEDURES)
def test_the_inputs_of_its_header_are_those_that_its_roles_take(procedure: Path) -> None:
    told = set(GIVEN.findall(header(procedure)["Inputs"]))
    direct = told & {name for role in roles_of(procedure) for name in inputs(role)}
    assert told - direct == taken(procedure)


@each(PLAYBOOKS)
def test_it_stands_in_the_frame(procedure: Path) -> None:
    [play] = load(procedure)
    assert play["vars"]["procedure_name"] == procedure.stem
    work = [task for task in play["tasks"] if "block" in task]
    assert len(work) == 1, "all its work is in one block"
    assert entries(work[0]["rescue"]) == ["procedure/failed"]
    before, after = (entries(part) for part in _around(play["tasks"], work[0]))
    assert before[0] == "procedure/begin"
    assert before[1:] in ([], ["preflight/main"])
    [end] = after
    role, _, entry = end.partition("/")
    assert end == "procedure/end" or entries(load(ROLES / role / f"tasks/{entry}.yml"))[-1] == "procedure/end"


def _around(rows: list[Any], row: Any) -> tuple[list[Any], list[Any]]:
    at = rows.index(row)
    return rows[:at], rows[at + 1 :]


def test_site_is_one_procedure_of_several_that_ends_with_its_last() -> None:
    parts = load(ROOT / "site.yml")
    assert {part["vars"]["procedure_name"] for part in parts} == {"site"}
    assert [part["vars"]["fisioflow_summary"] for part in parts] == [False, False, True]


@each(PROCEDURES)
def test_its_runbook_tells_its_command_and_its_inputs(procedure: Path) -> None:
    page = (ROOT / f"docs/runbooks/{procedure.stem}.md").read_text()
    assert f"ansible-playbook {procedure.relative_to(ROOT)}" in page
    assert set(GIVEN.findall(page)) == set(GIVEN.findall(header(procedure)["Inputs"]))
    assert all(f"\n| {row} |" in page for row in ("when", "inputs", "takes", "leaves", "exit code"))


def test_every_runbook_is_of_a_procedure_and_listed() -> None:
    pages = {path.stem for path in (ROOT / "docs/runbooks").glob("*.md")} - {"README"}
    listed = set(re.findall(r"\]\((\w+)\.md\)", (ROOT / "docs/runbooks/README.md").read_text()))
    assert pages == listed == {path.stem for path in PROCEDURES}


@each(PROCEDURES)
def test_a_scenario_proves_it(procedure: Path) -> None:
    """Its own, or that of site.yml which it is a part of."""
    played = {
        Path(play["ansible.builtin.import_playbook"]).name
        for path in (ROOT / "extensions/molecule").glob("*/converge.yml")
        for play in load(path)
        if "ansible.builtin.import_playbook" in play
    }
    assert "site.yml" in played
    parts = {Path(part["ansible.builtin.import_playbook"]).name for part in load(ROOT / "site.yml")}
    assert procedure.name in played | parts
