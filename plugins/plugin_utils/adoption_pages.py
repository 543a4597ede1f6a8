# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An adopted environment as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def adoption_document(made: Data, language: str = "en") -> Data:
    """See documents.py. `made` is what `adopted` gives, without values, and what the role adoption adds to it.

    Of what could not be read there is only the `environment`, and the `failure`.
    """
    say = Words(language)
    title, is_read = say("Adoption"), "settings" in made
    outcome = say("FAILED") if made["failure"] or not is_read else _outcome(made, say)
    headline = " · ".join([title, made["environment"], outcome])
    is_good = is_read and not made["failure"] and not made["dangers"]
    return document(title, headline, say, is_good, _sections(made, say) if is_read else [])


def _outcome(made: Data, say: Words) -> str:
    count, where = len(made["dangers"]), made["inventory"]
    outcome = say("{where} would be written", where=where)
    if made["there"]:
        outcome = (
            say("{where} was written", where=where) if made["wrote"] else say("{where} was left as it is", where=where)
        )
    dangers = say("{count} danger(s)", count=count) if count else say("nothing dangerous was found")
    return f"{outcome} · {dangers}"


def _sections(made: Data, say: Words) -> list[Data | None]:
    given = [f"{name}: {', '.join(names)}" for name, names in _kept(made, say).items() if names]
    return [
        part(
            say("What is dangerous as it is"),
            head=[say("danger"), say("where"), say("why")],
            rows=[[say.name(row["what"]), row["where"], row["say"]] for row in made["dangers"]],
        ),
        part(say("What no run can bring about"), made["obstacles"]),
        part(
            say("What site.yml would do with this inventory"),
            head=[say("name"), say("what"), say("why")],
            rows=[[row["name"], say.name(row["action"]), row["say"]] for row in made["differences"]],
        ),
        part(say("What is not in the inventory"), [*made["left_out"], *made["not_looked_at"]]),
        part(say("Secrets"), given),
    ]


def _kept(made: Data, say: Words) -> dict[str, list[str]]:
    return {
        say("moved into the vault file"): made["vaulted"],
        say("kept by the app, which nobody can read"): made["kept"],
        say("to be set before the first run"): made["to_set"],
    }
