# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client of Valkey has met while its standby took over (database_failover), as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def failover_document(told: Data, language: str = "en") -> Data:
    """See documents.py. `told` is what the module has measured, with `environment` and `failure`."""
    say = Words(language)
    outcome = say("{ms} ms without Valkey, {lost} acknowledged writes lost", ms=told["longest_ms"], lost=told["lost"])
    return document(
        say("Valkey failover"),
        " · ".join([say("Valkey failover"), told["environment"], say("FAILED") if told["failure"] else outcome]),
        say,
        not told["failure"],
        [
            part(say("Measured"), head=[say("what"), f"{say('value')}:"], rows=_measured(told, say)),
            part(
                say("Interruptions"),
                head=["ms:", say("reason")],
                rows=[[str(row["milliseconds"]), row["error"]] for row in told["interruptions"]],
            ),
        ],
    )


def _measured(told: Data, say: Words) -> list[list[str]]:
    yes = {True: say("yes"), False: say("no")}
    return [
        [say("longest time without an acknowledged write"), f"{told['longest_ms']} ms"],
        [say("acknowledged writes"), str(told["writes"])],
        [say("of them lost"), str(told["lost"])],
        [say("another primary"), yes[told["primary_changed"]]],
        [say("writes are acknowledged at the end"), yes[told["answers"]]],
        [say("provoked by an update"), yes[bool(told["provoked"])]],
        [say("watched for"), f"{say.number(told['seconds'], 0)} s"],
    ]
