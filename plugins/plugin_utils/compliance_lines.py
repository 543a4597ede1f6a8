# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line of evidence (compliance.py), and the report that they make."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def line(section: str, what: str, evidence: str, verdict: str, source: str) -> Data:
    """One thing that is shown, or is not."""
    return {"part": section, "what": what, "evidence": evidence, "verdict": verdict, "source": source}


def compliance_document(made: Data) -> Data:
    """See documents.py."""
    say = Words(made["language"])
    verdicts = {"good": say("shown"), "bad": say("NOT MET"), "unknown": say("not seen"), "stated": say("stated")}
    outcome = say("{bad} not met, {unknown} not seen", bad=made["bad"], unknown=made["unknown"])
    title = say("Compliance (LGPD)")
    return document(
        title,
        " · ".join([title, made["environment"], outcome]),
        say,
        made["ok"],
        [
            part(
                name,
                head=[say("what"), say("verdict"), say("evidence"), say("source")],
                rows=[
                    [row["what"], verdicts[row["verdict"]], row["evidence"], row["source"]]
                    for row in made["lines"]
                    if row["part"] == name
                ],
            )
            for name in dict.fromkeys(row["part"] for row in made["lines"])
        ],
    )
