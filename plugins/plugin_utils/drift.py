# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an account is no longer what the inventory says, as data and as a report for people.

{"environment", "made_at",
 "differences": resources of a plan (planning.py),
 "undeclared": [{kind, noun, called, id, why: [word]}]     what counts to the environment and nobody declared
 "not_compared": [sentence], "not_looked_at": [text]}
"""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.account import undeclared
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.plan_pages import plan_title, plan_value
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

# Of a thing; the rest of its row is the API's.
TOLD = ("kind", "noun", "called", "id", "why")


def environment_drift(found: Data, about: Data, plan: Data) -> Data:
    """See the top of this file. `about` as `environment_costs` takes it, `found` is what `account_found` gives."""
    strays = undeclared(found, about, about["declared"], about["known"])
    return {
        "environment": about["environment"],
        "made_at": about["made_at"],
        "differences": plan["resources"],
        "undeclared": [{name: row[name] for name in TOLD} for row in strays],
        "not_compared": plan["not_compared"],
        "not_looked_at": about["not_looked_at"],
    }


def drift_document(made: Data, language: str = "en") -> Data:
    """See documents.py."""
    say = Words(language)
    differ, strays = len(made["differences"]), len(made["undeclared"])
    counts = [say("{count} differ", count=differ)] if differ else []
    counts += [say("{count} nobody declared", count=strays)] if strays else []
    counts += [say("not everything compared")] if made["not_compared"] else []
    outcome = ", ".join(counts) or say("nothing has drifted")
    left_out = [*made["not_compared"], *made["not_looked_at"]]
    return document(
        say("Drift"),
        " · ".join([say("Drift"), made["environment"], outcome]),
        say,
        not (differ or strays),
        [
            *[
                part(f"{say.name(row['action'])}: {plan_title(row)}", *_difference(row, say))
                for row in made["differences"]
            ],
            part(
                say("What nobody declared"),
                head=[say("kind"), say("name"), "id", say("why it counts to the environment")],
                rows=[_stray(row, say) for row in made["undeclared"]],
            ),
            part(say("Not compared"), left_out),
        ],
    )


def _difference(row: Data, say: Words) -> tuple[list[str], list[str], list[list[str]]]:
    """Sentences, and a table of the attributes; `there` is what is, `wanted` what the inventory says."""
    rows = [
        [change["attribute"], plan_value(change["before"]), plan_value(change["after"])] for change in row["changes"]
    ]
    if row["action"] == "create":
        return [say("It is missing."), *filter(None, [row["why"]])], [], []
    return [text for text in [row["why"]] if text], [say("attribute"), say("there is"), say("wanted")], rows


def _stray(row: Data, say: Words) -> list[str]:
    why = {
        "name": say("its name"),
        "tag": say("a tag"),
        "network": say("the private network"),
        "project": say("the project"),
    }
    return [say.name(row["noun"]), row["called"], row["id"], ", ".join(why[word] for word in row["why"])]
