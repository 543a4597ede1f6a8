# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is due each month: a part that finds something stops no other, and the page says so first."""

from __future__ import annotations

import pytest

from tests.integration.procedures.environment import Environment
from tests.integration.procedures.recovery import backed_up

PARTS = [
    "detect_drift",
    "report_metrics",
    "report_costs",
    "verify_backups",
    "drill_recovery",
    "rotate_credentials",
    "report_compliance",
]

pytestmark = pytest.mark.xdist_group("procedures")


def test_a_part_that_finds_something_stops_no_other(running: Environment) -> None:
    """A Droplet that nobody declared costs money: costs and drift tell of it, metrics do not."""
    stray = {"name": "fisioflow-local-stray", "region": "nyc1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64"}
    backed_up(running)
    made = running.api.ok("POST", "/droplets", {**stray, "tags": []})["droplet"]
    try:
        running.red("monthly")
    finally:
        running.api.ok("DELETE", f"/droplets/{made['id']}")
    found = running.report("monthly")
    assert [row["procedure"] for row in found["outcomes"]] == PARTS
    bad = {row["procedure"]: row["failure"] for row in found["outcomes"] if row["failure"]}
    assert {"detect_drift", "report_costs"} <= set(bad)
    assert {"drill_recovery", "rotate_credentials"} & set(bad) == set(), bad
    assert bad["detect_drift"] in found["outcomes"][0]["failure"]
    assert "to look after" in found["failure"]
    page = (running.reports / "local-monthly.html").read_text()
    for row in (row for row in found["outcomes"] if row["report"]):
        assert f'href="{row["report"]}"' in page
        assert (running.reports / row["report"]).is_file()
    assert "<svg" in page
