# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about VPCs: renaming by id, and the role of default."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

FIRST = {"name": "first", "region": "fra1"}
SECOND = {"name": "second", "region": "fra1"}


def test_renames_by_id(cloud: LocalCloud) -> None:
    by_id = {"id": "{{ made.vpc.id }}", "name": "renamed"}
    run = inside(
        cloud,
        [
            Step("made", "vpc", {**FIRST, "description": "kept"}, register="made"),
            Step("check", "vpc", by_id, check=True),
            Step("rename", "vpc", by_id),
            Step("again", "vpc", by_id),
            Step("other name is free", "vpc", FIRST, check=True),
        ],
    )
    assert (
        run["check"].result["diff"]
        == run["rename"].result["diff"]
        == {"before": {"name": "first"}, "after": {"name": "renamed"}}
    )
    assert run["rename"].write_list == [f"PATCH /v2/vpcs/{run['made'].result['vpc']['id']}"]
    assert run["rename"].result["vpc"]["description"] == "kept"
    assert (run["again"].changed, run["other name is free"].changed) == (False, True)


def test_the_role_of_default_moves_and_never_ends(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("first", "vpc", {**FIRST, "default": True}),
            Step("second", "vpc", {**SECOND, "default": False}),
            Step("move: check", "vpc", {**SECOND, "default": True}, check=True),
            Step("move", "vpc", {**SECOND, "default": True}),
            Step("move: again", "vpc", {**SECOND, "default": True}),
            Step("take away", "vpc", {**SECOND, "default": False}),
            Step("delete the default", "vpc", {"name": "second", "state": "absent"}),
            Step("delete the other", "vpc", {"name": "first", "state": "absent"}),
        ],
    )
    assert [len(run[name].writes) for name in ("first", "second", "move", "move: again")] == [1, 1, 1, 0]
    assert run["move: check"].result["diff"] == run["move"].result["diff"]
    for name in ("take away", "delete the default"):
        assert (run[name].status, run[name].writes) == ("failed", [])
    assert "set default to true on another VPC" in run["take away"].message
    assert "it is the default VPC of fra1" in run["delete the default"].message
    assert run["delete the other"].changed


def test_created_and_made_default_at_once(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("first", "vpc", FIRST),
            Step("check", "vpc", {**SECOND, "default": True}, check=True),
            Step("second", "vpc", {**SECOND, "default": True}),
            Step("again", "vpc", {**SECOND, "default": True}),
        ],
    )
    assert run["check"].result["diff"] == run["second"].result["diff"]
    assert run["second"].result["vpc"]["default"] is True
    assert (run["again"].changed, run["again"].writes) == (False, [])


def test_info_finds_and_filters_over_all_pages(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("first", "vpc", FIRST, register="made", before=[admin("seed", vpcs=250)]),
            Step("all", "vpc_info", {}),
            Step("name", "vpc_info", {"name": "first"}),
            Step("id", "vpc_info", {"id": "{{ made.vpc.id }}"}),
            Step("none", "vpc_info", {"name": "nobody"}),
            Step("members", "vpc_info", {"name": "first", "with_members": True}),
        ],
    )
    assert len(run["all"].result["vpcs"]) == 251
    for name in ("name", "id"):
        assert [vpc["name"] for vpc in run[name].result["vpcs"]] == ["first"]
    assert run["none"].result["vpcs"] == []
    assert run["members"].result["vpcs"][0]["members"] == []
