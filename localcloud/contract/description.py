# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API description as a graph instead of a tree with references."""

from __future__ import annotations

from typing import Any

from localcloud import JSON


def inlined(description: JSON) -> JSON:
    """The same description in which every reference is replaced by what it points to.

    Targets are shared, not copied. One that contains itself keeps its reference: a validator must be able to walk this.
    """
    done: JSON = {}
    open_: set[str] = set()

    def target(reference: str) -> Any:
        node: Any = description
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def walk(node: Any) -> Any:
        if isinstance(node, list):
            return [walk(child) for child in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return {key: walk(value) for key, value in node.items()}
        if reference in open_:
            return node
        if reference not in done:
            open_.add(reference)
            done[reference] = walk(target(reference))
            open_.discard(reference)
        return done[reference]

    result: JSON = walk(description)
    return result
