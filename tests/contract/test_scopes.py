# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scopes of the token stand on the kinds, and all say the same: the API, the roles, preflight, the README."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds, scopes
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module
from localcloud import resources
from localcloud.ports.routing import OPERATIONS, Operation
from tests import readme

ROOT = Path(__file__).parents[2]
COLLECTION = "fisioflow.digitalocean"
resources.load()
# What no module calls, and whose scope follows no rule.
NEVER_CALLED = re.compile(
    r"/v2/load_balancers/[^/]+/(droplets|forwarding_rules)|"
    r".*/(exec|metrics/(bandwidth_daily|credentials)|destroy_with\w+/(status|retry))"
    r"|/v2/firewalls/.+/.+|/v2/droplets/.+/firewalls"
    r"|/v2/(customers/my/billing_history|registry)\b.*"
)
SCOPED = [op for op in OPERATIONS.values() if op.scopes and not NEVER_CALLED.fullmatch(op.path)]
# What some inputs take beside the module's own: an app with databases, a resource in a project, what is on offer.
BESIDE = {"database:view_credentials", "project:assign_resource", "regions:read", "sizes:read"}
# What a role's input says when its work is that of site.yml.
OF_SITE = "{{ procedure_name == 'site' }}"
SCOPE = re.compile(r"[a-z_]+:[a-z_]+")
VERBS = ("read", "create", "update", "delete")


@pytest.mark.parametrize("op", SCOPED, ids=lambda op: op.name)
def test_each_call_has_the_scope_of_its_kind(op: Operation) -> None:
    """Localcloud's operations have those of the API description: see test_operations."""
    found = scopes.needed(op.method, op.path)
    assert found in op.scopes, f"{op.name}: api/kinds.py has no kind of its address, or that one says {found!r}"


def test_a_call_that_is_about_no_kind_has_none() -> None:
    assert scopes.needed("GET", "/v2/dropletsandmore") == scopes.needed("GET", "/v2/vpcsandmore") == ""


def asked(playbook: str, given: bool = False, role: str = "preflight") -> set[str]:
    """What is asked of the token in a playbook, whatever the inventory; `given`: also what inputs make it ask."""
    play: list[dict[str, Any]] = yaml.safe_load((ROOT / "playbooks" / f"{playbook}.yml").read_text())
    tasks = [inner for task in play[0]["tasks"] for inner in (task, *task.get("block", []))]
    (found,) = (task["vars"][f"{role}_scopes"] for task in tasks if f"{role}_scopes" in task.get("vars", {}))
    return {scope for text in found if given or not text.startswith("{{") for scope in SCOPE.findall(text)}


def everything() -> set[str]:
    """What it asks where nothing else is said."""
    return set(yaml.safe_load((ROOT / "roles/preflight/defaults/main.yml").read_text())["preflight_scopes"])


def test_the_readme_tells_what_preflight_asks() -> None:
    assert readme.scopes("site") == everything()
    assert readme.scopes("deploy") == asked("deploy", given=True) > asked("deploy")
    assert asked("verify") == {scope for scope in everything() if scope.endswith(":read")}


@pytest.mark.parametrize("playbook", ["destroy", "restart", "maintenance", "rollback"])
def test_the_readme_tells_what_a_procedure_asks_as_it_begins(playbook: str) -> None:
    assert asked(playbook, role="procedure") == readme.scopes(playbook)


@pytest.mark.parametrize("playbook", ["plan", "detect_drift"])
def test_who_compares_everything_asks_for_what_verify_asks(playbook: str) -> None:
    assert asked(playbook) >= asked("verify")


@pytest.mark.parametrize("playbook", ["site", "deploy", "destroy"])
def test_they_are_scopes_of_kinds(playbook: str) -> None:
    of_kinds = {kind.needs(verb) for kind in kinds.ALL for verb in VERBS if kind.scope}
    assert readme.scopes(playbook) <= of_kinds | BESIDE


def test_site_asks_for_what_the_modules_of_its_roles_need() -> None:
    """So that a module that joins a role brings its scope along."""
    assert needed_by(ROOT / "playbooks/site.yml") | BESIDE == everything()


