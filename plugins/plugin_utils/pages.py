# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run says of itself to people, from the figures that the role summary hands over."""

from __future__ import annotations

import textwrap

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.markdown import bullets, section, table

WIDTH = 100


def _usd(amount: float | None) -> str:
    return "      ?" if amount is None else f"{amount:7.2f}"


def _bill(bill: Data, document_usd: float) -> list[str]:
    rows = [(line["item"], line["detail"], line["usd"], "") for line in bill["lines"]]
    most, total = bill["total_max"], bill["total"]
    scaled = "" if most == total else f"up to {most:.2f} when scaled out; "
    note = f"   ({scaled}the document says {document_usd:.0f}, load balancer included)"
    return [
        f"  {item:<20} {detail:<28} {_usd(usd)}{text}"
        for item, detail, usd, text in [*rows, ("a month, in USD", "", total, note)]
    ]


def summary_page(figures: Data, document_usd: float, predicted: bool = False) -> str:
    """What there is now, what it costs and what has changed, in lines. `predicted`: by check mode."""
    lines = [f"  {name:<12}{where}" for name, where in figures["endpoints"].items()]
    for record in figures["dns"]:
        phase = str(record["phase"]).lower()
        wanted = "" if phase == "active" else f"   ({phase}: set this record, ALIAS at the top of a zone)"
        lines.append(f"  {'dns':<12}{record['domain']} CNAME {record['target']}{wanted}")
    if figures["runs"]:
        lines.append(f"  {'would run' if predicted else 'runs':<12}{figures['runs']}")
    lines += ["", *_bill(figures["bill"], document_usd)]
    if figures["changes"]:
        words = textwrap.wrap(", ".join(figures["changes"]), WIDTH, break_on_hyphens=False)
        lines += ["", f"{'would change' if predicted else 'changed'}: " + "\n         ".join(words)]
    lines += ["", *(f"  {'note':<12}{text}" for text in figures["deviations"])] if figures["deviations"] else []
    if figures["not_compared"]:
        lines += ["", f"not compared: {figures['not_compared']}"]
    return "\n".join(lines)


def summary_report(figures: Data) -> str:
    """The same as Markdown, with sections of its own."""
    parts = [section("Changed", bullets(figures["changes"]))]
    if figures["not_compared"]:
        parts.append(f"Not compared: {figures['not_compared']}")
    rows = [[name, where] for name, where in figures["endpoints"].items()]
    for record in figures["dns"]:
        phase = str(record["phase"]).lower()
        wanted = "" if phase == "active" else f": {phase}, set this record"
        rows.append([f"DNS: {record['domain']}", f"CNAME (ALIAS at the top of a zone) {record['target']}{wanted}"])
    if figures["runs"]:
        rows.append(["runs", figures["runs"]])
    parts.append(section("Endpoints", table(["what", "where"], rows)))
    if figures["deviations"]:
        parts.append(section("Other than the document says", bullets(figures["deviations"])))
    bill = figures["bill"]
    lines = [[line["item"], line["detail"], _price(line["usd"], "unknown")] for line in bill["lines"]]
    total = ["**total**", "", f"**{_price(bill['total'], '?')}**"]
    return "\n\n".join([*parts, section("Monthly bill", table(["item", "what", "USD:"], [*lines, total]))])


def _price(usd: float | None, unknown: str) -> str:
    return unknown if usd is None else f"{usd:.2f}"


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min {seconds % 60} s"


def summary_headline(figures: Data, title: str, where: str = "", predicted: bool = False) -> str:
    """All of it in a line."""
    profile, changes = figures["profile"], len(figures["changes"])
    if figures["failure"]:
        outcome = "FAILED"
    elif not changes:
        outcome = "nothing to change"
    else:
        outcome = f"{changes} would change" if predicted else f"{changes} changed"
    environment = figures["environment"] + (f" ({profile})" if profile else "")
    parts = [title, environment, where, outcome, _duration(figures["seconds"]), figures["endpoints"].get("app")]
    return " · ".join(part for part in parts if part)


def in_force(wanted: Data, inputs: Data) -> bool:
    """Whether there is something wanted, and `inputs` are all of it. Numbers may be text, as `-e` gives them."""
    return bool(wanted) and all(name in inputs and str(inputs[name]) == str(value) for name, value in wanted.items())
