# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A procedure is one playbook in its frame, with a header, a runbook and a scenario that say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.soak.cases import CASES
from tests.unit.house.roles import NAMES, ROLES, called, inputs, load, outputs, reads, tasks, tasks_of

ROOT = ROLES.parent
SITE = ROOT / "playbooks/site.yml"
PLAYBOOKS = sorted(set((ROOT / "playbooks").glob("*.yml")) - {SITE})
PROCEDURES = [SITE, *PLAYBOOKS]
COMMON = [name for path in (ROOT / "inventories/common").glob("*.yml") for name in load(path)]
SETTINGS = load(ROOT / "inventories/production/group_vars/all/30_settings.yml")
PART = re.compile(r"^# (When|Inputs|Leaves): +", re.M)
# What a play of a procedure consists of, and what stands before its work.
PLAY = {"name", "hosts", "gather_facts", "module_defaults", "vars", "tasks"}
FRAME = (
    ["procedure/begin"],
    ["procedure/begin", "preflight/main"],
    ["procedure/begin", "preflight/main", "plan/hold"],
)
CONNECTION = {"name": "Connection", "ansible.builtin.import_tasks": "tasks/connection.yml"}
ROLE_TASKS = ("ansible.builtin.import_role", "ansible.builtin.include_role")
# More lines than others may have, and why: the roles that one environment consists of.
LARGER = {
    "deploy": (104, "eight roles"),
    "monthly": (70, "seven parts"),
    "plan": (64, "what it may read"),
    "provision": (70, "six roles, and what one takes of two others"),
    "verify": (69, "what it may read, and the wire beside"),
}
# What is lost with these.
DATA = [
    f"fisioflow.digitalocean.{name}"
    for name in ("database_cluster", "database_db", "database_replica", "spaces_bucket", "app")
]
# By language: the folder, and what the first table of each page tells, in this order.
RUNBOOKS = {
    "English": ("docs/runbooks", ["when", "inputs", "takes", "leaves", "exit code"]),
    "Portuguese": ("docs/runbooks/pt-BR", ["quando", "entradas", "dura", "deixa", "código de saída"]),
}
# tests/soak/test_kill.py kills the first two, nobody destroy yet; the others write to no environment.
NO_CASES = {"site", "provision", "destroy", "adopt_environment", "configure_awx"}
GIVEN = re.compile(r"-e (\w+)=")


def each(paths: list[Path]) -> Any:
    return pytest.mark.parametrize("procedure", paths, ids=lambda path: path.stem)


def own_play(procedure: Path) -> Any:
    """What a playbook does itself, after those that it imports; these and itself begin as one, refused as a whole."""
    *parts, play = load(procedure)
    if parts:
        first = parts.pop(0)
        assert set(first) == PLAY
        assert entries([first]) == ["procedure/begin"]
        [begin] = first["tasks"]
        imported = [load(procedure.parent / part["ansible.builtin.import_playbook"])[-1] for part in parts]
        own = [role for part in imported for role in part["tasks"][0]["vars"]["procedure_roles"]]
        assert begin["vars"] == {"procedure_roles": sorted(set(own), key=own.index)}
        assert first["vars"] == {"procedure_name": procedure.stem}
    assert all(set(part) == {"name", "ansible.builtin.import_playbook", "vars"} for part in parts)
    assert all(part["vars"] == {"procedure_of": procedure.stem} for part in parts)
    return play


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
    parts = [procedure.parent / path for path in imported if path]
    return {entry.partition("/")[0] for path in [procedure, *parts] for entry in entries(load(path))}


def taken(procedure: Path) -> set[str]:
    """What inventories/common/names.yml hands on to roles of a procedure from the command line."""
    roles = roles_of(procedure)
    mine = {name for role in roles for name in inputs(role)}
    wired = load(ROOT / "inventories/common/names.yml")
    known = {name for role in NAMES for name in inputs(role) | outputs(role)} | set(COMMON) | set(SETTINGS)
    read = {name for option in mine & set(wired) for name in reads(wired[option])} - known
    asked = {"confirm": "procedure_destroys" in procedure.read_text(), "plan": procedure.stem == "site"}
    return read - {name for name, wanted in asked.items() if not wanted}


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
    play = own_play(procedure)
    assert set(play) == PLAY, "what is done stands in its tasks"
    assert play["vars"]["procedure_name"] == procedure.stem
    work = [task for task in play["tasks"] if "block" in task]
    assert len(work) == 1, "all its work is in one block"
    assert set(work[0]) == {"name", "block", "rescue"}
    assert only_roles(work[0]["rescue"]) == ["procedure/failed"]
    assert set(only_roles(work[0]["block"])) & {"procedure/begin", "procedure/end"} == set()
    before, after = _around(play["tasks"], work[0])
    assert only_roles([task for task in before if task != CONNECTION]) in FRAME
    assert entries(before[0]) == ["procedure/begin"]
    assert "when" not in before[0]
    [end] = only_roles(after)
    role, _, entry = end.partition("/")
    assert end == "procedure/end" or entries(load(ROLES / role / f"tasks/{entry}.yml"))[-1] == "procedure/end"


