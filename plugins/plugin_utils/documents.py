# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as data, from which a page of text, Markdown and HTML are made, so that all of them say the same.

{"title", "headline", "language", "good": whether there is nothing to look after,
 "sections": [{"title",
     "texts": [sentence],
     "head": [column], "rows": [[text]],    a table; a column that ends with ":" is aligned on the right
     "chart": {…},                          see charts.py; HTML alone shows it
     "links": {text: file},                 beside this one; where files cannot be opened they are left out
     "brief": bool}]}                       false: too long for a page of text, which leaves it out
"""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import markdown
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

# What a section may consist of.
TOLD = ("texts", "rows", "chart", "links")
# Characters of a line of a page of text.
WIDTH = 120


def document(title: str, headline: str, say: Words, good: bool, sections: list[Data | None]) -> Data:
    """Sections that have nothing to say are left out."""
    told = [part for part in sections if part and any(part[what] for what in TOLD)]
    return {"title": title, "headline": headline, "language": say.language, "good": good, "sections": told}


def part(
    title: str,
    texts: list[str] | None = None,
    head: list[str] | None = None,
    rows: list[list[str]] | None = None,
    chart: Data | None = None,
    brief: bool = True,
    links: dict[str, str] | None = None,
) -> Data:
    """A section."""
    return {
        "title": title,
        "texts": texts or [],
        "head": head or [],
        "rows": rows or [],
        "chart": chart,
        "brief": brief,
        "links": links or {},
    }


def document_page(told: Data) -> str:
    """For a terminal."""
    parts = [f"{row['title']}\n{_page(row)}" for row in told["sections"] if row["brief"]]
    return "\n\n".join(parts)


def document_markdown(told: Data) -> str:
    """Below a heading and the headline, which the role report writes."""
    written = [row for row in told["sections"] if row["texts"] or row["rows"] or row["links"]]
    return "\n\n".join(markdown.section(row["title"], _markdown(row)) for row in written)


def _markdown(row: Data) -> str:
    parts = ["\n\n".join(map(_escaped, row["texts"]))] if row["texts"] else []
    parts += [markdown.table(row["head"], row["rows"])] if row["rows"] else []
    parts += [markdown.bullets([f"[{text}]({file})" for text, file in row["links"].items()])] if row["links"] else []
    return "\n\n".join(parts)


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;")


def _page(row: Data) -> str:
    lines = [f"  {text}" for text in row["texts"]]
    if row["rows"]:
        right = [name.endswith(":") for name in row["head"]]
        cells = [[name.rstrip(":") for name in row["head"]], *row["rows"]]
        widths = [max(len(line[at]) for line in cells) for at in range(len(right))]
        lines += [f"  {_line(line, widths, right)}"[:WIDTH].rstrip() for line in cells]
    return "\n".join(lines)


def _line(cells: list[Any], widths: list[int], right: list[bool]) -> str:
    return "  ".join(
        f"{cell:>{width}}" if to_right else f"{cell:<{width}}"
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    )
