# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defaults, argument specs and READMEs of the roles say the same, and the tasks use nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<type>[^|]+) \| (?P<default>(?:[^|]|\\\|)+) \| (?P<text>.+) \|$")
SCALARS = {"str": str, "int": int, "float": (int, float), "bool": bool, "list": list, "dict": dict, "path": str}
# What begins as the inputs of a role do, and is read by names.yml.
NO_INPUTS = {"database_metrics_url"}


def load(role: str, path: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / "roles" / role / path).read_text(encoding="utf-8")) or {}


def options(role: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in load(role, "meta/argument_specs.yml")["argument_specs"].values():
        found.update(entry.get("options") or {})
    return found


def rows(role: str) -> dict[str, re.Match[str]]:
    text = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
    return {row["name"]: row for row in map(ROW.match, text.splitlines()) if row}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_all_its_parts(role: str) -> None:
    entries = [f"tasks/{entry}.yml" for entry in load(role, "meta/argument_specs.yml")["argument_specs"]]
    for part in (*entries, "defaults/main.yml", "meta/main.yml", "meta/argument_specs.yml", "README.md"):
        assert (ROOT / "roles" / role / part).is_file(), part


@pytest.mark.parametrize("role", ROLES)
def test_every_input_is_required_or_has_its_default_in_both_places(role: str) -> None:
    defaults, spec = load(role, "defaults/main.yml"), options(role)
    assert set(defaults) == {name for name, option in spec.items() if not option.get("required")}
    for name, value in defaults.items():
        assert "default" in spec[name], f"{name} has a default that its argument spec does not tell"
        assert spec[name]["default"] == value, name
        if not (isinstance(value, str) and "{{" in value):
            assert isinstance(value, SCALARS[spec[name]["type"]]), f"{name} is no {spec[name]['type']}"


@pytest.mark.parametrize("role", ROLES)
def test_every_input_carries_its_roles_name_and_a_description(role: str) -> None:
    for name, option in options(role).items():
        assert name.startswith(f"{role}_"), name
        assert option.get("description"), name
        assert ("elements" in option) == (option["type"] == "list"), name


@pytest.mark.parametrize("role", ROLES)
def test_the_readme_lists_exactly_the_inputs(role: str) -> None:
    spec, listed = options(role), rows(role)
    assert list(listed) == list(spec)
    for name, option in spec.items():
        row = listed[name]
        kind = option["type"] + (f" of {option['elements']}" if "elements" in option else "")
        value = option.get("default")
        text = (value or '""') if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        wanted = "**required**" if option.get("required") else f"`{text}`"
        assert (row["type"], row["default"].replace("\\|", "|")) == (kind, wanted), name


@pytest.mark.parametrize("role", ROLES)
def test_every_input_is_used(role: str) -> None:
    """By a task, a variable or a template; the inputs of preflight also by the filter that judges them."""
    folder = ROOT / "roles" / role
    used = "".join(
        path.read_text(encoding="utf-8")
        for part in ("tasks", "vars", "templates")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    )
    used += "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "plugins/plugin_utils").glob("*.py")))
    unused = [name for name in options(role) if name not in used]
    assert unused == []


def test_readmes_name_every_entry_point() -> None:
    for role in ROLES:
        text = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
        for entry in load(role, "meta/argument_specs.yml")["argument_specs"]:
            assert entry == "main" or f"`{entry}`" in text, f"{role}: {entry}"


def test_the_inventories_set_only_inputs_that_exist() -> None:
    """A typo in an inventory would be ignored by Ansible."""
    known = {name for role in ROLES for name in options(role)} | NO_INPUTS
    for path in sorted((ROOT / "inventories").rglob("*.yml")):
        for name in yaml.safe_load(path.read_text(encoding="utf-8")) or {}:
            if name.split("_")[0] in {role.split("_")[0] for role in ROLES}:
                assert name in known, f"{path.relative_to(ROOT)}: {name}"
