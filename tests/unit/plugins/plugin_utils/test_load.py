# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What locust's files say, against thresholds."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.load import load_measured
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.load_pages import load_document

LIMITS = {"latency": 2000, "errors": 5}
HEAD = "Type,Name,Request Count,Failure Count,Max Response Time,Requests/s,50%,95%\n"
FAILURES = (
    "Method,Name,Error,Occurrences\n"
    "POST,login,\"HTTPError('429 Client Error: for url: https://x/api/login?name=ana')\",3\n"
    "GET,patients,\"ConnectionError(ProtocolError('reset', 'ana'))\",7\n"
)


def stats(p95: str, failed: int) -> str:
    return f"{HEAD}GET,dashboard,60,0,900.4,3.1,80,{p95}\n,Aggregated,100,{failed},900.4,5.04,80,{p95}\n"


@pytest.mark.parametrize(
    ("p95", "failed", "over"),
    [("2000", 5, []), ("2100", 5, ["latency"]), ("90", 6, ["errors"]), ("3000", 50, ["latency", "errors"])],
)
def test_what_is_over_its_threshold_is_found(p95: str, failed: int, over: list[str]) -> None:
    made = load_measured(stats(p95, failed), FAILURES, LIMITS)
    assert [row["metric"] for row in made["findings"]] == over
    assert (made["requests"], made["failures"], made["p95_ms"]) == (100, failed, float(p95))
    assert [row["name"] for row in made["pages"]] == ["dashboard"]
    told = load_document({**made, "environment": "e", "users": 2, "seconds": 9}, "pt_BR")
    assert told["good"] is not bool(over)


def test_nothing_asked_is_no_success_and_reasons_tell_no_address() -> None:
    made = load_measured(f"{HEAD},Aggregated,0,0,0,0,N/A,N/A\n", FAILURES, LIMITS)
    assert made["findings"] == [{"metric": "requests", "value": 0, "limit": 1}]
    assert load_measured("", "", LIMITS)["findings"] == made["findings"]
    assert [(row["why"], row["count"]) for row in made["reasons"]] == [("ConnectionError", 7), ("429", 3)]
    assert "ana" not in str(made)
