# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups, what the reports of other procedures say, and ages of keys. See compliance.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance_lines import line
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

# The document's RPO, in hours.
RPO = 24
DAY = 86400


def history(answers: Data, about: Data, now: datetime, say: Words) -> Iterator[Data]:
    """The vendor's backups by the API, the rest by the newest report of each procedure."""
    part, api = say("Backups and drills"), say("the API")
    what, answer = say("Backups of the database"), answers.get("backups") or {}
    if "newest_age_hours" not in answer:
        why = answer.get("msg") or say("not asked from here")
        yield line(part, what, say("Not seen: {why}.", why=why), "unknown", api)
    elif answer["newest_age_hours"] is None:
        yield line(part, what, say("There is none."), "bad", api)
    else:
        told = say(
            "The newest is {hours} hours old ({rpo} are allowed), they reach back {days} days.",
            hours=say.number(answer["newest_age_hours"], 1),
            rpo=RPO,
            days=say.number(answer["span_days"], 1),
        )
        yield line(part, what, told, "good" if answer["newest_age_hours"] <= RPO else "bad", api)
    named = {
        "verified": say("Backups were verified"),
        "drilled": say("Recovery was rehearsed"),
        "replicated": say("Files were copied to a second region"),
    }
    for name, what in named.items():
        yield _report(part, what, about["reports"].get(name) or {}, about["report_days"][name], now, say)


def _report(part: str, what: str, found: Data, days: float, now: datetime, say: Words) -> Data:
    """Of a procedure: when it ran last, and whether it was well."""
    try:
        ok = json.loads(found["text"])["ok"] is True
    except (ValueError, KeyError, TypeError):
        return line(part, what, say("There is no report of it."), "unknown", say("a report"))
    made = datetime.fromtimestamp(float(found["mtime"]), UTC)
    age = (now - made).total_seconds() / DAY
    outcome = say("it went well") if ok else say("it failed")
    told = say("On {day}, {outcome}; at most {days} days may pass.", day=made.date(), outcome=outcome, days=days)
    return line(part, what, told, "good" if ok and age <= days else "bad", found["name"])


def keys(answers: Data, about: Data, now: datetime, say: Words) -> Iterator[Data]:
    """How old the keys of Spaces are that reach the environment's buckets."""
    part = say("Ages of keys")
    for row in (answers.get("keys") or {}).get("spaces_keys") or []:
        if not any(about["prefix"] in str(grant["bucket"]) for grant in row["grants"]):
            continue
        days = (now - datetime.fromisoformat(str(row["created_at"]).replace("Z", "+00:00"))).days
        told = say("{days} days old; {most} are allowed.", days=days, most=about["key_days"])
        yield line(part, row["name"], told, "good" if days <= about["key_days"] else "bad", say("the API"))
