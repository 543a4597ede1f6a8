# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill of the recovery (drilling.py) as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def drill_document(made: Data, language: str = "en") -> Data:
    """See documents.py. The chart shows what earlier drills have taken."""
    say = Words(language)
    outcome = (
        say("objectives met") if not made["findings"] else say("{count} to look after", count=len(made["findings"]))
    )
    scenario = _scenario(made["scenario"], say)
    chart = {
        "series": [{"name": _scenario(name, say), "points": points} for name, points in made["drills"].items()],
        "limit": made["rto_objective_minutes"],
        "unit": " min",
    }
    return document(
        say("Recovery drill"),
        " · ".join([say("Recovery drill"), made["environment"], scenario, outcome]),
        say,
        not made["findings"],
        [
            part(say("To look after"), made["findings"]),
            part(
                say("Objectives"),
                head=["", f"{say('measured')}:", f"{say('objective')}:"],
                rows=_objectives(made, say),
            ),
            part(
                say("Phases"),
                head=[say("phase"), f"{say('seconds')}:"],
                rows=[[_phase(row["phase"], say), say.number(row["seconds"], 1)] for row in made["phases"]],
            ),
            *(_database(made, say) if "tables" in made else []),
            *(_parts(made["parts"], say) if "parts" in made else []),
            part(say("Drills so far, minutes until it was there again"), chart=chart, brief=False),
        ],
    )


def _scenario(name: str, say: Words) -> str:
    return {
        "database": say("the database is corrupt"),
        "app": say("the app is gone"),
        "configuration": say("the configuration is lost"),
        "region": say("the region is gone"),
    }[name]


def _database(made: Data, say: Words) -> list[Data]:
    return [
        part(say("Data"), _data(made, say)),
        part(
            say("Tables"),
            head=[say("table"), f"{say('restored')}:", f"{say('living')}:", ""],
            rows=[
                [row["table"], _count(row["restored"]), _count(row["living"]), _state(row["state"], say)]
                for row in made["tables"]
            ],
        ),
    ]


def _parts(parts: list[Data], say: Words) -> list[Data]:
    """What differs stands below by its name: there may be many of a part."""
    told = [
        part(
            say("Parts"),
            head=[say("part"), say("seen"), f"{say('differ')}:"],
            rows=[[row["part"], row["told"], str(len(row["differs"]))] for row in parts],
        )
    ]
    differing = [row for row in parts if row["differs"]]
    texts = [say("{part}: {names}.", part=row["part"], names=", ".join(row["differs"])) for row in differing]
    return [*told, part(say("What differs from what is there now"), texts)]


def _objectives(made: Data, say: Words) -> list[list[str]]:
    until = {
        "database": say("RTO: until the restored database answered the app's user"),
        "app": say("RTO: until the rebuilt app was healthy"),
        "configuration": say("RTO: until it was seen what site.yml would do with it"),
        "region": say("RTO: until the app was healthy in the other region"),
    }[made["scenario"]]
    rows = [[until, f"{say.number(made['rto_minutes'])} min", f"{say.number(made['rto_objective_minutes'], 0)} min"]]
    if made["rpo_hours"] is not None:
        objective = f"{say.number(made['rpo_objective_hours'], 0)} h"
        rows.append([say("RPO: age of the newest backup"), f"{say.number(made['rpo_hours'])} h", objective])
    return rows


def _data(made: Data, say: Words) -> list[str]:
    broken = sum(row["rows"] for row in made["foreign_keys"])
    told = [
        say(
            "Restored from the backup of {at} into {cluster}, which is gone again.",
            at=made["backup_of"],
            cluster=made["cluster"],
        ),
        say(
            "{count} foreign keys looked at, {broken} rows refer to nothing.",
            count=len(made["foreign_keys"]),
            broken=broken,
        ),
    ]
    if made["newest_row"]:
        told.append(say("The newest row is of {at}.", at=made["newest_row"]))
    if made["newest_row_living"]:
        told.append(say("The newest row of the living database is of {at}.", at=made["newest_row_living"]))
    cost = say.number(made["cost_usd"], 4)
    return [*told, say("The drill has cost about {usd} US dollars.", usd=cost)]


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _phase(name: str, say: Words) -> str:
    return {
        "backup found": say("backup found"),
        "cluster created": say("cluster created"),
        "users and grants": say("users and grants"),
        "first query": say("first query as the app"),
        "checks": say("checks"),
        "bundle read": say("bundle read"),
        "compared": say("compared with the account"),
        "planned": say("planned with its inventory"),
        "app deployed": say("app deployed"),
        "healthy": say("app healthy"),
        "dump read": say("dump read"),
        "dump restored": say("dump restored"),
        "cache created": say("cache created"),
        "files compared": say("files compared"),
    }[name]


def _state(name: str, say: Words) -> str:
    return {
        "same": say("same checksum"),
        "changed since": say("written to since"),
        "fewer than restored": say("rows deleted since"),
        "missing": say("only restored"),
        "not yet there": say("only living"),
    }[name]
