# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an environment costs, as data: planned, there, beside the user's document, and what costs for nothing.

{"environment", "made_at", "prices_as_of",
 "planned": as `monthly_bill` has it,
 "there": {lines, total, total_max, unpriced}      of the environment, of what is there
 "others": the same                                of the rest of the account
 "document": [{"item", "service", "document", "planned", "there"}]
 "billing": {month_to_date_usage, month_to_date_balance, account_balance, generated_at}
 "orphans": [{kind, noun, called, id, why, usd}],
 "not_looked_at": [kind's noun in the plural],
 "budget": usd, 0 for none
 "findings": [{"finding", …its figures}]}
"""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import UPTIME_CHECK
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.account import belongs, is_declared, pooled
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import bill_totals, monthly_bill
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill_there import bill_there, without_free
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.orphans import orphans
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.prices import AS_OF, prices

# The user's document: its service, our line's item, USD a month; $59 together.
DOCUMENT = (
    ("App Platform", "App Platform", 12),
    ("PostgreSQL", "PostgreSQL", 15),
    ("Redis", "Valkey", 15),
    ("Spaces", "Spaces + CDN", 5),
    ("Load Balancer", "Load balancer", 12),
)
BILLED = ("month_to_date_usage", "month_to_date_balance", "account_balance", "generated_at")


def environment_costs(found: Data, about: Data, inputs: Data, sizes: list[Data], billing: Data) -> Data:
    """See the top of this file. `found` is what `account_found` gives.

    `about`: environment, made_at, prefix, network, project, declared, known, budget, snapshot_days, not_looked_at.
    `inputs` are those of the roles, `sizes` the instance sizes of the API, `billing` what `billing_info` tells.
    """
    proxies = pooled(about["declared"], found)
    ours = {
        (thing["kind"], thing["id"])
        for thing, why in belongs(found, about)
        if why or is_declared(thing, about["declared"], found)
    }
    all_lines = bill_there(found, prices(inputs.get("preflight_prices")), sizes)
    lines = [
        {**line, "item": "Edge proxies"} if line["kind"] == "droplet" and line["id"] in proxies else line
        for line in without_free(all_lines, ours)
    ]
    # Of what is paid for once in an account, the environment pays when it has any.
    kinds = {kind for kind, _id in ours}
    mine = [line for line in lines if (line["kind"], line["id"]) in ours or (not line["id"] and line["kind"] in kinds)]
    planned, there = monthly_bill(inputs, sizes, found.get(UPTIME_CHECK.plural)), bill_totals(mine)
    made: Data = {
        "environment": about["environment"],
        "made_at": about["made_at"],
        "prices_as_of": AS_OF,
        "planned": planned,
        "there": there,
        "others": bill_totals([line for line in lines if line not in mine]),
        "document": _document(planned, there),
        "billing": {name: billing.get(name) for name in BILLED},
        "orphans": orphans(found, about, about["declared"], about["known"], lines),
        "not_looked_at": about["not_looked_at"],
        "budget": about["budget"],
    }
    return {**made, "findings": _findings(made)}


def _document(planned: Data, there: Data) -> list[Data]:
    """A row for each service of the document, and one for what else is planned or there."""
    rows = [
        {"item": item, "service": service, "document": usd, "planned": _sum(planned, item), "there": _sum(there, item)}
        for service, item, usd in DOCUMENT
    ]
    told = {row["item"] for row in rows}
    more = dict.fromkeys(
        line["item"] for bill in (planned, there) for line in bill["lines"] if line["item"] not in told
    )
    rows += [
        {"item": item, "service": "", "document": 0, "planned": _sum(planned, item), "there": _sum(there, item)}
        for item in more
    ]
    return rows


def _sum(bill: Data, item: str) -> float | None:
    amounts = [line["usd"] for line in bill["lines"] if line["item"] == item]
    return None if None in amounts else round(sum(amounts), 2)


def _findings(made: Data) -> list[Data]:
    found: list[Data] = []
    for which in ("planned", "there"):
        bill = made[which]
        if bill["unpriced"]:
            found.append({"finding": f"unpriced_{which}", "what": bill["unpriced"]})
        elif 0 < made["budget"] < bill["total_max"]:
            found.append({"finding": f"over_budget_{which}", "usd": bill["total_max"], "budget": made["budget"]})
    found += [{"finding": "orphan", **row} for row in made["orphans"]]
    return found
