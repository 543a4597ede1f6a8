# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Droplets: their states on the way, what each action refuses, what goes with them, and what clients filter by."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

SMALL = {"size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64", "region": "fra1"}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1 key1@clinic"


def made(api: Any, name: str = "web-1", **more: Any) -> dict[str, Any]:
    """Active, unless the clock stands still."""
    id = api.ok("POST", "/droplets", {"name": name, **SMALL, **more})["droplet"]["id"]
    return get(api, id)


def get(api: Any, id: int) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("GET", f"/droplets/{id}")["droplet"]
    return found


def act(api: Any, id: int, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("POST", f"/droplets/{id}/actions", body)["action"]
    return found


def test_a_new_one_has_no_address_until_it_is_active(api: Any) -> None:
    api.admin.settings(speed="real")
    answer = api.call("POST", "/droplets", {"name": "web-1", **SMALL, "user_data": "#cloud-config\nsentinel: 1\n"})
    droplet, (link,) = answer.body["droplet"], answer.body["links"]["actions"]
    assert (answer.status, droplet["status"], droplet["networks"]) == (202, "new", {"v4": [], "v6": []})
    assert (droplet["kernel"], droplet["next_backup_window"], droplet["locked"]) == (None, None, False)
    assert "sentinel" not in str(answer.body)
    action = api.ok("GET", f"/actions/{link['id']}")["action"]
    assert (action["type"], action["status"], action["completed_at"]) == ("create", "in-progress", None)
    assert "pending event" in api.refused("DELETE", f"/droplets/{droplet['id']}")
    api.admin.advance(41)
    droplet = get(api, droplet["id"])
    assert droplet["status"] == "active"
    assert [network["type"] for network in droplet["networks"]["v4"]] == ["public", "private"]
    assert api.ok("GET", f"/droplets/{droplet['id']}/actions")["actions"][0]["status"] == "completed"
    assert "sentinel" not in str(droplet)


def test_its_private_address_is_of_its_vpc_which_it_keeps_from_being_deleted(api: Any) -> None:
    api.vpc("first")
    vpc = api.vpc("clinic", ip_range="10.20.0.0/20")
    one, two = (made(api, name, vpc_uuid=vpc["id"]) for name in ("one", "two"))
    addresses = [network for droplet in (one, two) for network in droplet["networks"]["v4"]]
    private = {network["ip_address"] for network in addresses if network["type"] == "private"}
    assert len(private) == 2
    assert all(ipaddress.ip_address(address) in ipaddress.ip_network("10.20.0.0/20") for address in private)
    assert [member["urn"] for member in api.ok("GET", f"/vpcs/{vpc['id']}/members")["members"]] == [
        f"do:droplet:{one['id']}",
        f"do:droplet:{two['id']}",
    ]
    api.refused("DELETE", f"/vpcs/{vpc['id']}", status=409)


def test_without_a_vpc_it_is_in_the_regions_default_one(api: Any) -> None:
    droplet = made(api)
    (vpc,) = api.ok("GET", "/vpcs")["vpcs"]
    assert (vpc["id"], vpc["region"], vpc["default"]) == (droplet["vpc_uuid"], "fra1", True)


def test_private_only_and_ipv6(api: Any) -> None:
    alone = made(api, "alone", public_networking=False)
    assert [network["type"] for network in alone["networks"]["v4"]] == ["private"]
    both = made(api, "both", ipv6=True, monitoring=True, backups=True)
    assert {"ipv6", "monitoring", "backups", "droplet_agent", "private_networking"} == set(both["features"])
    assert both["networks"]["v6"][0]["netmask"] == 64
    assert both["next_backup_window"]


def test_several_at_once_or_none(api: Any) -> None:
    answer = api.ok("POST", "/droplets", {"names": ["a", "b"], **SMALL, "tags": ["edge"]})
    assert [droplet["name"] for droplet in answer["droplets"]] == ["a", "b"]
    assert len(answer["links"]["actions"]) == 2
    api.refused("POST", "/droplets", {"names": [f"n{number}" for number in range(11)], **SMALL})
    assert len(api.ok("GET", "/droplets")["droplets"]) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"size": "s-none"}, "You specified an invalid size for Droplet creation."),
        ({"image": "ubuntu-4-04"}, "You specified an invalid image for Droplet creation."),
        ({"region": "mars1"}, "You specified an invalid region for Droplet creation."),
        ({"region": "nyc2"}, "Size is not available in this region."),
        ({"ssh_keys": [12]}, "12 are invalid key identifiers for Droplet creation."),
        ({"image": "docker-20-04", "size": "s-1vcpu-512mb-10gb"}, "smaller disk"),
        ({"vpc_uuid": "760e09ef-dc84-11e8-981e-3cfdfeaae000"}, "invalid VPC"),
        ({"user_data": "x" * 65537}, "too long"),
        ({"volumes": ["12e97116-7280-11ed-b3d0-0a58ac146812"]}, "volumes"),
        ({"ipv6": True, "public_networking": False}, "ipv6 must be false"),
        ({"backups": True, "backup_policy": {"plan": "daily", "weekday": "SUN"}}, "no weekday"),
    ],
)
def test_what_cannot_be_made(api: Any, body: dict[str, Any], message: str) -> None:
    assert message in api.refused("POST", "/droplets", {"name": "web-1", **SMALL, **body})
    assert api.ok("GET", "/droplets")["droplets"] == []


