# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`site.yml` on the two worst of bad days; all the others are in tests/soak.

Afterwards the account is what a clean run makes: nothing twice, nothing left over, no secret lost.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.site.fixtures import Baseline
from tests.integration.site.proofs import kill_at, survived
from tests.integration.site.runs import SiteRun
from tests.localcloud_fixtures import LocalCloud

# Where things are made, and how many of each.
CREATIONS = {
    "/v2/vpcs": 1,
    "/v2/databases": 2,
    "/v2/databases/{id}/dbs": 1,
    "/v2/databases/{id}/users": 4,
    "/v2/databases/{id}/pools": 1,
    "/v2/cdn/endpoints": 1,
    "/v2/spaces/keys": 1,
    "/v2/apps": 1,
    "/v2/projects": 1,
}


def test_nothing_is_made_twice_when_the_answer_to_every_creation_is_lost(
    cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun]
) -> None:
    for path, count in CREATIONS.items():
        cloud.admin.fault("drop", when="after", method="POST", path=path, count=count)
    survived(cloud, baseline)
    unchanged()


def test_nothing_is_lost_when_a_run_is_killed_while_the_keys_secret_is_on_its_way(
    cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun]
) -> None:
    """The API shows it only once."""
    kill_at(cloud, baseline, method="POST", path="/v2/spaces/keys")
    unchanged()
