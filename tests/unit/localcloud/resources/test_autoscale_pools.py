# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Droplet autoscale pools: how many Droplets there are by which load, their history, and the two ways to delete one."""

from __future__ import annotations

from typing import Any

import pytest

TEMPLATE = {"region": "fra1", "size": "s-1vcpu-1gb", "image": "debian-13-x64", "ssh_keys": [], "tags": ["edge"]}
STATIC = {"target_number_instances": 2}
BY_LOAD = {"min_instances": 2, "max_instances": 5, "target_cpu_utilization": 0.5, "target_memory_utilization": 0.8}


def made(api: Any, config: Any = STATIC, **template: Any) -> str:
    body = {"name": "proxies", "config": config, "droplet_template": {**TEMPLATE, **template}}
    answer = api.call("POST", "/droplets/autoscale", body)
    assert answer.status == 202, answer
    id: str = answer.body["autoscale_pool"]["id"]
    return id


def get(api: Any, id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("GET", f"/droplets/autoscale/{id}")["autoscale_pool"]
    return found


def members(api: Any, id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.ok("GET", f"/droplets/autoscale/{id}/members?per_page=200")["droplets"]
    return found


def history(api: Any, id: str) -> list[tuple[str, int, int, str]]:
    """The oldest first."""
    events = api.ok("GET", f"/droplets/autoscale/{id}/history")["history"]
    names = ("reason", "current_instance_count", "desired_instance_count", "status")
    return [tuple(event[name] for name in names) for event in reversed(events)]


def test_its_droplets_are_made_by_and_by(api: Any) -> None:
    api.admin.settings(speed="real")
    id = made(api, user_data="#cloud-config\n")
    pool = get(api, id)
    assert (pool["status"], pool["active_resources_count"], members(api, id)) == ("active", 0, [])
    assert pool["droplet_template"]["user_data"] == "#cloud-config\n"
    assert history(api, id) == [("CONFIGURATION_CHANGE", 0, 2, "in_progress")]
    api.admin.advance(31)
    assert [member["status"] for member in members(api, id)] == ["provisioning"] * 2
    api.admin.advance(61)
    assert get(api, id)["active_resources_count"] == 2
    assert history(api, id) == [("CONFIGURATION_CHANGE", 0, 2, "success")]
    droplets = api.ok("GET", "/droplets?tag_name=edge")["droplets"]
    assert {droplet["id"] for droplet in droplets} == {member["droplet_id"] for member in members(api, id)}
    assert all(droplet["name"].startswith("proxies-") for droplet in droplets)


def test_it_scales_by_whichever_target_is_crossed_within_its_bounds(api: Any) -> None:
    id = made(api, BY_LOAD)
    assert len(members(api, id)) == 2
    for load, expected in (
        ({"cpu": 0.9, "memory": 0.1}, 4),
        ({"cpu": 0.1, "memory": 0.9}, 5),
        ({"cpu": 1.0, "memory": 1.0}, 5),
        ({"cpu": 0.1, "memory": 0.1}, 2),
    ):
        api.admin.utilization(**load)
        assert get(api, id)["current_utilization"] == {"cpu": load["cpu"], "memory": load["memory"]}
        before = len(members(api, id))
        api.admin.advance(9 * 60)
        assert len(members(api, id)) == before, "the cooldown is over"
        api.admin.advance(62)
        assert len(members(api, id)) == expected
    assert [event[:3] for event in history(api, id)][1:] == [
        ("SCALE_UP", 2, 4),
        ("SCALE_UP", 4, 5),
        ("SCALE_DOWN", 5, 2),
    ]


def test_a_change_of_its_size_and_of_its_template(api: Any) -> None:
    id = made(api)
    before = {member["droplet_id"] for member in members(api, id)}
    body = {
        "name": "proxies",
        "config": {"target_number_instances": 3},
        "droplet_template": {**TEMPLATE, "size": "c-2"},
    }
    api.ok("PUT", f"/droplets/autoscale/{id}", body)
    after = {member["droplet_id"] for member in members(api, id)}
    assert before < after
    sizes = {droplet["id"]: droplet["size_slug"] for droplet in api.ok("GET", "/droplets")["droplets"]}
    assert sorted(sizes[id] for id in after) == ["c-2", "s-1vcpu-1gb", "s-1vcpu-1gb"]
    assert "cannot be updated" in api.refused("PUT", f"/droplets/autoscale/{id}", {**body, "name": "other"})


def test_one_that_is_deleted_is_replaced(api: Any) -> None:
    id = made(api)
    lost = members(api, id)[0]["droplet_id"]
    api.ok("DELETE", f"/droplets/{lost}")
    assert lost not in {member["droplet_id"] for member in members(api, id)}
    assert len(members(api, id)) == 2


@pytest.mark.parametrize(("how", "left"), [("", 2), ("/dangerous", 0)])
def test_deleted_with_its_droplets_or_without(api: Any, how: str, left: int) -> None:
    id = made(api)
    assert len(members(api, id)) == 2
    api.admin.settings(speed="real")
    url = f"{api.cloud.url}/v2/droplets/autoscale/{id}{how}"
    headers = {"Authorization": f"Bearer {api.cloud.token}", "X-Dangerous": "true"}
    assert api.session.delete(url, headers=headers).status_code == 202
    assert get(api, id)["status"] == "deleting"
    api.admin.advance(21)
    api.refused("GET", f"/droplets/autoscale/{id}", status=404)
    assert len(api.ok("GET", "/droplets")["droplets"]) == left


def test_dangerous_wants_to_be_meant(api: Any) -> None:
    id = made(api)
    url = f"{api.cloud.url}/v2/droplets/autoscale/{id}/dangerous"
    headers = {"Authorization": f"Bearer {api.cloud.token}", "X-Dangerous": "false"}
    assert api.session.delete(url, headers=headers).status_code == 400
    assert get(api, id)["status"] == "active"


def test_the_account_s_limit_ends_an_event_with_an_error(api: Any) -> None:
    id = made(api, {"target_number_instances": 26})
    assert len(members(api, id)) == 25
    assert history(api, id)[-1][3] == "error"


@pytest.mark.parametrize(
    ("config", "template", "message"),
    [
        ({**BY_LOAD, "min_instances": 6}, {}, "must not be greater"),
        ({"min_instances": 1, "max_instances": 2}, {}, "a target for cpu or memory"),
        (BY_LOAD, {"with_droplet_agent": False}, "with_droplet_agent must be true"),
        (STATIC, {"size": "s-none"}, "invalid size"),
        (STATIC, {"ssh_keys": ["1"]}, "invalid key identifiers"),
        (STATIC, {"project_id": "746c6152-2fa2-11ed-92d3-27aaa54e4988"}, "project"),
    ],
)
def test_what_cannot_be(api: Any, config: Any, template: Any, message: str) -> None:
    body = {"name": "proxies", "config": config, "droplet_template": {**TEMPLATE, **template}}
    assert message in api.refused("POST", "/droplets/autoscale", body)
    assert api.ok("GET", "/droplets/autoscale")["autoscale_pools"] == []


def test_utilization_is_a_share(api: Any) -> None:
    with pytest.raises(Exception, match="between 0 and 1"):
        api.admin.utilization(cpu=80)
