#!/usr/bin/env python3
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes docs/document.md: each sentence of the user's document, and what in the code makes it true.

    .ci/document.py          write the page
    .ci/document.py --print  show it

What stands beside a sentence is said in docs/document.yml. What a variable is in production, and what a test is called
in words, comes from the code.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
ROWS = ROOT / "docs/document.yml"
PAGE = ROOT / "docs/document.md"
HEAD = """# The document, sentence by sentence

Made by `make docs` of [document.yml](document.yml) and the code. Each sentence of *Arquitetura Digital Ocean
- FisioFlow*, the role that makes it true, the variables by which it is chosen (with what they are in
`inventories/production`), the module or file, and the test that proves it. Where DigitalOcean has no exact
counterpart, *instead* says what is done.
"""


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def many(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def known_values() -> dict[str, Any]:
    """What inputs are in production: defaults of the roles, and the inventory over them."""
    found: dict[str, Any] = {}
    for path in sorted((ROOT / "roles").glob("*/defaults/main.yml")):
        found.update(load(path) or {})
    for path in sorted((ROOT / "inventories/production/group_vars/all").glob("*.yml")):
        found.update(load(path) or {})
    return found


def rows() -> list[tuple[str, dict[str, Any]]]:
    """Each with its part of the document."""
    return [(part["part"], row) for part in load(ROWS) for row in part["rows"]]


def role(name: str) -> str:
    return f"[{name}](../roles/{name}/README.md)"


def variable(name: str, values: dict[str, Any]) -> str:
    value = values.get(name)
    plain = isinstance(value, bool | int | float | str) and value != "" and "{{" not in str(value)
    return f"`{name}: {str(value).lower() if isinstance(value, bool) else value}`" if plain else f"`{name}`"


def resource(name: str) -> str:
    module = f"plugins/modules/{name}.py"
    path = module if (ROOT / module).is_file() else name
    return f"[{name.rpartition('/')[2]}](../{path})"


def test(name: str) -> str:
    path, _, function = name.partition("::")
    return f"[{function.removeprefix('test_').replace('_', ' ')}](../{path})"


def page() -> str:
    values, lines = known_values(), [HEAD]
    for part in load(ROWS):
        lines += [
            f"## {part['part']}\n",
            "| the document | role | variables | resource | test | instead |",
            "|---|---|---|---|---|---|",
        ]
        for row in part["rows"]:
            cells = [
                row["says"].replace("|", "\\|"),
                ", ".join(map(role, many(row["role"]))),
                ", ".join(variable(name, values) for name in many(row["variables"])),
                ", ".join(map(resource, many(row["resource"]))),
                ", ".join(map(test, many(row["test"]))),
                row.get("note", ""),
            ]
            lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(page())
    else:
        PAGE.write_text(page(), encoding="utf-8")
