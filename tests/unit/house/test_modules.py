# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module is complete: each file in plugins/modules has all that a module needs elsewhere."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))


@cache
def source(module: str) -> ast.Module:
    return ast.parse((ROOT / f"plugins/modules/{module}.py").read_text())


@cache
def private_names() -> set[str]:
    """What the framework's classes keep to themselves."""
    return {
        member.name
        for path in (ROOT / "plugins/module_utils/resource").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        for member in node.body
        if isinstance(member, ast.FunctionDef) and member.name.startswith("_") and not member.name.startswith("__")
    }


@pytest.mark.parametrize("module", MODULES)
def test_a_module_leaves_what_is_private_to_the_framework_alone(module: str) -> None:
    named = {
        node.attr if isinstance(node, ast.Attribute) else node.name
        for node in ast.walk(source(module))
        if isinstance(node, ast.Attribute | ast.FunctionDef)
    }
    assert len(private_names()) > 5
    assert not named & private_names()
