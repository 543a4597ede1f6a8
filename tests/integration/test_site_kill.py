# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` of a whole run, at ten points spread over all that it writes: the next run makes good what it left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localcloud.client import WRITE_METHODS
from tests.integration.site.account import keys
from tests.integration.site.fixtures import Baseline
from tests.integration.site.runs import NO_SPACES_KEY, SiteRun, in_background, run
from tests.integration.test_site_faults import converged
from tests.localcloud_fixtures import LocalCloud

POINTS = 10
BOOTSTRAP = "fisioflow-local-bootstrap"


def kill_at(cloud: LocalCloud, writes: int, env: dict[str, str] | None = None) -> None:
    """Run until so many writes were let through, kill the run while the next one has happened but is not answered."""
    rule = cloud.admin.fault("hang", when="after", writes_only=True, skip=writes, count=1)
    since = cloud.admin.seq()
    with in_background(cloud, env=env) as going:
        assert going.wait_until(lambda: bool(cloud.admin.faults()[0]["fired"])), going.output.read_text()
        # The server has answered this after the effect, since it does one thing at a time.
        assert cloud.admin.status()["under_way"]
        going.kill()
        assert going.processes() == []
    cloud.admin.clear_faults(rule)
    sent = [call for call in cloud.admin.journal(since) if call["method"] in WRITE_METHODS]
    assert len(sent) >= writes


@pytest.mark.parametrize("point", range(POINTS))
def test_a_killed_run_is_completed_by_the_next(
    point: int, cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun]
) -> None:
    writes = sum(1 for call in baseline.run.calls if call["method"] in WRITE_METHODS)
    kill_at(cloud, round(point * (writes - 1) / (POINTS - 1)))
    second = run(cloud)
    assert second.ok, second.printed[-6000:]
    converged(cloud, baseline)
    unchanged()


def test_a_run_killed_with_its_short_lived_key_leaves_none(
    cloud: LocalCloud, baseline: Baseline, unchanged: Callable[[], SiteRun]
) -> None:
    calls = [f"{call['method']} {call['path']}" for call in baseline.run.calls if call["method"] in WRITE_METHODS]
    # The first request to a bucket: by then the key is there.
    kill_at(cloud, 1 + next(n for n, call in enumerate(calls) if "/v2/" not in call), env=NO_SPACES_KEY)
    assert BOOTSTRAP in {name for name, _secret in keys(cloud.admin.state()).values()}
    second = run(cloud, env=NO_SPACES_KEY)
    assert second.ok, second.printed[-6000:]
    converged(cloud, baseline)
    unchanged()
