# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several procedures have come to, as one report: what to look after first, and the pictures of all of them."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def review_document(outcomes: list[Data], environment: str, language: str = "en") -> Data:
    """See documents.py, and the outputs of roles/procedure for an outcome."""
    say = Words(language)
    after = [f"{row['procedure']}: {row['failure']}" for row in outcomes if row["failure"]]
    outcome = say("{count} to look after", count=len(after)) if after else say("nothing to look after")
    charts = [
        part(f"{row['procedure']}: {section['title']}", chart=section["chart"], brief=False)
        for row in outcomes
        for section in row["charts"]
    ]
    return document(
        say("Monthly review"),
        " · ".join([say("Monthly review"), environment, outcome]),
        say,
        not after,
        [
            part(say("To look after"), after),
            part(
                say("Results"),
                head=[say("procedure"), say("result")],
                rows=[[row["procedure"], row["headline"]] for row in outcomes],
            ),
            part(
                say("Reports"),
                links={row["procedure"]: row["report"] for row in outcomes if row["report"]},
                brief=False,
            ),
            *charts,
        ],
    )
