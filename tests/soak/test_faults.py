# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`site.yml` on bad days: each fault is either survived, or told in one sentence and survived by the next run.

Afterwards the account is what a clean run makes: nothing twice, nothing left over, no secret lost. The fault that would
make things twice is in tests/integration/test_site_bad_days.py.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.site.fixtures import Baseline
from tests.integration.site.proofs import converged, good, survived
from tests.integration.site.runs import SiteRun, run
from tests.localcloud_fixtures import LocalCloud

Rules = list[dict[str, Any]]
# More than a creation writes.
WRITES = 120


def every(step: int, kind: str, **rule: Any) -> Rules:
    """The fault on every `step`-th write."""
    return [{"kind": kind, "writes_only": True, "skip": skip, "count": 1, **rule} for skip in range(1, WRITES, step)]


def at_random(probability: float, kind: str, seed: int, **rule: Any) -> Rules:
    return [{"kind": kind, "probability": probability, "seed": seed, **rule}]


GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

FAULTS: dict[str, Rules] = {
    "bursts of 429": at_random(0.2, "burst", 1, seconds=1),
    "a gateway's HTML, at random": at_random(0.15, "status", 3, status=502, body=GATEWAY),
    "500 before every third write": every(3, "status", status=500),
    "500 after every second write": every(2, "status", status=500, when="after"),
    "504 after the effect, at random": at_random(0.3, "status", 4, status=504, when="after", writes_only=True),
    "connections lost before every third write": every(3, "drop"),
    "connections lost after the effect, at random": at_random(0.15, "drop", 6, when="after"),
    "writes seen after three reads": [{"kind": "stale", "reads": 3, "writes_only": True}],
    "writes seen after two seconds": [{"kind": "stale", "seconds": 2, "writes_only": True}],
    "lost after the effect, and seen late": [*every(3, "drop", when="after"), *every(3, "stale", reads=2)],
    "an outage from the fifth write on": [{"kind": "status", "status": 503, "writes_only": True, "skip": 5}],
    "an outage of everything half-way": [{"kind": "drop", "skip": 60}],
    "an outage of Spaces": [{"kind": "status", "status": 503, "port": "spaces"}],
}


@pytest.mark.parametrize("rules", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_survived(
    rules: Rules,
    cloud: LocalCloud,
    baseline: Baseline,
    unchanged: Callable[[], SiteRun],
    figures: Callable[[str], None],
) -> None:
    for rule in rules:
        cloud.admin.fault(**rule)
    end = survived(cloud, baseline)
    unchanged()
    figures(end)


def test_a_slow_api_is_waited_for(
    cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun], figures: Callable[[str], None]
) -> None:
    cloud.admin.settings(latency_ms=300)
    good(run(cloud))
    cloud.admin.settings(latency_ms=0)
    converged(cloud, baseline)
    unchanged()
    figures("survived")


def test_a_used_up_rate_limit_is_waited_for(
    cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun], figures: Callable[[str], None]
) -> None:
    """DigitalOcean's own limits: 250 requests a minute, five to the CDN in ten seconds."""
    cloud.admin.settings(rate_limit=True)
    spend(cloud, 249)
    # The minute is over soon, but not yet.
    cloud.admin.advance(56)
    first = good(run(cloud))
    assert 429 in {call["status"] for call in first.calls}
    cloud.admin.settings(rate_limit=False)
    converged(cloud, baseline)
    unchanged()
    figures("survived")


def spend(cloud: LocalCloud, requests: int) -> None:
    """Use up so many requests of the token's."""
    address = urlsplit(cloud.url)
    context = ssl.create_default_context(cafile=cloud.ca)
    connection = http.client.HTTPSConnection(str(address.hostname), address.port, context=context)
    for _ in range(requests):
        connection.request("GET", "/v2/account", headers={"Authorization": f"Bearer {cloud.token}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()