def test_the_account_has_a_limit_that_grows_with_what_others_have(api: Any) -> None:
    api.admin.seed(droplets=30)
    assert api.ok("GET", "/account")["account"]["droplet_limit"] == 55
    for start in (0, 10):
        api.ok("POST", "/droplets", {"names": [f"n{start + number}" for number in range(10)], **SMALL})
    message = api.refused("POST", "/droplets", {"names": [f"m{number}" for number in range(6)], **SMALL})
    assert message == "creating this/these droplet(s) will exceed your droplet limit"


def test_keys_by_number_and_by_fingerprint(api: Any) -> None:
    key = api.ok("POST", "/account/keys", {"name": "duty", "public_key": KEY})["ssh_key"]
    made(api, ssh_keys=[key["id"], key["fingerprint"]])


def test_it_is_found_by_name_in_any_capitals_by_tag_and_by_type(api: Any) -> None:
    made(api, "Web-1", tags=["edge"])
    made(api, "web-2")

    def names(query: str) -> list[str]:
        return [droplet["name"] for droplet in api.ok("GET", f"/droplets?{query}")["droplets"]]

    assert names("name=web-1") == ["Web-1"]
    assert names("tag_name=edge") == ["Web-1"]
    assert names("type=gpus") == []
    assert names("type=droplets") == ["Web-1", "web-2"]
    assert "can not be combined" in api.refused("GET", "/droplets?tag_name=edge&name=web-1")


def test_tags_count_it_and_carry_the_capitals_of_their_first_creation(api: Any) -> None:
    api.ok("POST", "/tags", {"name": "Edge"})
    droplet = made(api, tags=["edge"])
    assert droplet["tags"] == ["Edge"]
    tag = api.ok("GET", "/tags/Edge")["tag"]["resources"]
    assert tag["droplets"]["last_tagged_uri"].endswith(f"/droplets/{droplet['id']}")
    target = {"resources": [{"resource_id": str(droplet["id"]), "resource_type": "droplet"}]}
    api.ok("DELETE", "/tags/Edge/resources", target)
    assert get(api, droplet["id"])["tags"] == []


def test_deleting_one_leaves_its_project_and_by_tag_all_of_them_go(api: Any) -> None:
    one, two, other = (made(api, name, tags=tags) for name, tags in (("a", ["x"]), ("b", ["x"]), ("c", [])))
    assert api.call("DELETE", "/droplets?tag_name=x").status == 204
    for gone in (one, two):
        api.refused("GET", f"/droplets/{gone['id']}", status=404)
    urns = [resource["urn"] for resource in api.ok("GET", "/projects/default/resources")["resources"]]
    assert urns == [f"do:droplet:{other['id']}"]
    assert made(api, "d")["id"] > other["id"]


def test_resize_wants_it_off_and_the_disk_never_gets_smaller(api: Any) -> None:
    id = made(api)["id"]
    assert "power it off" in api.refused("POST", f"/droplets/{id}/actions", {"type": "resize", "size": "s-1vcpu-2gb"})
    act(api, id, type="power_off")
    act(api, id, type="resize", size="s-1vcpu-2gb", disk=False)
    now = get(api, id)
    assert (now["size_slug"], now["memory"], now["disk"], now["status"]) == ("s-1vcpu-2gb", 2048, 25, "off")
    act(api, id, type="resize", size="s-2vcpu-4gb", disk=True)
    assert get(api, id)["disk"] == 80
    back = {"type": "resize", "size": "s-1vcpu-1gb"}
    assert "smaller disk" in api.refused("POST", f"/droplets/{id}/actions", back)
    assert "already set" in api.refused("POST", f"/droplets/{id}/actions", {"type": "resize", "size": "s-2vcpu-4gb"})
    act(api, id, type="power_on")
    assert "already on" in api.refused("POST", f"/droplets/{id}/actions", {"type": "power_on"})


def test_one_action_at_a_time(api: Any) -> None:
    id = made(api)["id"]
    api.admin.settings(speed="real")
    action = act(api, id, type="reboot")
    assert (action["status"], action["resource_id"], action["region"]["slug"]) == ("in-progress", id, "fra1")
    assert "pending event" in api.refused("POST", f"/droplets/{id}/actions", {"type": "power_off"})
    api.admin.advance(16)
    assert api.ok("GET", f"/droplets/{id}/actions/{action['id']}")["action"]["status"] == "completed"


