# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each sentence of the user's document has its role, variables, resource and test, all of which exist."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.unit.house.roles import NAMES, inputs

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT.parent / "shared/architecture.pt-BR.md"
_spec = importlib.util.spec_from_file_location("document", ROOT / ".ci/document.py")
assert _spec
assert _spec.loader
document = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(document)
ROWS = document.rows()


def each() -> Any:
    return pytest.mark.parametrize("row", [row for _part, row in ROWS], ids=lambda row: str(row["says"])[:40])


@cache
def functions_of(path: str) -> set[str]:
    file = ROOT / path
    tree = ast.parse(file.read_text()) if file.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@each()
def test_what_it_names_exists_and_nothing_is_empty(row: dict[str, Any]) -> None:
    assert set(row) - {"note"} == {"says", "role", "variables", "resource", "test"}
    told = {part: document.many(row[part]) for part in ("role", "variables", "resource", "test")}
    assert all(told.values()), "a cell is empty"
    assert set(told["role"]) <= set(NAMES)
    assert set(told["variables"]) <= {name for role in NAMES for name in inputs(role)}
    for name in told["resource"]:
        assert (ROOT / f"plugins/modules/{name}.py").is_file() or (ROOT / name).is_file(), name
    for name in told["test"]:
        path, _, function = name.partition("::")
        assert function in functions_of(path), name


def test_the_page_is_what_make_docs_makes() -> None:
    assert document.PAGE.read_text() == document.page(), "run make docs"


@pytest.mark.skipif(not SOURCE.is_file(), reason="the user's document is not at hand")
def test_no_sentence_of_the_document_is_left_out() -> None:
    text = SOURCE.read_text()
    bullets = re.findall(r"^(?:-|\d\.) (.+)$", text, re.M)
    table = [row for row in re.findall(r"^\| (.+) \|$", text, re.M) if "$" in row]
    variables = re.findall(r"^([A-Z_]+)=", text, re.M)
    wanted = {_plain(line) for line in [*bullets, *table, *variables]}
    assert len(wanted) > 50
    assert wanted - {_plain(row["says"]) for _part, row in ROWS} == set()


def _plain(text: str) -> str:
    return re.sub(r"[*\s|]+", " ", text).replace(" :", ":").strip()
