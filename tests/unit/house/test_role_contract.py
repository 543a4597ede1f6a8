# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract between roles: a role reads what its argument spec names, and hands on what its README lists as outputs.

What another role has left comes in as an input whose default reads that role's output: there, and nowhere else, roles
meet. Lookups that find variables by their names would go around that, so they stand in defaults as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, meta, nodes

ROLES = Path(__file__).parents[3] / "roles"
NAMES = sorted(path.name for path in ROLES.iterdir() if path.is_dir())
# Ansible's own names; `ansible_…` are besides.
MAGIC = {"item", "lookup", "query", "now", "omit", "dict", "playbook_dir", "inventory_dir", "role_path"}
# Keywords whose text is an expression without braces.
EXPRESSIONS = {"when", "until", "changed_when", "failed_when", "that"}
OUTPUT = re.compile(r"^\| `(\w+)` \| [^|]+ \|$", re.M)
JINJA = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
FOLDERS = ("tasks", "handlers", "templates", "vars")

Node = dict[str, Any]


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text()) if path.is_file() else None


def inputs(role: str) -> set[str]:
    entries = load(ROLES / role / "meta/argument_specs.yml")["argument_specs"].values()
    return {name for entry in entries for name in entry.get("options") or {}}


def outputs(role: str) -> set[str]:
    """What the README lists below "Outputs", in a table of two columns."""
    _, _, after = (ROLES / role / "README.md").read_text().partition("\n## Outputs\n")
    return set(OUTPUT.findall(after.partition("\n## ")[0]))


def files(role: str, *folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROLES / role / folder).rglob("*")) if path.is_file()]


def tasks(role: str) -> Iterator[Node]:
    """Every task and block, those inside of blocks as well."""

    def within(rows: list[Node]) -> Iterator[Node]:
        for row in rows:
            yield row
            for part in ("block", "rescue", "always"):
                yield from within(row.get(part) or [])

    for path in files(role, "tasks", "handlers"):
        yield from within(load(path) or [])


def named(task: Node, action: str) -> Node:
    return task.get(action) or task.get(f"ansible.builtin.{action}") or {}


def facts(role: str) -> set[str]:
    """Variables that outlive the task that sets them."""
    registered = {task["register"] for task in tasks(role) if "register" in task}
    return registered | {name for task in tasks(role) for name in named(task, "set_fact") if name != "cacheable"}


def own(role: str) -> set[str]:
    """What a role's tasks, variables and templates may read."""
    local = {name for task in tasks(role) for name in task.get("vars") or {}}
    loops = {task["loop_control"]["loop_var"] for task in tasks(role) if "loop_var" in (task.get("loop_control") or {})}
    fixed = {name for path in files(role, "vars") for name in load(path) or {}}
    return inputs(role) | facts(role) | local | loops | fixed


def read(text: str) -> set[str]:
    parsed = JINJA.parse(text)
    # Ansible's own, of which only the names matter here.
    JINJA.filters.update({node.name: str for node in parsed.find_all(nodes.Filter)})
    JINJA.tests.update({node.name: bool for node in parsed.find_all(nodes.Test)})
    names: set[str] = meta.find_undeclared_variables(parsed)
    return {name for name in names - MAGIC if not name.startswith("ansible_")}


def reads(node: Any, *, expression: bool = False) -> set[str]:
    if isinstance(node, dict):
        return {name for key, value in node.items() for name in reads(value, expression=key in EXPRESSIONS)}
    if isinstance(node, list):
        return {name for item in node for name in reads(item, expression=expression)}
    if not isinstance(node, str):
        return set()
    return read(f"{{{{ {node} }}}}" if expression else node)


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
    for task in tasks(role):
        called = str((named(task, "include_role") or named(task, "import_role")).get("name", ""))
        if called:
            of = called.rpartition(".")[2]
            known = inputs(of) if of in NAMES else {name for other in NAMES for name in inputs(other)}
            assert set(task.get("vars") or {}) <= known, called
