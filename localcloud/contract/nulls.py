# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``null`` for what need not be given counts as not given, as with the real API.

Clients in Go and Python send their empty pointers, slices and variables so: the vendor's own Ansible collection does in
most of its calls. A property that the description requires, or declares nullable, keeps its null: there it says
something. So does a name that the description does not have, such as the keys of a free map.
"""

from __future__ import annotations

from typing import Any

from localcloud import JSON


def without_nulls(schemas: list[JSON], value: Any) -> Any:
    """The value without the nulls that say nothing; the very same object when there are none."""
    if isinstance(value, list):
        items = [part["items"] for part in parts(schemas) if isinstance(part.get("items"), dict)]
        found: Any = [without_nulls(items, item) for item in value]
        return found if any(new is not old for new, old in zip(found, value, strict=True)) else value
    if not isinstance(value, dict):
        return value
    declared: dict[str, list[JSON]] = {}
    for part in parts(schemas):
        for name, schema in part.get("properties", {}).items():
            declared.setdefault(name, []).append(schema)
    needed = set().union(*map(_required, schemas))
    kept = {
        name: without_nulls(declared.get(name, []), item)
        for name, item in value.items()
        if item is not None or name not in declared or name in needed or _takes_null(declared[name])
    }
    unchanged = len(kept) == len(value) and all(kept[name] is item for name, item in value.items())
    return value if unchanged else kept


def parts(schemas: list[JSON]) -> list[JSON]:
    """The schemas and all that they are composed of."""
    found = []
    for schema in schemas:
        found.append(schema)
        for word in ("allOf", "anyOf", "oneOf"):
            found += parts(schema.get(word, []))
    return found


def _required(schema: JSON) -> set[str]:
    """What the schema requires whichever of its alternatives is meant."""
    names = set(schema.get("required", []))
    for part in schema.get("allOf", []):
        names |= _required(part)
    for word in ("anyOf", "oneOf"):
        if schema.get(word):
            names |= set.intersection(*map(_required, schema[word]))
    return names


def _takes_null(schemas: list[JSON]) -> bool:
    """Whether null is a value there. Of what a client cannot set it is none, however it is shown."""
    found = parts(schemas)
    nullable = any(schema.get("nullable") or None in schema.get("enum", []) for schema in found)
    return nullable and not any(schema.get("readOnly") for schema in found)
