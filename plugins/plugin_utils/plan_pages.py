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
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

MARKS = {"create": "+", "change": "~", "delete": "-", "cannot": "!"}
# The side that what is made or taken away has not.
MISSING = {"create": "before", "delete": "after"}
# Characters of a value in the page of text; the other forms have it whole.
LONGEST = 100
# Values that tell nothing of what is made anew.
EMPTY: tuple[Any, ...] = ("", [], {})
# An element of a list of an app's spec that is made or taken away as a whole.
ELEMENT = re.compile(r"^spec\.\w+\[[^]]*\]")


def plan_headline(plan: Data, language: str = "en") -> str:
    """All of it in a line."""
    say = Words(language)
    words = {
        "create": say("to create"),
        "change": say("to change"),
        "delete": say("to delete"),
        "cannot": say("impossible"),
    }
    counts = [f"{count} {words[action]}" for action, count in counted(plan).items() if count]
    outcome = ", ".join(counts) or say("nothing to change")
    left_out = [say("not everything compared")] if plan["not_compared"] else []
    return " · ".join([say("Plan"), plan["environment"], outcome, *left_out, _money(plan["bill"], say)])


def plan_page(plan: Data, language: str = "en") -> str:
    """For a terminal. Empty when nothing differs: the headline says so."""
    say = Words(language)
    parts = [_resource(row) for row in plan["resources"]]
    parts += [f"? {say('not compared: {why}', why=sentence)}" for sentence in plan["not_compared"]]
    if parts:
        parts.append(
            "\n".join([say("bill a month, in USD"), *(f"    {line}" for line in _bill_lines(plan["bill"], say))])
        )
    return "\n\n".join(parts)


def plan_report(plan: Data, language: str = "en") -> str:
    """As Markdown, below a heading and the headline."""
    say, parts = Words(language), []
    names = {"before": say("before"), "after": say("after")}
    for row in plan["resources"]:
        sides = [side for side in ("before", "after") if side != MISSING.get(row["action"])]
        told = [
            [_code(change["attribute"]), *(_code(_value(change[side])) for side in sides)] for change in row["changes"]
        ]
        body = [row["why"]] if row["why"] else []
        body += [table([say("attribute"), *(names[side] for side in sides)], told)] if told else []
        body += [bullets(row["comes_with"])] if row["comes_with"] else []
        # Hundreds of lines of a new app would hide the rest of the page.
        if len(told) > 20:
            title = say("{count} attributes", count=len(told))
            body[0] = f"<details><summary>{title}</summary>\n\n{body[0]}\n\n</details>"
        parts.append(section(f"`{MARKS[row['action']]}` {plan_title(row)}", "\n\n".join(body)))
    if plan["not_compared"]:
        parts.append(section(say("Not compared"), bullets(plan["not_compared"])))
    rows = [[*line[:2], *map(say.number, line[2:])] for line in _bill_rows(plan["bill"], say)]
    head = [say("item"), say("what"), *(f"USD {names[side]}:" for side in ("before", "after"))]
    return "\n\n".join([*parts, section(say("Monthly bill"), table(head, rows))])


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


def _money(bill: Data, say: Words) -> str:
    before, after = (say.usd(bill[side]["total"]) for side in ("before", "after"))
    return say("{usd} a month", usd=after if before == after else f"{before} → {after}")


def _bill_rows(bill: Data, say: Words) -> list[tuple[str, str, float | None, float | None]]:
    """item, what, before, after; what one side lacks costs 0 there. The last one is the total."""
    sides = [{line["item"]: line for line in bill[side]["lines"]} for side in ("before", "after")]
    rows = []
    for item in dict.fromkeys([*sides[1], *sides[0]]):
        lines = [side.get(item) for side in sides]
        details = [line["detail"] for line in lines if line]
        before, after = (line["usd"] if line else 0.0 for line in lines)
        rows.append((say.name(item), " → ".join(dict.fromkeys(details)), before, after))
    return [*rows, (say("total"), "", bill["before"]["total"], bill["after"]["total"])]


def _bill_lines(bill: Data, say: Words) -> list[str]:
    rows = _bill_rows(bill, say)
    widths = [max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)]
    return [
        f"{item:<{widths[0]}}  {what:<{widths[1]}}  {say.number(before):>8} → {say.number(after):>8}"
        if before != after
        else f"{item:<{widths[0]}}  {what:<{widths[1]}}  {say.number(after):>8}"
        for item, what, before, after in rows
    ]
