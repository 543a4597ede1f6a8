# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and playbooks as files: what they take, what they hand on, and which variables they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, meta, nodes

ROLES = Path(__file__).parents[3] / "roles"
NAMES = sorted(path.name for path in ROLES.iterdir() if path.is_dir())
# Ansible's own names; `ansible_…` are besides.
MAGIC = {"item", "lookup", "query", "now", "omit", "dict", "playbook_dir", "inventory_dir", "role_path"}
# Keywords whose text is an expression without braces.
EXPRESSIONS = {"when", "until", "changed_when", "failed_when", "that"}
# A row of a table of two columns.
OUTPUT = re.compile(r"^\| `(\w+)` \| [^|]+ \|$", re.M)
JINJA = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])

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


def called(task: Node) -> Node:
    """The arguments of a task that runs a role of ours, or {}."""
    role = named(task, "include_role") or named(task, "import_role")
    return role if str(role.get("name", "")).startswith("fisioflow.digitalocean.") else {}


def read(text: str) -> set[str]:
    """Names of variables that a template reads."""
    parsed = JINJA.parse(text)
    # Ansible's own, of which only the names matter here.
    JINJA.filters.update({node.name: str for node in parsed.find_all(nodes.Filter)})
    JINJA.tests.update({node.name: bool for node in parsed.find_all(nodes.Test)})
    names: set[str] = meta.find_undeclared_variables(parsed)
    return {name for name in names - MAGIC if not name.startswith("ansible_")}


def reads(node: Any, *, expression: bool = False) -> set[str]:
    """Names of variables that anything below a node of YAML reads."""
    if isinstance(node, dict):
        return {name for key, value in node.items() for name in reads(value, expression=key in EXPRESSIONS)}
    if isinstance(node, list):
        return {name for item in node for name in reads(item, expression=expression)}
    if not isinstance(node, str):
        return set()
    return read(f"{{{{ {node} }}}}" if expression else node)
