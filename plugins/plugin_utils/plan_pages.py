# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan (see planning.py) as a page of text, and as Markdown for a pull request."""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.markdown import bullets, section, table
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.planning import counted

MARKS = {"create": "+", "change": "~", "delete": "-", "cannot": "!"}
WORDS = {"create": "to create", "change": "to change", "delete": "to delete", "cannot": "impossible"}
# The side that what is made or taken away has not.
MISSING = {"create": "before", "delete": "after"}
# Characters of a value in the page of text; the other forms have it whole.
LONGEST = 100
# Values that tell nothing of what is made anew.
EMPTY: tuple[Any, ...] = ("", [], {})
# An element of a list of an app's spec that is made or taken away as a whole.
ELEMENT = re.compile(r"^spec\.\w+\[[^]]*\]")


def plan_headline(plan: Data) -> str:
    """All of it in a line."""
    counts = [f"{count} {WORDS[action]}" for action, count in counted(plan).items() if count]
    outcome = ", ".join(counts) or "nothing to change"
    left_out = ["not everything compared"] if plan["not_compared"] else []
    return " · ".join(["Plan", plan["environment"], outcome, *left_out, _money(plan["bill"])])


def plan_page(plan: Data) -> str:
    """For a terminal. Empty when nothing differs: the headline says so."""
    parts = [_resource(row) for row in plan["resources"]]
    parts += [f"? not compared: {sentence}" for sentence in plan["not_compared"]]
    if parts:
        parts.append("\n".join(["bill a month, in USD", *(f"    {line}" for line in _bill_lines(plan["bill"]))]))
    return "\n\n".join(parts)


def plan_report(plan: Data) -> str:
    """As Markdown, below a heading and the headline."""
    parts = []
    for row in plan["resources"]:
        sides = [side for side in ("before", "after") if side != MISSING.get(row["action"])]
        told = [
            [_code(change["attribute"]), *(_code(_value(change[side])) for side in sides)] for change in row["changes"]
        ]
        body = [row["why"]] if row["why"] else []
        body += [table(["attribute", *sides], told)] if told else []
        body += [bullets(row["comes_with"])] if row["comes_with"] else []
        # Hundreds of lines of a new app would hide the rest of the page.
        if len(told) > 20:
            body[0] = f"<details><summary>{len(told)} attributes</summary>\n\n{body[0]}\n\n</details>"
        parts.append(section(f"`{MARKS[row['action']]}` {plan_title(row)}", "\n\n".join(body)))
    if plan["not_compared"]:
        parts.append(section("Not compared", bullets(plan["not_compared"])))
    rows = [[*line[:2], *map(_usd, line[2:])] for line in _bill_rows(plan["bill"])]
    return "\n\n".join([*parts, section("Monthly bill", table(["item", "what", "USD before:", "USD after:"], rows))])


def plan_title(row: Data) -> str:
    """What a difference is about: `valkey config (configuration of database cluster)`."""
    kind = " ".join(filter(None, [row["kind"], row["called"] if row["called"] != row["name"] else ""]))
    return f"{row['name']} ({kind})" if kind and kind != row["name"] else row["name"]


def _resource(row: Data) -> str:
    lines = [f"{MARKS[row['action']]} {plan_title(row)}"]
    lines += [f"    {row['why']}"] if row["why"] else []
    if missing := MISSING.get(row["action"]):
        side = "after" if missing == "before" else "before"
        told = {change["attribute"]: change[side] for change in row["changes"]}
        shown = _collapsed({name: value for name, value in told.items() if value != row["called"]})
        width = max(map(len, shown), default=0)
        lines += [f"    {name:<{width}}  {value}".rstrip() for name, value in shown.items()]
    else:
        for change in row["changes"]:
            lines += _change(change)
    lines += [f"    → {sentence}" for sentence in row["comes_with"]]
    return "\n".join(lines)


def _collapsed(values: Data) -> dict[str, str]:
    """An app's components as one line each: what is in them stands in the other forms."""
    found: dict[str, str] = {}
    for name, value in values.items():
        element = ELEMENT.match(name)
        if element:
            found[element[0]] = ""
        elif value not in EMPTY:
            found[name] = plan_value(value)
    return found


def _change(change: Data) -> list[str]:
    """One line; of lists, what goes and what comes."""
    before, after = change["before"], change["after"]
    if isinstance(before, list) and isinstance(after, list):
        gone = [f"    {change['attribute']}: - {plan_value(item)}" for item in before if item not in after]
        new = [f"    {change['attribute']}: + {plan_value(item)}" for item in after if item not in before]
        if gone or new:
            return gone + new
    return [f"    {change['attribute']}: {plan_value(before)} → {plan_value(after)}"]


def plan_value(value: Any) -> str:
    """A value of a change in one short line."""
    simple = isinstance(value, dict) and not any(isinstance(item, (dict, list)) for item in value.values())
    told = " ".join(_value(item) for item in value.values() if item not in (None, "")) if simple else _value(value)
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    if value in EMPTY:
        return "empty"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.replace(UNKNOWN, "(known after creation)").split())


def _code(text: str) -> str:
    """As a cell of a table, in which nothing of it is read as Markdown."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


# ── The bill ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _money(bill: Data) -> str:
    before, after = (bill[side]["total"] for side in ("before", "after"))
    same = before == after
    return f"${_usd(after)} a month" if same else f"${_usd(before)} → ${_usd(after)} a month"


def _bill_rows(bill: Data) -> list[tuple[str, str, float | None, float | None]]:
    """item, what, before, after; what one side lacks costs 0 there. The last one is the total."""
    sides = [{line["item"]: line for line in bill[side]["lines"]} for side in ("before", "after")]
    rows = []
    for item in dict.fromkeys([*sides[1], *sides[0]]):
        lines = [side.get(item) for side in sides]
        details = [line["detail"] for line in lines if line]
        before, after = (line["usd"] if line else 0.0 for line in lines)
        rows.append((item, " → ".join(dict.fromkeys(details)), before, after))
    return [*rows, ("total", "", bill["before"]["total"], bill["after"]["total"])]


def _bill_lines(bill: Data) -> list[str]:
    rows = _bill_rows(bill)
    widths = [max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)]
    return [
        f"{item:<{widths[0]}}  {what:<{widths[1]}}  {_usd(before):>8} → {_usd(after):>8}"
        if before != after
        else f"{item:<{widths[0]}}  {what:<{widths[1]}}  {_usd(after):>8}"
        for item, what, before, after in rows
    ]


def _usd(amount: float | None) -> str:
    return "?" if amount is None else f"{amount:.2f}"
