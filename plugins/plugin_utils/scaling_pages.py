# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people are told when app and databases are scaled."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def scale_document(made: Data, about: Data, language: str = "en") -> Data:
    """What people are told before it is done, and once more after it: see documents.py.

    `made` is what scale_plan gives, without problems; `about` is `{environment, file: the inventory's, for sizes,
    failure, only_told: nothing is done, as in check mode}`.
    """
    say = Words(language)
    changes = [f"{row['what']}: {as_yaml(row['before'])} → {as_yaml(row['after'])}" for row in made["changes"]]
    return document(
        say("Scaled"),
        " · ".join([say("Scaled"), about["environment"], _outcome(made, about, say)]),
        say,
        not about["failure"],
        [
            part(
                say("What changes"),
                [*changes, _costs(made, say), *made["consequences"]] if changes else [say("All of it is so already.")],
            ),
            # Of what failed, some may be there.
            part(say("For the inventory"), [] if about["failure"] else _written(made, about["file"], say)),
        ],
    )


def _outcome(made: Data, about: Data, say: Words) -> str:
    names = ", ".join(row["what"] for row in made["changes"])
    if about["failure"]:
        return say("FAILED")
    if not names:
        return say("all as it was")
    return say("{names} would change", names=names) if about["only_told"] else say("{names} changed", names=names)


def _costs(made: Data, say: Words) -> str:
    after, more = say.number(made["monthly_after"]), made["monthly_more"]
    if more is None:
        return say("{after} US dollars a month at most, and nobody knows the price of what is there now.", after=after)
    signed = f"{'+' if more >= 0 else '-'}{say.number(abs(more))}"
    return say("{after} US dollars a month at most, which is {more}.", after=after, more=signed)


def _written(made: Data, file: str, say: Words) -> list[str]:
    """What the next run of site.yml does for as long as the inventory says something else."""
    if not made["lines"]:
        return [say("The inventory says all of it already: there is nothing to write.")]
    until = say(
        "In {file} write, in place of what it says of them now; until then site.yml takes back what it can, and "
        "refuses to begin where it cannot (sizes and disks never shrink):",
        file=file,
    )
    return [until, *made["lines"]]


def as_yaml(value: Any) -> str:
    """In a line."""
    return json.dumps(value) if isinstance(value, dict) else str(value)
