# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and playbooks as files: what they take, what they hand on, and which variables they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, meta, nodes

ROLES = Path(__file__).parents[3] / "roles"
NAMES = sorted(path.name for path in ROLES.iterdir() if path.is_dir())
# Ansible's own names; `ansible_…` are besides.
MAGIC = {"item", "lookup", "query", "q", "now", "omit", "dict", "playbook_dir", "inventory_dir", "role_path"}
# Keywords whose text is an expression without braces; those of an old loop, `with_…`, may be the name of a variable.
EXPRESSIONS = {"when", "until", "changed_when", "failed_when", "break_when", "that", "var"}
BARE = re.compile(r"[a-zA-Z_][\w.\[\]'\"]*")
# How a template looks something up, and the lookups of variables by their names.
LOOKUPS = {"lookup", "query", "q"}
BY_NAME = {"vars", "varnames", "run_results"}
# A row of a table of two columns.
OUTPUT = re.compile(r"^\| `(\w+)` \| [^|]+ \|$", re.M)
JINJA = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])

Node = dict[str, Any]


@cache
def load(path: Path) -> Any:
    """What a file holds, which nobody changes: hundreds of tests look at the same ones."""
    return yaml.load(path.read_text(), yaml.CSafeLoader) if path.is_file() else None


@cache
def inputs(role: str) -> set[str]:
    entries = load(ROLES / role / "meta/argument_specs.yml")["argument_specs"].values()
    return {name for entry in entries for name in entry.get("options") or {}}


@cache
def outputs(role: str) -> set[str]:
    """What the README lists below "Outputs", in a table of two columns."""
    _, _, after = (ROLES / role / "README.md").read_text().partition("\n## Outputs\n")
    return set(OUTPUT.findall(after.partition("\n## ")[0]))


def files(role: str, *folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROLES / role / folder).rglob("*")) if path.is_file()]


def tasks(node: Any) -> Iterator[Node]:
    """Every play, block and task of what a file holds, those inside of each other as well."""
    if isinstance(node, list):
        for item in node:
            yield from tasks(item)
    elif isinstance(node, dict):
        yield node
        for part in ("tasks", "block", "rescue", "always"):
            yield from tasks(node.get(part))


def tasks_of(role: str) -> Iterator[Node]:
    for path in files(role, "tasks", "handlers"):
        yield from tasks(load(path))


def named(task: Node, action: str) -> Node:
    return task.get(action) or task.get(f"ansible.builtin.{action}") or {}


def included(task: Node) -> Node:
    """The arguments of a task that runs a role, or {}."""
    return named(task, "include_role") or named(task, "import_role")


def called(task: Node) -> Node:
    """The same of a task that runs a role of ours."""
    role = included(task)
    return role if str(role.get("name", "")).startswith("fisioflow.digitalocean.") else {}


def parse(text: str) -> nodes.Template:
    parsed = JINJA.parse(text)
    # Ansible's own, of which only the names matter here.
    JINJA.filters.update({node.name: str for node in parsed.find_all(nodes.Filter)})
    JINJA.tests.update({node.name: bool for node in parsed.find_all(nodes.Test)})
    return parsed


def by_name(parsed: nodes.Template) -> Iterator[list[str]]:
    """Of each lookup of variables by their names: what it is called, and the names; ``?`` is what is not fixed."""
    for call in parsed.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in LOOKUPS:
            given = [*call.args, call.dyn_args] if call.dyn_args else call.args
            plugin, *words = [str(part.value) if isinstance(part, nodes.Const) else "?" for part in given] or ["?"]
            if plugin.rpartition(".")[2] in {*BY_NAME, "?"}:
                yield [plugin.rpartition(".")[2], *words]


@cache
def read(text: str) -> set[str]:
    """Names of variables that a template reads."""
    parsed = parse(text)
    found: set[str] = meta.find_undeclared_variables(parsed)
    for plugin, *names in by_name(parsed):
        # Of results, defaults alone may ask for all; what another way finds, nobody can tell from here.
        if plugin != "run_results":
            found.update(names if plugin == "vars" else "?")
    return {name for name in found - MAGIC if not name.startswith("ansible_")}


def templates(node: Any, keyword: str = "") -> Iterator[str]:
    """What of a node of YAML Ansible templates, with the braces that a keyword lets people leave out."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from templates(value, str(key))
            if re.fullmatch(rf"with_([\w.]+\.)?({'|'.join(BY_NAME)})", str(key)):
                yield "{{ vars }}"
    elif isinstance(node, list):
        for item in node:
            # One of an old loop's items is a text as it is.
            yield from templates(item, "" if keyword.startswith("with_") else keyword)
    elif isinstance(node, str):
        bare = keyword in EXPRESSIONS or (keyword.startswith("with_") and BARE.fullmatch(node))
        yield f"{{{{ {node} }}}}" if bare and "{{" not in node else node


def reads(node: Any) -> set[str]:
    """Names of variables that anything below a node of YAML reads."""
    return {name for text in templates(node) for name in read(text)}
