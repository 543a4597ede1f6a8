# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a load test has measured (load.py) as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def load_document(made: Data, language: str = "en") -> Data:
    """See documents.py."""
    say = Words(language)
    good = not made["findings"]
    outcome = say("within its thresholds") if good else say("{count} over their threshold", count=len(made["findings"]))
    return document(
        say("Load test"),
        " · ".join([say("Load test"), made["environment"], outcome]),
        say,
        good,
        [
            part(say("Over their threshold"), [_over(row, say) for row in made["findings"]]),
            part(say("Altogether"), [_altogether(made, say)]),
            part(
                say("By page"),
                head=[say("page"), f"{say('requests')}:", f"{say('failures')}:", "50 % ms:", "95 % ms:", "max ms:"],
                rows=[_row(row, say) for row in made["pages"]],
            ),
            part(
                say("Why requests failed"),
                head=[say("page"), say("reason"), f"{say('count')}:"],
                rows=[[row["page"], row["why"], str(row["count"])] for row in made["reasons"]],
            ),
        ],
    )


def _altogether(made: Data, say: Words) -> str:
    return say(
        "{users} users, {seconds} s: {requests} requests, {rate} a second, 95 % in {p95} ms, {errors} % errors.",
        users=made["users"],
        seconds=made["seconds"],
        requests=made["requests"],
        rate=say.number(made["requests_per_second"], 1),
        p95=say.number(made["p95_ms"], 0),
        errors=say.number(made["errors_percent"]),
    )


def _over(row: Data, say: Words) -> str:
    if row["metric"] == "requests":
        return say("Nothing was asked at all.")
    value, limit = say.number(row["value"], 1), say.number(row["limit"], 1)
    if row["metric"] == "latency":
        return say("95 % of the answers took up to {value} ms, over {limit} ms.", value=value, limit=limit)
    return say("{value} % of the requests failed, over {limit} %.", value=value, limit=limit)


def _row(row: Data, say: Words) -> list[str]:
    figures = [say.number(row[name], 0) for name in ("p50_ms", "p95_ms", "max_ms")]
    return [row["name"], str(row["requests"]), str(row["failures"]), *figures]
