# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`site.yml` on the worst of bad days; all the others are in tests/soak.

Afterwards the account is what a clean run makes: nothing twice, nothing left over, no secret lost.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.site.fixtures import Baseline
from tests.integration.site.proofs import kill_at
from tests.integration.site.runs import SiteRun
from tests.localcloud_fixtures import LocalCloud

KEYS = "/v2/spaces/keys"
# Where all else is made, and how many of each.
CREATIONS = {
    "/v2/vpcs": 1,
    "/v2/databases": 2,
    "/v2/databases/{id}/dbs": 1,
    "/v2/databases/{id}/users": 4,
    "/v2/databases/{id}/pools": 1,
    "/v2/cdn/endpoints": 1,
    "/v2/apps": 1,
    "/v2/projects": 1,
}


def test_nothing_is_made_twice_or_lost_when_every_answer_is_lost_and_the_run_is_killed(
    cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun]
) -> None:
    """Killed while the key's secret is on its way, which the API shows only once; the next run goes on losing."""
    rules = [
        cloud.admin.fault("drop", when="after", method="POST", path=path, count=count)
        for path, count in CREATIONS.items()
    ]
    kill_at(cloud, baseline, method="POST", path=KEYS)
    assert [rule for rule in cloud.admin.faults() if rule["fired"] != rule["count"]] == []
    assert len(cloud.admin.faults()) == len(rules)
    unchanged()
