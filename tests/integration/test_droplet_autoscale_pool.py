# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about autoscale pools: Droplets that stay or go, and a template of which not all is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

TEMPLATE: dict[str, Any] = {"region": "fra1", "size": "s-1vcpu-1gb", "image": "debian-13-x64", "ssh_keys": []}
POOL: dict[str, Any] = {"name": "edge", "config": {"target_number_instances": 2}, "droplet_template": TEMPLATE}
GONE = {"name": "edge", "state": "absent"}


def test_it_is_waited_for_until_its_droplets_are_there(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("begun", "droplet_autoscale_pool", {**POOL, "wait": False}, before=[admin("settings", speed="real")]),
            Step("there", "droplet_autoscale_pool", POOL),
            Step("info", "droplet_autoscale_pool_info", {"name": "edge"}),
            Step("late", "droplet_autoscale_pool", {**POOL, "name": "other", "wait_timeout": 1}),
        ],
    )
    assert run.good("begun").result["droplet_autoscale_pool"]["active_resources_count"] == 0
    assert (run.good("there").changed, run["there"].write_list) == (False, [])
    assert run["there"].result["droplet_autoscale_pool"]["active_resources_count"] == 2
    (pool,) = run["info"].result["droplet_autoscale_pools"]
    assert [member["status"] for member in pool["members"]] == ["active"] * 2
    assert pool["history"][0]["reason"] == "CONFIGURATION_CHANGE"
    assert "was still at 0 of 2 Droplets" in run["late"].message


def test_its_droplets_stay_unless_they_shall_go(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("made", "droplet_autoscale_pool", POOL),
            Step("gone", "droplet_autoscale_pool", GONE),
            Step("left", "droplet_info", {}),
            Step("made again", "droplet_autoscale_pool", {**POOL, "name": "second"}),
            Step("check", "droplet_autoscale_pool", {**GONE, "name": "second", "delete_droplets": True}, check=True),
            Step("with them", "droplet_autoscale_pool", {**GONE, "name": "second", "delete_droplets": True}),
            Step("left at last", "droplet_info", {}),
        ],
    )
    assert [call.rpartition("/")[2] == "dangerous" for call in run.good("gone").write_list] == [False]
    assert "2 Droplets of Droplet autoscale pool" in str(run["gone"].result) + run.printed + run.aside
    assert len(run["left"].result["droplets"]) == 2
    assert run.good("check").writes == []
    assert [call.rpartition("/")[2] for call in run.good("with them").write_list] == ["dangerous"]
    assert {droplet["id"] for droplet in run["left at last"].result["droplets"]} == {
        droplet["id"] for droplet in run["left"].result["droplets"]
    }


def test_user_data_is_compared_as_far_as_it_is_told_and_never_shown(cloud: LocalCloud) -> None:
    secret, other = "#cloud-config\nsentinel-one: 1\n", "#cloud-config\nsentinel-two: 2\n"

    def forget() -> list[dict[str, Any]]:
        state = cloud.admin.state()
        for pool in state["world"]["tables"]["autoscale_pools"].values():
            del pool["droplet_template"]["user_data"]
        cloud.admin.load(state)
        return []

    pool = {**POOL, "droplet_template": {**TEMPLATE, "user_data": secret}}
    changed = {"name": "edge", "droplet_template": {"user_data": other}}
    run = inside(
        cloud,
        [
            Step("made", "droplet_autoscale_pool", pool),
            Step("again", "droplet_autoscale_pool", pool),
            Step("another", "droplet_autoscale_pool", changed),
            Step("seen by others", "droplet_autoscale_pool", {"name": "edge"}),
            Step("info", "droplet_autoscale_pool_info", {}),
        ],
    )
    assert (run.good("again").changed, run.good("another").changed) == (False, True)
    run.good("seen by others")
    assert run.good("info").result["droplet_autoscale_pools"]
    assert "sentinel" not in run.printed
    forget()
    untold = inside(cloud, [Step("untold", "droplet_autoscale_pool", pool)])
    assert (untold.good("untold").changed, untold["untold"].write_list) == (False, [])


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "both": ({"config": {"target_number_instances": 2, "min_instances": 1}}, "with it nothing else"),
    "no bounds": ({"config": {"min_instances": 1}}, "needs min_instances and max_instances"),
    "no target": ({"config": {"min_instances": 1, "max_instances": 2}}, "has bounds and no target"),
    "turned round": (
        {"config": {"min_instances": 3, "max_instances": 2, "target_cpu_utilization": 0.5}},
        "min_instances of config is greater",
    ),
    "half a template": ({"droplet_template": {"region": "fra1"}}, "droplet_template needs size, image, ssh_keys"),
    "unknown size": ({"droplet_template": {**TEMPLATE, "size": "s-none"}}, "size 's-none' is not on offer"),
    "no config": ({"config": None}, "to create it, set also config"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_told_before_anything_is_made(cloud: LocalCloud, case: str) -> None:
    options, words = REFUSED[case]
    wanted = {**POOL, **options}
    run = inside(
        cloud,
        [
            Step("check", "droplet_autoscale_pool", wanted, check=True),
            Step("real", "droplet_autoscale_pool", wanted),
        ],
    )
    for name in ("check", "real"):
        run.assert_refused(name, words)


def test_an_id_does_not_rename(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("made", "droplet_autoscale_pool", POOL, register="made"),
            Step("rename", "droplet_autoscale_pool", {"id": "{{ made.droplet_autoscale_pool.id }}", "name": "front"}),
        ],
    )
    run.assert_refused("rename", "name is 'edge' and cannot become 'front'")
