# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What backups are worth (backups.py) as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def backups_document(made: Data, language: str = "en") -> Data:
    """See documents.py."""
    say = Words(language)
    red = made["findings"]
    outcome = say("{count} to look after", count=len(red)) if red else say("all as promised")
    return document(
        say("Backups"),
        " · ".join([say("Backups"), made["environment"], outcome]),
        say,
        not red,
        [
            part(say("To look after"), [f"{row['cluster']}: {_title(row, say)}. {row['why']}".strip() for row in red]),
            part(
                say("Verdicts"),
                head=[
                    say("cluster"),
                    say("check"),
                    f"{say('value')}:",
                    f"{say('threshold')}:",
                    say("verdict"),
                    say("note"),
                ],
                rows=[_cells(row, say) for row in made["checks"]],
            ),
        ],
    )


def _title(row: Data, say: Words) -> str:
    return {
        "newest": say("age of the newest managed backup"),
        "covered": say("days that managed backups go back"),
        "gap": say("longest gap between managed backups"),
        "dump": say("age of the newest whole dump of our own"),
        "readable": say("the newest dump decrypts and unpacks to its end"),
        "unread": say("the newest dump is whole; without an identity it was not decrypted"),
        "broken": say("a dump is broken"),
        "unfinished": say("a dump was never finished; the next one removes it"),
        "unasked": say("dumps of our own: not looked at in check mode"),
        "cache": say("no backups: a cache holds only what may be lost"),
    }[row["check"]]


def _cells(row: Data, say: Words) -> list[str]:
    unit = say("days") if row["check"] == "covered" else "h"
    value, limit = ("" if row[name] is None else f"{say.number(row[name], 1)} {unit}" for name in ("value", "limit"))
    return [row["cluster"], _title(row, say), value, limit, say("good") if row["ok"] else say("bad"), row["why"]]
