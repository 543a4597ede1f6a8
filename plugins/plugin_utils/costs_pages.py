# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an environment costs (costs.py) as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def costs_document(made: Data, language: str = "en") -> Data:
    """See documents.py."""
    say = Words(language)
    return document(
        say("Costs"),
        costs_headline(made, say),
        say,
        not made["findings"],
        [
            part(say("To look after"), [_finding(row, say) for row in made["findings"]]),
            _beside_the_document(made, say),
            _bill(say("Planned, line by line"), made["planned"], say),
            _bill(say("There, line by line"), made["there"], say),
            _billed(made["billing"], say),
            _bill(say("The rest of the account"), made["others"], say, brief=False),
            part(say("How it is made up"), _notes(made, say)),
        ],
    )


def costs_headline(made: Data, say: Words) -> str:
    """All of it in a line."""
    planned, there, found = made["planned"], made["there"], len(made["findings"])
    outcome = say("{count} to look after", count=found) if found else say("nothing to look after")
    money = say("{planned} a month planned, {there} there", planned=_total(planned, say), there=_total(there, say))
    return " · ".join([say("Costs"), made["environment"], outcome, money])


def _total(bill: Data, say: Words) -> str:
    if bill["total"] == bill["total_max"]:
        return say.usd(bill["total"])
    return say("{least} to {most}", least=say.usd(bill["total"]), most=say.usd(bill["total_max"]))


def _finding(row: Data, say: Words) -> str:
    what = ", ".join(row.get("what") or [])
    if row["finding"] == "unpriced_planned":
        return say("No price is known for what is planned: {what}. Add it to preflight_prices.", what=what)
    if row["finding"] == "unpriced_there":
        return say("No price is known for what is there: {what}. Add it to preflight_prices.", what=what)
    if row["finding"] == "over_budget_planned":
        return say("What is planned costs up to {usd}, over the budget of {budget}.", **_amounts(row, say))
    if row["finding"] == "over_budget_there":
        return say("What is there costs up to {usd}, over the budget of {budget}.", **_amounts(row, say))
    why = "; ".join(_why(word, say) for word in row["why"])
    called = f"{row['called']} ({row['id']})" if row["called"] != row["id"] else row["id"]
    noun = f"{say.name(row['noun'])} {called}"
    return say("{noun} costs {usd} a month: {why}.", noun=noun, usd=say.usd(row["usd"]), why=why)


def _amounts(row: Data, say: Words) -> dict[str, str]:
    return {name: say.usd(row[name]) for name in ("usd", "budget")}


def _why(word: str, say: Words) -> str:
    return {
        "off": say("it is switched off and billed all the same"),
        "unassigned": say("no Droplet has it"),
        "old": say("it is old, and nobody deletes it"),
        "untargeted": say("nothing stands behind it"),
        "name": say("nobody declared it, and it carries the environment's name"),
        "tag": say("nobody declared it, and it carries the environment's tag"),
        "network": say("nobody declared it, and it is in the environment's private network"),
        "project": say("nobody declared it, and it is in the environment's project"),
    }[word]


def _beside_the_document(made: Data, say: Words) -> Data:
    rows = [
        [row["service"] or say.name(row["item"]), *(say.number(row[side]) for side in ("document", "planned", "there"))]
        for row in made["document"]
    ]
    bills = [made["planned"]["total"], made["there"]["total"]]
    total = [sum(row["document"] for row in made["document"]), *bills]
    rows.append([say("total"), *(say.number(value) for value in total)])
    head = [say("service"), f"{say('document')}:", f"{say('planned')}:", f"{say('there')}:"]
    return part(say("Beside the document, USD a month"), head=head, rows=rows)


def _bill(title: str, bill: Data, say: Words, brief: bool = True) -> Data:
    rows = [
        [say.name(line["item"]), line.get("called", ""), line["detail"], say.number(line["usd"])]
        for line in sorted(bill["lines"], key=lambda line: (line["item"], line.get("called", "")))
    ]
    known = sum(line["usd"] or 0 for line in bill["lines"])
    if rows:
        least = say("total") if bill["total"] is not None else say("total, without what has no known price")
        rows.append([least, "", "", say.number(known)])
    head = [say("item"), say("name"), say("what"), "USD:"]
    return part(title, head=head, rows=rows, brief=brief)


def _billed(billing: Data, say: Words) -> Data:
    told = {
        say("used this month"): billing["month_to_date_usage"],
        say("owed for this month and before"): billing["month_to_date_balance"],
        say("owed for invoices"): billing["account_balance"],
    }
    rows = [[name, say.number(float(usd))] for name, usd in told.items() if usd is not None]
    texts = [say("The whole account, as DigitalOcean has it at {time}.", time=str(billing["generated_at"]))]
    return part(say("The bill so far"), texts, [say("what"), "USD:"], rows)


def _notes(made: Data, say: Words) -> list[str]:
    texts = [
        say(
            "Sizes of apps and Droplets have the API's prices; all others are those known in {month}.",
            month=made["prices_as_of"],
        ),
        say("Not in it: read replicas, backups and volumes of Droplets, tiers of registries, traffic."),
    ]
    if made["not_looked_at"]:
        texts.append(say("Not looked at: {what}.", what=", ".join(made["not_looked_at"])))
    return texts
