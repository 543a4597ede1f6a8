# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` of a whole run, at ten points spread over all that it writes: the next run makes good what it left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from localcloud.client import WRITE_METHODS
from tests.integration.site.fixtures import Baseline
from tests.integration.site.runs import SiteRun, in_background, run
from tests.integration.test_site_faults import converged
from tests.localcloud_fixtures import LocalCloud

# Spread evenly over the writes of a creation, and where something would be lost that the API shows only once.
SPREAD = 8
DELICATE = {"the key's secret is on its way": "/v2/spaces/keys", "the app is being made": "/v2/apps"}


def kill_at(cloud: LocalCloud, **write: Any) -> None:
    """Run until the write that a fault rule describes has happened but is not answered, and kill the run there."""
    rule = cloud.admin.fault("hang", when="after", writes_only=True, count=1, **write)
    since = cloud.admin.seq()
    with in_background(cloud) as going:
        assert going.wait_until(lambda: bool(cloud.admin.faults()[0]["fired"])), going.output.read_text()
        assert cloud.admin.status()["under_way"]
        going.kill()
        assert going.processes() == []
    cloud.admin.clear_faults(rule)
    sent = [call for call in cloud.admin.journal(since) if call["method"] in WRITE_METHODS]
    assert len(sent) >= write.get("skip", 0)


def whole_again(cloud: LocalCloud, baseline: Baseline) -> None:
    second = run(cloud)
    assert second.ok, second.printed[-6000:]
    converged(cloud, baseline)


@pytest.mark.parametrize("point", range(SPREAD))
def test_a_killed_run_is_completed_by_the_next(
    point: int, cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun]
) -> None:
    writes = sum(1 for call in baseline.run.calls if call["method"] in WRITE_METHODS)
    kill_at(cloud, skip=round(point * (writes - 1) / (SPREAD - 1)))
    whole_again(cloud, baseline)
    unchanged()


@pytest.mark.parametrize("path", DELICATE.values(), ids=DELICATE.keys())
def test_nothing_is_lost_when_a_run_is_killed_while(
    path: str, cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun]
) -> None:
    kill_at(cloud, method="POST", path=path)
    whole_again(cloud, baseline)
    unchanged()
