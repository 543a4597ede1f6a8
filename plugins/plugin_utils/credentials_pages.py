# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How old the credentials of an environment are (credentials.py), as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.credentials import ORIGIN, PROVIDED
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def credentials_document(plan: Data, language: str = "en", only_told: bool = False) -> Data:
    """See documents.py. `only_told`: nothing is rotated, as in check mode."""
    say = Words(language)
    left = [row for row in plan["rows"] if row["due"] and not row["rotates"]]
    asks = [row["what"] for row in left if row["name"] in (ORIGIN, PROVIDED)]
    texts = (
        [say("Due, and waiting for a new value in vault, environment or AWX: {names}.", names=", ".join(asks))]
        if asks
        else []
    )
    return document(
        say("Credentials"),
        say("Credentials"),
        say,
        not left,
        [
            part(
                say("Credentials"),
                texts,
                head=[say("credential"), say("of"), say("since"), f"{say('days')}:", say("due"), ""],
                rows=[_row(row, say, only_told) for row in plan["rows"]],
            )
        ],
    )


def _row(row: Data, say: Words, only_told: bool) -> list[str]:
    since = row["since"][:10] if row["exact"] else say("{day} or later", day=row["since"][:10])
    done = (say("would be rotated") if only_told else say("rotated")) if row["rotates"] else ""
    return [row["name"], row["what"], since, say.number(row["age_days"], 0), say("due") if row["due"] else "", done]
