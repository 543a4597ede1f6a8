# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about tags: capitals, and what goes with one; and what is on offer for Droplets."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_fixtures import LocalCloud


def test_one_that_differs_in_capitals_is_neither_made_nor_taken_for_gone(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("made", "tag", {"name": "Clinic"}),
            Step("check", "tag", {"name": "clinic"}, check=True),
            Step("small", "tag", {"name": "clinic"}),
            Step("absent", "tag", {"name": "CLINIC", "state": "absent"}),
            Step("one", "tag_info", {"name": "Clinic"}),
            Step("none", "tag_info", {"name": "clinic"}),
        ],
    )
    assert run.good("made").changed
    for name in ("check", "small", "absent"):
        run.assert_refused(name, 'there is "Clinic"', "capitals count")
    assert [tag["name"] for tag in run.good("one").result["tags"]] == ["Clinic"]
    assert run.good("none").result["tags"] == []


def test_sizes_and_regions_on_offer(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("region", "region_info", {"slug": "fra1"}),
            Step("regions", "region_info", {}),
            Step("size", "size_info", {"slug": "s-1vcpu-1gb"}),
            Step("there", "size_info", {"region": "fra1"}),
            Step("closed", "size_info", {"region": "nyc2"}),
            Step("no slug", "size_info", {"slug": "s-none"}),
        ],
    )
    (frankfurt,) = run.good("region").result["regions"]
    assert frankfurt["available"] is True
    assert len(run.good("regions").result["regions"]) > 10
    assert [size["price_monthly"] for size in run.good("size").result["sizes"]] == [6.0]
    assert sorted(size["slug"] for size in run.good("there").result["sizes"]) == sorted(frankfurt["sizes"])
    assert run.good("closed").result["sizes"] == run.good("no slug").result["sizes"] == []
