# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports on an environment beside 300 things of others, 80 ms away: right, and within a minute."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from tests.integration.site.crowd import CROWD
from tests.integration.site.outside import play
from tests.localcloud_fixtures import LocalCloud

MOST_SECONDS = 60
ELSE = ("others", "there", "billing", "made_at", "measures")


@pytest.mark.parametrize("report", ["report_costs", "detect_drift", "report_metrics"])
def test_it_tells_the_same_beside_a_crowd(report: str, environment: LocalCloud, figures: Callable[[str], None]) -> None:
    name = environment.home.parent / f"reports/local-{report.partition('_')[2]}.json"

    def told() -> dict[str, object]:
        start = time.monotonic()
        run = play(environment, f"playbooks/{report}", fisioflow_known=["*"])
        seconds = time.monotonic() - start
        assert (run.returncode, run.write_list) == (0, []), run.printed[-3000:]
        assert seconds < MOST_SECONDS
        made = json.loads(name.read_text())
        # Not what is of the others too, or of this moment.
        return {key: value for key, value in made.items() if key not in ELSE}

    environment.admin.advance(600)
    alone = told()
    environment.admin.seed(**CROWD)
    environment.admin.settings(latency_ms=80)
    assert told() == alone
    figures(f"as alone, beside {sum(CROWD.values())}")