def test_a_snapshot_is_an_image_to_make_others_of(api: Any) -> None:
    droplet = made(api)
    act(api, droplet["id"], type="snapshot", name="golden")
    (snapshot,) = api.ok("GET", f"/droplets/{droplet['id']}/snapshots")["snapshots"]
    assert get(api, droplet["id"])["snapshot_ids"] == [snapshot["id"]]
    assert [image["name"] for image in api.ok("GET", "/images?private=true")["images"]] == ["golden"]
    assert made(api, "copy", image=snapshot["id"])["image"]["name"] == "golden"
    act(api, droplet["id"], type="rebuild", image="debian-13-x64")
    assert get(api, droplet["id"])["image"]["slug"] == "debian-13-x64"


def test_renaming_ipv6_and_what_is_no_action(api: Any) -> None:
    id = made(api)["id"]
    act(api, id, type="rename", name="web-9")
    act(api, id, type="enable_ipv6")
    now = get(api, id)
    assert (now["name"], len(now["networks"]["v6"])) == ("web-9", 1)
    api.refused("POST", f"/droplets/{id}/actions", {"type": "change_kernel", "kernel": 1})


def test_backups_by_the_clock(api: Any) -> None:
    id = made(api)["id"]
    act(api, id, type="enable_backups", backup_policy={"plan": "daily", "hour": 4})
    assert "already been enabled" in api.refused("POST", f"/droplets/{id}/actions", {"type": "enable_backups"})
    policy = api.ok("GET", f"/droplets/{id}/backups/policy")["policy"]
    assert policy["backup_policy"] == {
        "plan": "daily",
        "hour": 4,
        "window_length_hours": 4,
        "retention_period_days": 7,
    }
    api.admin.advance(20 * 86400)
    backups = api.ok("GET", f"/droplets/{id}/backups")["backups"]
    assert 7 <= len(backups) <= 8
    assert get(api, id)["backup_ids"] == [backup["id"] for backup in backups]
    act(api, id, type="change_backup_policy", backup_policy={"plan": "weekly", "weekday": "MON", "hour": 8})
    assert api.ok("GET", "/droplets/backups/policies")["policies"][str(id)]["backup_policy"]["weekday"] == "MON"
    act(api, id, type="disable_backups")
    assert api.ok("GET", f"/droplets/{id}/backups/policy")["policy"] == {"droplet_id": id, "backup_enabled": False}


def test_actions_by_tag(api: Any) -> None:
    one, two = (made(api, name, tags=["edge"]) for name in ("a", "b"))
    answer = api.ok("POST", "/droplets/actions?tag_name=edge", {"type": "power_off"})
    assert {action["resource_id"] for action in answer["actions"]} == {one["id"], two["id"]}
    assert get(api, two["id"])["status"] == "off"


def test_destroyed_with_its_snapshots_only_when_the_header_says_so(api: Any) -> None:
    id = made(api)["id"]
    act(api, id, type="snapshot", name="golden")
    base = f"/droplets/{id}/destroy_with_associated_resources"
    assert [image["name"] for image in api.ok("GET", base)["snapshots"]] == ["golden"]
    url, token = f"{api.cloud.url}/v2{base}/dangerous", {"Authorization": f"Bearer {api.cloud.token}"}
    assert api.session.delete(url, headers={**token, "X-Dangerous": "false"}).status_code == 400
    assert api.session.delete(url, headers={**token, "X-Dangerous": "true"}).status_code == 202
    status = api.ok("GET", f"{base}/status")
    assert (status["droplet"]["id"], status["failures"]) == (str(id), 0)
    assert api.ok("GET", "/images?private=true")["images"] == []
    api.refused("GET", f"/droplets/{id}", status=404)


def test_what_a_token_may_not_read_is_not_shown(api: Any) -> None:
    droplet = made(api, tags=["edge"])
    token = api.admin.token(scopes=["droplet:read"])
    seen = api.call("GET", f"/droplets/{droplet['id']}", token=token).body["droplet"]
    assert (seen["image"], seen["tags"], seen["region"]["sizes"], "vpc_uuid" in seen) == ({}, [], [], False)
    only = api.admin.token(scopes=["droplet:create", "image:read"])
    refused = api.call("POST", "/droplets", {"name": "x", **SMALL, "tags": ["edge"]}, token=only)
    assert (refused.status, "tag:create" in refused.message) == (403, True)


def test_images_on_offer(api: Any) -> None:
    offered = api.ok("GET", "/images?type=distribution&per_page=200")["images"]
    assert {image["public"] for image in offered} == {True}
    image = api.ok("GET", "/images/ubuntu-24-04-x64")["image"]
    assert api.ok("GET", f"/images/{image['id']}")["image"] == image
    api.refused("DELETE", f"/images/{image['id']}", status=403)
    assert all(
        image["slug"].startswith(("docker", "caddy")) for image in api.ok("GET", "/images?type=application")["images"]
    )