def test_nobody_can_start_behind_the_refusal() -> None:
    """What is included, not imported, --start-at-task does not find."""
    for path in (ROLES / "procedure/tasks/begin.yml", ROLES / "teardown/tasks/main.yml"):
        actions = {action for task in load(path) for action in task if action.startswith("ansible.builtin.")}
        assert actions <= {"ansible.builtin.meta", "ansible.builtin.include_tasks"}, path


def only_roles(rows: list[Any]) -> list[str]:
    """The roles of tasks that do nothing else than run one."""
    for row in rows:
        assert set(row) <= {"name", "vars", "when", *ROLE_TASKS}, f"{row.get('name')}: more than a role"
        assert called(row), f"{row.get('name')}: no role of ours"
    return entries(rows)


@each(PLAYBOOKS)
def test_it_is_short(procedure: Path) -> None:
    most, _why = LARGER.get(procedure.stem, (60, ""))
    lines = [line for line in procedure.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) <= most


@pytest.mark.parametrize("role", NAMES)
def test_a_role_that_takes_data_away_has_it_confirmed(role: str) -> None:
    # What is short-lived the run has made itself: it bears a tag that tells, or is not deleted.
    takes = [
        name
        for task in tasks_of(role)
        for name in DATA
        if task.get(name, {}).get("state") == "absent" and not task[name].get("short_lived")
    ]
    assert not takes or f"{role}_confirm" in inputs(role)


@each(PLAYBOOKS)
def test_it_asks_before_it_runs_a_role_that_wants_to_be_confirmed(procedure: Path) -> None:
    begin = own_play(procedure)["tasks"][0]
    confirmed = {role for role in roles_of(procedure) if role != "procedure" and f"{role}_confirm" in inputs(role)}
    assert bool(confirmed) == ("procedure_destroys" in begin.get("vars", {}))
    for role in confirmed:
        default = load(ROLES / role / "defaults/main.yml")[f"{role}_confirm"]
        assert default == f"{{{{ (procedure_permits | default({{}})).{procedure.stem} | default('') }}}}"


def _around(rows: list[Any], row: Any) -> tuple[list[Any], list[Any]]:
    at = rows.index(row)
    return rows[:at], rows[at + 1 :]


def test_site_is_one_procedure_of_several_that_ends_with_its_last() -> None:
    parts = load(SITE)
    assert {part["vars"]["procedure_name"] for part in parts} == {"site"}
    assert [part["vars"]["fisioflow_summary"] for part in parts] == [False, False, False, True]
    # Else its last part, which only looks, would be another one that begins anew.
    assert parts[-1]["vars"]["procedure_writes"] is True


def commands(page: str) -> list[str]:
    """What a runbook has typed, without the comments beside it."""
    typed = "".join(re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S))
    return [line.partition("  #")[0].rstrip() for line in typed.splitlines()]


@pytest.mark.parametrize("language", list(RUNBOOKS))
@each(PROCEDURES)
def test_its_runbook_tells_its_command_and_its_inputs(procedure: Path, language: str) -> None:
    """In both languages, and alike."""
    folder, rows = RUNBOOKS[language]
    page = (ROOT / folder / f"{procedure.stem}.md").read_text()
    short = "site.yml" if procedure == SITE else procedure.relative_to(ROOT)
    assert f"ansible-playbook {short}" in page
    assert set(GIVEN.findall(page)) == set(GIVEN.findall(header(procedure)["Inputs"]))
    assert re.findall(r"^\| (\S.*?) \| ", page, re.M)[:5] == rows
    assert commands(page) == commands((ROOT / f"docs/runbooks/{procedure.stem}.md").read_text())


@pytest.mark.parametrize("language", list(RUNBOOKS))
def test_every_runbook_is_of_a_procedure_and_listed(language: str) -> None:
    folder = ROOT / RUNBOOKS[language][0]
    pages = {path.stem for path in folder.glob("*.md")} - {"README"}
    listed = set(re.findall(r"\]\((\w+)\.md\)", (folder / "README.md").read_text()))
    assert pages == listed == {path.stem for path in PROCEDURES}


@each(PROCEDURES)
def test_a_scenario_proves_it(procedure: Path) -> None:
    """Its own, or that of site.yml which it is a part of; or on the wire, where software runs."""
    played = {
        Path(play["ansible.builtin.import_playbook"]).name
        for path in (ROOT / "extensions/molecule").glob("*/converge.yml")
        for play in load(path)
        if "ansible.builtin.import_playbook" in play
    }
    assert SITE.name in played
    parts = {Path(part["ansible.builtin.import_playbook"]).name for part in load(SITE)}
    wired = {
        f"{path.stem.removeprefix('test_')}.yml" for path in (ROOT / "tests/integration/procedures").glob("test_*.py")
    }
    assert procedure.name in played | parts | wired


def test_each_is_killed_between_its_tasks_in_the_soak() -> None:
    assert {case.procedure for case in CASES} | NO_CASES == {path.stem for path in PROCEDURES}
