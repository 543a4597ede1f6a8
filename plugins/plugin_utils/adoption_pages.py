# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An adopted environment as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def adoption_document(made: Data, language: str = "en") -> Data:
    """See documents.py. `made` is what `adopted` gives, without values, and what the role adoption adds to it."""
    say = Words(language)
    count = len(made["dangers"])
    where = made["inventory"]
    outcome = say("{where} would be written", where=where)
    if made["there"]:
        outcome = (
            say("{where} was written", where=where) if made["wrote"] else say("{where} was left as it is", where=where)
        )
    dangers = say("{count} danger(s)", count=count) if count else say("nothing dangerous was found")
    given = [f"{name}: {', '.join(names)}" for name, names in _kept(made, say).items() if names]
    return document(
        say("Adoption"),
        " · ".join([say("Adoption"), made["environment"], outcome, dangers]),
        say,
        not count,
        [
            part(
                say("What is dangerous as it is"),
                head=[say("danger"), say("where"), say("why")],
                rows=[[row["what"], row["where"], row["say"]] for row in made["dangers"]],
            ),
            part(say("What no run can bring about"), made["obstacles"]),
            part(
                say("What site.yml would do with this inventory"),
                head=[say("name"), say("what"), say("why")],
                rows=[[row["name"], say.name(row["action"]), row["say"]] for row in made["differences"]],
            ),
            part(say("What is not in the inventory"), [*made["left_out"], *made["not_looked_at"]]),
            part(say("Secrets"), given),
        ],
    )


def _kept(made: Data, say: Words) -> dict[str, list[str]]:
    return {
        say("moved into the vault file"): made["vaulted"],
        say("kept by the app, which nobody can read"): made["kept"],
        say("to be set before the first run"): made["to_set"],
    }