@pytest.mark.parametrize("playbook", ["deploy", "destroy"])
def test_others_read_what_theirs_read_and_write_no_more(playbook: str) -> None:
    """Of what modules may write they find some there already, as site.yml has left it."""
    needed, told = needed_by(ROOT / "playbooks" / f"{playbook}.yml"), readme.scopes(playbook)
    assert told <= needed | BESIDE
    assert {scope for scope in needed - told if scope.endswith(":read")} == set()


def needed_by(playbook: Path) -> set[str]:
    return {scope for task in tasks_of_playbook(playbook) for scope in needs(task)}


def needs(task: dict[str, Any]) -> Iterator[str]:
    """The scopes of a task with a module of ours."""
    for action in task:
        name = action.removeprefix(f"{COLLECTION}.")
        if name == action or not (ROOT / "plugins/modules" / f"{name}.py").is_file():
            continue
        module = import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{name}")
        kind = next((thing.kind for thing in vars(module).values() if own(thing, module.__name__)), None)
        if kind is None or not kind.scope:
            continue
        yield kind.needs("read")
        options = task[action] if isinstance(task[action], dict) else {}
        if "absent" in str(options.get("state")) or "{{" in str(options.get("state")):
            yield kind.needs("delete")
        if options.get("state") != "absent" and not name.endswith("_info") and not task.get("check_mode"):
            yield from [kind.needs("update")] if kind.singleton else [kind.needs("create"), kind.needs("update")]


def own(thing: Any, module: str) -> bool:
    return isinstance(thing, type) and issubclass(thing, Module) and thing.__module__ == module


def tasks_of_playbook(path: Path, site: bool = False) -> Iterator[dict[str, Any]]:
    site = site or path.name == "site.yml"
    for play in yaml.safe_load(path.read_text()):
        if "ansible.builtin.import_playbook" in play:
            yield from tasks_of_playbook(path.parent / play["ansible.builtin.import_playbook"], site)
        yield from flat(play.get("tasks") or [], path.parent, site)


def flat(tasks: list[dict[str, Any]], folder: Path, site: bool = True) -> Iterator[dict[str, Any]]:
    """With those of blocks, and of roles and files that they include, as far as their names are no templates.

    Without what a playbook leaves to `site`.
    """
    for task in tasks:
        if not site and OF_SITE in (task.get("vars") or {}).values():
            continue
        yield task
        for part in ("block", "rescue", "always"):
            yield from flat(task.get(part) or [], folder, site)
        for action, given in task.items():
            if action in ("ansible.builtin.import_role", "ansible.builtin.include_role"):
                role = ROOT / "roles" / given["name"].rpartition(".")[2]
                yield from of_file(role / "tasks" / given.get("tasks_from", "main"))
                yield from items_of(role, [name for name, value in (task.get("vars") or {}).items() if value is False])
            elif action in ("ansible.builtin.import_tasks", "ansible.builtin.include_tasks"):
                yield from of_file(folder / (given["file"] if isinstance(given, dict) else given))


def items_of(role: Path, switched_off: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """What a role does with `together`, each as the task of a module; with what it gathers of other roles.

    Without what only inputs ask for that are `switched_off`.
    """
    found: dict[str, dict[str, Any]] = {"vars": {}, "defaults": {}}
    for name, rows in found.items():
        for path in (role / name / "main.yml", *(role / name / "main").glob("*.yml")):
            rows.update(yaml.safe_load(path.read_text()) or {} if path.is_file() else {})
    for rows in found["vars"].values():
        for row in rows if isinstance(rows, list) else []:
            if (
                isinstance(row, dict)
                and "name" in row
                and not any(name in row.get("when", "") for name in switched_off)
            ):
                yield {
                    f"{COLLECTION}.{key}": given for key, given in row.items() if key not in ("name", "after", "when")
                }
    for other in found["defaults"].get(f"{role.name}_roles", []):
        yield from items_of(role.parent / other)


def of_file(path: Path) -> Iterator[dict[str, Any]]:
    if "{{" not in str(path):
        yield from flat(yaml.safe_load(path.with_suffix(".yml").read_text()), path.parent)
