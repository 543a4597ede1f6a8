# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API description without references."""

from __future__ import annotations

from typing import Any

from localcloud.contract.description import inlined

SCHEMAS = {
    "a/b": {"type": "string"},
    "tree": {"properties": {"left": {"$ref": "#/schemas/tree"}, "name": {"$ref": "#/schemas/a~1b"}}},
}


def test_references_are_replaced_and_shared() -> None:
    made = inlined({"schemas": SCHEMAS, "x": [{"$ref": "#/schemas/a~1b"}, {"$ref": "#/schemas/a~1b"}]})
    assert made["x"][0] == {"type": "string"}
    assert made["x"][0] is made["x"][1]


def test_what_contains_itself_keeps_its_reference() -> None:
    made: dict[str, Any] = inlined({"schemas": SCHEMAS, "x": {"$ref": "#/schemas/tree"}})
    assert made["x"]["properties"] == {"left": {"$ref": "#/schemas/tree"}, "name": {"type": "string"}}


def test_a_property_that_is_called_ref_is_none() -> None:
    schema = {"properties": {"$ref": {"type": "string"}}}
    assert inlined(schema) == schema
