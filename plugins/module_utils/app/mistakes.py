# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever cannot stand where it stands in an app spec, or in a part of one: unknown fields, and values of other types.

The API would take an unknown field without a word and leave it out: a typo would be deployed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.nearest import nearest
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import shape
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.schema import WORDS, Schema, fits
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN


def mistakes(schema: Schema, value: Any, where: str, current: Any = None) -> Iterator[str]:
    """A sentence for each. `where` names the place, in the end by its field: ``spec.services``.

    What the app has there at the moment, `current`, the API knows even if `schema` does not.
    """
    if shape.empty(value) or value == UNKNOWN:
        return
    if isinstance(schema, dict):
        yield from _fields(schema, value, where, current if isinstance(current, dict) else {})
    elif isinstance(schema, list):
        yield from _elements(schema[0], value, where, current if isinstance(current, list) else [])
    elif isinstance(value, (dict, list)):
        yield f"{where} must be {WORDS[schema]}, not {WORDS[type(value)]}."
    elif not fits(schema, value):
        yield f'{where} must be {WORDS[schema]}, not "{value}".'


def _fields(schema: dict[str, Schema], value: Any, where: str, current: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} must be a dict, not {type(value).__name__}."
        return
    # Which metrics there are is told in words of their own (`app_checks`).
    lenient = where.endswith(".metrics")
    for key, item in value.items():
        if key in schema:
            yield from mistakes(schema[key], item, f"{where}.{key}", current.get(key))
        elif key not in current and not lenient:
            meant = nearest(str(key), schema)
            hint = f"perhaps {meant} is meant" if meant else f"there are {', '.join(sorted(schema))}"
            yield f"{where}.{key} is no field of an app spec: {hint}."


def _elements(schema: Schema, value: Any, where: str, current: list[Any]) -> Iterator[str]:
    kind = dict if isinstance(schema, dict) else None
    wrong = [item for item in value if kind and not isinstance(item, kind)] if isinstance(value, list) else []
    if wrong or not isinstance(value, list):
        what = f"of {type(wrong[0]).__name__}" if wrong else type(value).__name__
        yield f"{where} must be a list{' of dicts' if kind else ''}, not {what}."
        return
    listname = where.rsplit(".", 1)[-1]
    name = shape.NAMED.get(listname)
    known = {shape.identity(listname, item): item for item in current} if shape.is_named(listname, current) else {}
    for number, item in enumerate(value):
        if name and listname not in shape.REPEATABLE and not item.get(name):
            yield f"An element of {where} has no {name}."
            continue
        label = shape.identity(listname, item) if name and listname != "rules" else str(number)
        there = known.get(shape.identity(listname, item)) if name else None
        yield from mistakes(schema, item, f"{where}[{label}]", there)
