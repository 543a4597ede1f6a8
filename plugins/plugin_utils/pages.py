# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run says of itself to people, from the figures that the role summary hands over."""

from __future__ import annotations

import textwrap

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.markdown import bullets, section, table
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

WIDTH = 100


def _bill(bill: Data, document_usd: float, say: Words) -> list[str]:
    rows = [(say.name(line["item"]), line["detail"], line["usd"], "") for line in bill["lines"]]
    most, total = bill["total_max"], bill["total"]
    scaled = "" if most == total else say("up to {usd} when scaled out; ", usd=say.number(most))
    document = say("the document says {usd}, load balancer included", usd=say.number(document_usd, 0))
    return [
        f"  {item:<20} {detail:<28} {say.number(usd):>7}{text}"
        for item, detail, usd, text in [*rows, (say("a month, in USD"), "", total, f"   ({scaled}{document})")]
    ]


def _gate(gate: Data, say: Words) -> str:
    """How what was deployed answers, in a line."""
    if not gate["requests"]:
        return say("{count} pages asked", count=gate["pages"])
    told = say(
        "{failed} of {requests} requests failed, 95 % of the answers within {p95} ms",
        **{name: gate[name] for name in ("failed", "requests")},
        p95=say.number(gate["p95_ms"], 0),
    )
    usual = gate["usual_ms"]
    now = say.number(gate["median_ms"], 0)
    between = "" if usual is None else "; " + say("usually {usual} ms, now {now}", usual=say.number(usual, 0), now=now)
    return told + between


def summary_page(figures: Data, document_usd: float, predicted: bool = False, language: str = "en") -> str:
    """What there is now, what it costs and what has changed, in lines. `predicted`: by check mode."""
    say = Words(language)
    lines = [f"  {name:<12}{where}" for name, where in figures["endpoints"].items()]
    for record in figures["dns"]:
        phase = str(record["phase"]).lower()
        wanted = "" if phase == "active" else f"   ({phase}: {say('set this record')})"
        lines.append(f"  {'dns':<12}{record['domain']} A {record['target']}{wanted}")
    if figures["runs"]:
        lines.append(f"  {say('would run') if predicted else say('runs'):<12}{figures['runs']}")
    if figures["gate"]:
        lines.append(f"  {say('answers'):<12}{_gate(figures['gate'], say)}")
    if figures["dump"]:
        lines.append(f"  {say('dump'):<12}{figures['dump']}")
    lines += ["", *_bill(figures["bill"], document_usd, say)]
    if figures["changes"]:
        words = textwrap.wrap(", ".join(figures["changes"]), WIDTH, break_on_hyphens=False)
        lines += ["", f"{say('would change') if predicted else say('changed')}: " + "\n         ".join(words)]
    lines += ["", *(f"  {say('note'):<12}{text}" for text in figures["deviations"])] if figures["deviations"] else []
    if figures["not_compared"]:
        lines += ["", say("not compared: {why}", why=figures["not_compared"])]
    return "\n".join(lines)


def summary_report(figures: Data, language: str = "en") -> str:
    """The same as Markdown, with sections of its own."""
    say = Words(language)
    parts = [section(say("Changed"), bullets(figures["changes"]) or say("Nothing."))]
    if figures["not_compared"]:
        parts.append(say("Not compared: {why}", why=figures["not_compared"]))
    rows = [[name, where] for name, where in figures["endpoints"].items()]
    for record in figures["dns"]:
        phase = str(record["phase"]).lower()
        wanted = "" if phase == "active" else f": {phase}, {say('set this record')}"
        rows.append([f"DNS: {record['domain']}", f"A {record['target']}{wanted}"])
    if figures["runs"]:
        rows.append([say("runs"), figures["runs"]])
    if figures["gate"]:
        rows.append([say("answers"), _gate(figures["gate"], say)])
    if figures["dump"]:
        rows.append([say("dump"), figures["dump"]])
    parts.append(section(say("Endpoints"), table([say("what"), say("where")], rows)))
    if figures["deviations"]:
        parts.append(section(say("Other than the document says"), bullets(figures["deviations"])))
    bill = figures["bill"]
    unknown = say("unknown")
    lines = [
        [say.name(line["item"]), line["detail"], unknown if line["usd"] is None else say.number(line["usd"])]
        for line in bill["lines"]
    ]
    total = [f"**{say('total')}**", "", f"**{say.number(bill['total'])}**"]
    head = [say("item"), say("what"), "USD:"]
    return "\n\n".join([*parts, section(say("Monthly bill"), table(head, [*lines, total]))])


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min {seconds % 60} s"


def summary_headline(figures: Data, title: str, where: str = "", predicted: bool = False, language: str = "en") -> str:
    """All of it in a line."""
    say, profile, changes = Words(language), figures["profile"], len(figures["changes"])
    if figures["failure"]:
        outcome = say("FAILED")
    elif not changes:
        outcome = say("nothing to change")
    else:
        outcome = say("{count} would change", count=changes) if predicted else say("{count} changed", count=changes)
    environment = figures["environment"] + (f" ({profile})" if profile else "")
    parts = [title, environment, where, outcome, _duration(figures["seconds"]), figures["endpoints"].get("app")]
    return " · ".join(part for part in parts if part)


def in_force(wanted: Data, inputs: Data) -> bool:
    """Whether there is something wanted, and `inputs` are all of it. Numbers may be text, as `-e` gives them."""
    return bool(wanted) and all(name in inputs and str(inputs[name]) == str(value) for name, value in wanted.items())
