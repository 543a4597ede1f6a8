# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How somebody answers for a while, of whom it is known how he does."""

from __future__ import annotations

import time

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_fixtures import LocalCloud


def test_answers_failures_and_silence_are_told(cloud: LocalCloud) -> None:
    # Half a second late, and not one request waits for the one before; what comes afterwards fails.
    cloud.admin.fault("latency", path="/v2/slow", seconds=0.5)
    cloud.admin.fault("status", path="/v2/broken", status=502)
    cloud.admin.fault("drop", path="/v2/cut")
    begun = time.monotonic()
    run = inside(
        cloud,
        [
            Step(
                "slow",
                "http_gate_info",
                {"url": cloud.url, "once": ["/v2/cut", "/v2/slow"], "paths": ["/v2/slow"], "seconds": 1, "rate": 10},
            ),
            Step("bad", "http_gate_info", {"url": f"{cloud.url}/", "paths": ["/v2/broken"], "seconds": 60, "rate": 20}),
            Step("gone", "http_gate_info", {"url": "https://127.0.0.1:9", "seconds": 0.1, "rate": 20}),
            Step("none", "http_gate_info", {"url": cloud.url, "seconds": 0}),
            Step("plain", "http_gate_info", {"url": "http://127.0.0.1:9"}),
            Step("path", "http_gate_info", {"url": cloud.url, "once": ["login"]}),
            Step("rate", "http_gate_info", {"url": cloud.url, "rate": 51}),
        ],
    )
    assert time.monotonic() - begun < 30
    slow = run.good("slow").result["http_gate"]
    cut, late = slow["pages"]
    assert (cut["path"], cut["status"], bool(cut["error"]), cut["headers"]) == ("/v2/cut", 0, True, [])
    assert (late["path"], late["status"], late["error"], "content-type" in late["headers"]) == (
        "/v2/slow",
        401,
        "",
        True,
    )
    assert (slow["requests"], slow["failed"], slow["statuses"], slow["gave_up"]) == (10, 0, {"401": 10}, False)
    assert 500 <= slow["median"] <= slow["p95"] <= slow["slowest"]
    assert slow["seconds"] < 4
    bad = run.good("bad").result["http_gate"]
    assert (bad["gave_up"], bad["failed_percent"], bad["median"]) == (True, 100.0, None)
    assert 10 <= bad["requests"] <= 40
    gone = run.good("gone").result["http_gate"]
    assert (gone["statuses"], gone["gave_up"]) == ({"0": 2}, False)
    assert "refused" in gone["error"]
    assert run.good("none").result["http_gate"]["requests"] == 0
    run.assert_refused("plain", "url must begin with https://")
    run.assert_refused("path", "a path begins with a slash, which login does not")
    run.assert_refused("rate", "a rate of more than 0 and at most 50")
