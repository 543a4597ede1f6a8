# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract between roles: a role reads what its argument spec names, and hands on what its README lists as outputs.

What another role has left comes in as an input whose default reads that role's output: there, and nowhere else, roles
meet. Lookups that find variables by their names would go around that, so they stand in defaults as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.house.roles import (
    NAMES,
    ROLES,
    by_name,
    called,
    files,
    included,
    inputs,
    load,
    named,
    outputs,
    parse,
    read,
    reads,
    tasks,
    tasks_of,
    templates,
)

FOLDERS = ("tasks", "handlers", "templates", "vars")


def facts(role: str) -> set[str]:
    """Variables that outlive the task that sets them."""
    registered = {task["register"] for task in tasks_of(role) if "register" in task}
    set_there = {name for task in tasks_of(role) for name in named(task, "set_fact") if name != "cacheable"}
    # What plan takes back are results of others.
    return registered | set_there - ({"{{ item }}"} if role == "plan" else set())


def local(role: str) -> set[str]:
    """Variables of a role's tasks, loops and files. What a task hands to a role that it runs is that role's."""
    handed = {name for task in tasks_of(role) if not included(task) for name in task.get("vars") or {}}
    loops = {
        task["loop_control"]["loop_var"] for task in tasks_of(role) if "loop_var" in (task.get("loop_control") or {})
    }
    return handed | loops | {name for path in files(role, "vars") for name in load(path) or {}}


def own(role: str) -> set[str]:
    """What a role's tasks, variables and templates may read."""
    return inputs(role) | facts(role) | local(role)


def texts(path: Path) -> list[str]:
    """All templates of a file of a role."""
    return list(templates(load(path))) if path.suffix == ".yml" else [path.read_text()]


def lookups(text: str) -> list[str]:
    """The ways by which a template gets at variables by their names."""
    return [plugin for plugin, *_names in by_name(parse(text))] + sorted(read(text) & {"vars", "hostvars"})


@pytest.mark.parametrize("role", NAMES)
def test_a_role_reads_only_its_inputs_and_what_it_has_set_itself(role: str) -> None:
    foreign = {}
    for path in files(role, *FOLDERS):
        found = {name for text in texts(path) for name in read(text)} - own(role)
        if found:
            foreign[str(path.relative_to(ROLES))] = sorted(found)
    assert foreign == {}


@pytest.mark.parametrize("role", NAMES)
def test_a_default_reads_only_inputs_of_its_role_and_outputs(role: str) -> None:
    # Outputs of other hosts of a run are outputs.
    handed = {name for other in NAMES for name in outputs(other)} | {"hostvars"}
    assert reads(load(ROLES / role / "defaults/main.yml")) - inputs(role) - handed == set()


@pytest.mark.parametrize("role", NAMES)
def test_variables_are_looked_up_by_their_names_in_defaults_only(role: str) -> None:
    around = [(path, lookups(text)) for path in files(role, *FOLDERS) for text in texts(path)]
    assert [(str(path.relative_to(ROLES)), found) for path, found in around if found] == []


@pytest.mark.parametrize("role", NAMES)
def test_what_a_role_hands_on_is_what_its_readme_lists(role: str) -> None:
    open_facts = {name for name in facts(role) if not name.startswith(f"__{role}_")}
    assert sorted(open_facts) == sorted(outputs(role))
    assert [name for name in outputs(role) if not name.startswith(f"{role}_")] == []


@pytest.mark.parametrize("role", NAMES)
def test_a_role_hands_another_one_only_its_inputs(role: str) -> None:
    for task in tasks_of(role):
        of = str(called(task).get("name", "")).rpartition(".")[2]
        if of:
            known = inputs(of) if of in NAMES else {name for other in NAMES for name in inputs(other)}
            assert set(task.get("vars") or {}) <= known, of


@pytest.mark.parametrize("role", NAMES)
def test_a_role_that_may_end_early_imports_no_other_before_its_last_task(role: str) -> None:
    """`meta: end_role` goes on behind the first end of a role that it finds, be it that of another."""
    for path in files(role, "tasks"):
        rows = load(path)
        ends = [number for number, row in enumerate(rows) if row.get("ansible.builtin.meta") == "end_role"]
        later = rows[ends[0] + 1 : -1] if ends else []
        assert [row["name"] for row in tasks(later) if "ansible.builtin.import_role" in row] == [], path


