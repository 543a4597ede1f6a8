# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` of a whole run, at points spread over all that it writes: the next run makes good what it left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localcloud.client import WRITE_METHODS
from tests.integration.site.fixtures import Baseline
from tests.integration.site.proofs import kill_at
from tests.integration.site.runs import SiteRun
from tests.localcloud_fixtures import LocalCloud

# Spread evenly over the writes of a creation. Where the API shows something only once:
# tests/integration/test_site_bad_days.py.
SPREAD = 8


@pytest.mark.parametrize("point", range(SPREAD))
def test_a_killed_run_is_completed_by_the_next(
    point: int,
    cloud: LocalCloud,
    baseline: Baseline,
    unchanged: Callable[[], SiteRun],
    figures: Callable[[str], None],
) -> None:
    writes = sum(1 for call in baseline.run.calls if call["method"] in WRITE_METHODS)
    sent = kill_at(cloud, baseline, skip=round(point * (writes - 1) / (SPREAD - 1)))
    unchanged()
    figures(f"killed at write {sent} of {writes}, completed by the next run")


def test_nothing_is_lost_when_a_run_is_killed_while_the_app_is_being_made(
    cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun], figures: Callable[[str], None]
) -> None:
    sent = kill_at(cloud, baseline, method="POST", path="/v2/apps")
    unchanged()
    figures(f"killed at write {sent}, completed by the next run")
