# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract between roles: a role reads what its argument spec names, and hands on what its README lists as outputs.

What another role has left comes in as an input whose default reads that role's output: there, and nowhere else, roles
meet. Lookups that find variables by their names would go around that, so they stand in defaults as well.
"""

from __future__ import annotations

import re

import pytest

from tests.unit.house.roles import NAMES, ROLES, called, files, inputs, load, named, outputs, read, reads, tasks_of

FOLDERS = ("tasks", "handlers", "templates", "vars")


def facts(role: str) -> set[str]:
    """Variables that outlive the task that sets them."""
    registered = {task["register"] for task in tasks_of(role) if "register" in task}
    return registered | {name for task in tasks_of(role) for name in named(task, "set_fact") if name != "cacheable"}


def own(role: str) -> set[str]:
    """What a role's tasks, variables and templates may read."""
    local = {name for task in tasks_of(role) for name in task.get("vars") or {}}
    loops = {
        task["loop_control"]["loop_var"] for task in tasks_of(role) if "loop_var" in (task.get("loop_control") or {})
    }
    fixed = {name for path in files(role, "vars") for name in load(path) or {}}
    return inputs(role) | facts(role) | local | loops | fixed


@pytest.mark.parametrize("role", NAMES)
def test_a_role_reads_only_its_inputs_and_what_it_has_set_itself(role: str) -> None:
    foreign = {}
    for path in files(role, *FOLDERS):
        found = (reads(load(path)) if path.suffix == ".yml" else read(path.read_text())) - own(role)
        if found:
            foreign[str(path.relative_to(ROLES))] = sorted(found)
    assert foreign == {}


@pytest.mark.parametrize("role", NAMES)
def test_a_default_reads_only_inputs_of_its_role_and_outputs(role: str) -> None:
    handed = {name for other in NAMES for name in outputs(other)}
    assert reads(load(ROLES / role / "defaults/main.yml")) - inputs(role) - handed == set()


@pytest.mark.parametrize("role", NAMES)
def test_variables_are_looked_up_by_their_names_in_defaults_only(role: str) -> None:
    around = re.compile(r"fisioflow\.digitalocean\.run_results|ansible\.builtin\.vars|hostvars")
    assert [str(path.relative_to(ROLES)) for path in files(role, *FOLDERS) if around.search(path.read_text())] == []


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
def test_no_expression_of_yaml_counts_on_a_backslash(role: str) -> None:
    """Ansible keeps it as it is there, so that a reader would see the two characters of a line's end."""
    texts = {str(path.relative_to(ROLES)): path.read_text() for path in files(role, "tasks", "vars", "defaults")}
    assert [name for name, text in texts.items() if r"\n" in text] == []