@pytest.mark.parametrize("role", NAMES)
def test_no_expression_of_yaml_counts_on_a_backslash(role: str) -> None:
    """Ansible keeps it as it is there, so that a reader would see the two characters of a line's end."""
    paths = files(role, "tasks", "vars", "defaults")
    assert [str(path.relative_to(ROLES)) for path in paths if r"\n" in path.read_text()] == []


@pytest.mark.parametrize("role", NAMES)
def test_what_a_role_names_for_itself_begins_with_its_own_name(role: str) -> None:
    """So that it cannot take another's variable for its own by naming it."""
    assert [name for name in local(role) if not name.removeprefix("__").startswith(f"{role}_")] == []


def test_what_watches_an_environment_goes_with_it() -> None:
    """By the names that it was made with; the alerts of a check go with that."""
    made, gone = load(ROLES / "monitoring/vars/main.yml"), load(ROLES / "teardown/vars/main.yml")
    kinds = {"uptime_check": "name", "monitoring_alert_policy": "description"}

    def names(rows: list[dict[str, Any]], prefix: str) -> list[tuple[str, str]]:
        return [
            (kind, row[kind][name].replace(prefix, "monitoring_name"))
            for row in rows
            for kind, name in kinds.items()
            if kind in row
        ]

    of_monitoring = names(made["__monitoring_items"], "monitoring_name")
    assert len(of_monitoring) > 6
    assert of_monitoring == names(gone["__teardown_watching"], "teardown_monitoring")
    assert {row[kind]["state"] for row in gone["__teardown_watching"] for kind in kinds if kind in row} == {"absent"}


@pytest.mark.parametrize(
    "task",
    [
        "debug: {msg: '{{ mine }}'}",
        "ansible.builtin.debug: {var: mine}",
        "debug: {var: mine.first}",
        "debug: {msg: \"{{ lookup('vars', 'mine') }}\"}",
        "debug: {msg: \"{{ query('ansible.builtin.vars', 'mine', default='') }}\"}",
        "debug: {msg: \"{{ q('vars', 'other', 'mine') }}\"}",
        "when: mine",
        "when: [true, mine is defined]",
        "when: '{{ mine }}'",
        "until: mine",
        "failed_when: x.rc == mine",
        "ansible.builtin.assert: {that: [mine]}",
        "loop: '{{ mine }}'",
        "loop: ['{{ mine }}']",
        "loop_control: {break_when: mine}",
        "with_items: mine",
        "with_dict: '{{ mine }}'",
        "block: [{when: mine}]",
        "set_fact: {'{{ mine }}': 1}",
    ],
)
def test_a_reading_is_seen(task: str) -> None:
    assert "mine" in reads(yaml.safe_load(task))


@pytest.mark.parametrize(
    ("task", "seen"),
    [
        ("msg: \"{{ vars['a'] }}\"", {"vars"}),
        ("msg: \"{{ hostvars[inventory_hostname]['a'] }}\"", {"hostvars", "inventory_hostname"}),
        ("when: \"'a' in vars\"", {"vars"}),
        ("with_ansible.builtin.vars: [a]", {"vars"}),
        # Which ones, nobody can tell from there.
        ("msg: \"{{ lookup('vars', name) }}\"", {"?", "name"}),
        ("msg: \"{{ lookup(name, 'a') }}\"", {"?", "name"}),
        ("msg: \"{{ query('varnames', 'a.+') }}\"", {"?"}),
        ("msg: \"{{ lookup('vars', *names) }}\"", {"?", "names"}),
        ("with_fileglob: '*.j2'", set()),
        ("with_items: [a]", set()),
        ("msg: a", set()),
    ],
)
def test_a_reading_by_a_way_around_is_seen_as_what_no_role_has(task: str, seen: set[str]) -> None:
    assert reads(yaml.safe_load(task)) == seen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ lookup('vars', 'a') }}", ["vars"]),
        ("{{ query('fisioflow.digitalocean.run_results') }}", ["run_results"]),
        ("{{ lookup(name) }}", ["?"]),
        ("{{ hostvars.localhost.a ~ vars.a }}", ["hostvars", "vars"]),
        ("{{ lookup('ansible.builtin.template', 'a') ~ lookup('fisioflow.digitalocean.role_inputs', *names) }}", []),
    ],
)
def test_a_way_around_is_seen(text: str, found: list[str]) -> None:
    assert lookups(text) == found
