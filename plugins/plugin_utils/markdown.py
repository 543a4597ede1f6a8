# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a procedure as Markdown, whatever they are."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# What a report says above its figures.
ABOVE = ("environment", "ok", "failure")
NOTHING = "Nothing."


def report_figures(figures: Data) -> str:
    """A table of single values, and a section for each of the others; empty text and null are left out."""
    told = {key: value for key, value in figures.items() if key not in ABOVE and value is not None and value != ""}
    single = {key: value for key, value in told.items() if not isinstance(value, (dict, list))}
    parts = [table(["what", "figure"], [[words(key), value] for key, value in single.items()])] if single else []
    parts += [section(words(key).capitalize(), _body(value)) for key, value in told.items() if key not in single]
    return "\n\n".join(parts)


def section(title: str, body: str) -> str:
    return f"## {title}\n\n{body or NOTHING}"


def bullets(values: list[Any]) -> str:
    return "\n".join(f"- {text(value)}" for value in values)


def table(head: list[str], rows: list[list[Any]]) -> str:
    """Columns of what `head` names; one that ends with ":" is aligned on the right."""
    marks = ["---:" if name.endswith(":") else "---" for name in head]
    lines = [[name.rstrip(":") for name in head], None, *rows]
    return "\n".join(
        f"|{'|'.join(marks)}|" if line is None else f"| {' | '.join(_cell(value) for value in line)} |"
        for line in lines
    )


def words(key: Any) -> str:
    return str(key).replace("_", " ")


def text(value: Any) -> str:
    """A value in a line: what lies deeper than a list of single values is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        return ", ".join(text(item) for item in value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return " ".join(str(value).split())


def _cell(value: Any) -> str:
    return text(value).replace("|", "\\|")


def _body(value: Any) -> str:
    if isinstance(value, dict):
        return table(["what", "figure"], [[words(key), item] for key, item in value.items()]) if value else ""
    if value and all(isinstance(item, dict) for item in value):
        columns = list(dict.fromkeys(key for item in value for key in item))
        return table([words(key) for key in columns], [[item.get(key) for key in columns] for item in value])
    return bullets(value)
