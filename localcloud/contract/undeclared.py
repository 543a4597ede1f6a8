# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that the API description does not have.

JSON Schema lets them pass, and so does the real API, which ignores them: a misspelt option looks as if it had been set.
They are no violation, since newer clients know more than the description; they are listed, so that a test can look.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud import JSON
from localcloud.contract.nulls import parts


class Undeclared:
    """Finds them by schema. Schemas must be free of references and stay as they are: what is known of each is kept."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], tuple[dict[str, list[JSON]], bool]] = {}

    def find(self, schemas: list[JSON], value: Any, path: str = "") -> Iterator[str]:
        """Paths of fields of ``value`` (``spec/services/*/nmae``) that none of the schemas has."""
        if isinstance(value, list):
            items = [schema["items"] for schema in parts(schemas) if isinstance(schema.get("items"), dict)]
            for element in value:
                yield from self.find(items, element, f"{path}*/")
        elif isinstance(value, dict):
            names, free = self._names(schemas)
            for key, child in value.items():
                if key in names:
                    yield from self.find(names[key], child, f"{path}{key}/")
                elif not free:
                    yield f"{path}{key}"

    def _names(self, schemas: list[JSON]) -> tuple[dict[str, list[JSON]], bool]:
        """The fields with their schemas, and whether any other may be there."""
        known = tuple(id(schema) for schema in schemas)
        if known not in self._known:
            names: dict[str, list[JSON]] = {}
            free = False
            for schema in parts(schemas):
                for key, child in schema.get("properties", {}).items():
                    names.setdefault(key, []).append(child)
                free = free or bool(schema.get("additionalProperties"))
            # A schema that names no field at all is one for anything.
            self._known[known] = (names, free or not names)
        return self._known[known]
