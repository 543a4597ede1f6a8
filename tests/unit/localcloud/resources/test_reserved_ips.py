# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reserved addresses: kept for a region, assigned to a Droplet and taken from it again, each in its time."""

from __future__ import annotations

from typing import Any

import pytest

NOBODY = "00000000-0000-4000-8000-000000000000"
DROPLET = {"name": "jump", "region": "fra1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64"}


def droplet(api: Any, **more: Any) -> int:
    found: int = api.ok("POST", "/droplets", {**DROPLET, **more})["droplet"]["id"]
    api.admin.advance(600)
    return found


def reserve(api: Any, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("POST", "/reserved_ips", body)
    return found


def test_one_for_a_region_belongs_to_nobody(api: Any) -> None:
    answer = api.call("POST", "/reserved_ips", {"region": "fra1"})
    assert answer.status == 202
    row = answer.body["reserved_ip"]
    assert (row["droplet"], row["locked"], row["region"]["slug"], answer.body["links"]) == (None, False, "fra1", {})
    assert api.ok("GET", "/reserved_ips")["reserved_ips"] == [row]
    assert api.ok("GET", f"/reserved_ips/{row['ip']}")["reserved_ip"] == row
    urns = [found["urn"] for found in api.ok("GET", "/projects/default/resources")["resources"]]
    assert f"do:floatingip:{row['ip']}" in urns
    assert api.call("DELETE", f"/reserved_ips/{row['ip']}").status == 204
    assert api.call("GET", f"/reserved_ips/{row['ip']}").status == 404


def test_it_is_assigned_and_taken_away_again_by_actions(api: Any) -> None:
    api.admin.settings(speed="real")
    id = droplet(api)
    made = reserve(api, droplet_id=id)
    ip, action = made["reserved_ip"]["ip"], made["links"]["actions"][0]
    assert (made["reserved_ip"]["locked"], made["links"]["droplets"][0]["id"]) == (True, id)
    assert api.call("DELETE", f"/reserved_ips/{ip}").status == 422
    api.admin.advance(60)
    assert api.ok("GET", f"/reserved_ips/{ip}")["reserved_ip"]["droplet"]["id"] == id
    assert api.ok("GET", f"/reserved_ips/{ip}/actions/{action['id']}")["action"]["status"] == "completed"
    taken = api.ok("POST", f"/reserved_ips/{ip}/actions", {"type": "unassign"})["action"]
    assert (taken["type"], taken["resource_type"], taken["status"]) == ("unassign_ip", "reserved_ip", "in-progress")
    assert api.call("POST", f"/reserved_ips/{ip}/actions", {"type": "unassign"}).status == 422
    api.admin.advance(60)
    row = api.ok("GET", f"/reserved_ips/{ip}")["reserved_ip"]
    assert (row["droplet"], row["locked"]) == (None, False)
    done = api.ok("GET", f"/reserved_ips/{ip}/actions")["actions"]
    assert [found["type"] for found in done] == ["unassign_ip", "assign_ip"]
    # What is done to an address is nothing that is done to a Droplet.
    assert {found["resource_type"] for found in api.ok("GET", f"/droplets/{id}/actions")["actions"]} == {"droplet"}


def test_a_droplet_that_goes_leaves_its_address_to_nobody(api: Any) -> None:
    id = droplet(api)
    ip = reserve(api, droplet_id=id)["reserved_ip"]["ip"]
    api.admin.advance(60)
    assert api.call("DELETE", f"/droplets/{id}").status == 204
    assert api.ok("GET", f"/reserved_ips/{ip}")["reserved_ip"]["droplet"] is None


@pytest.mark.parametrize(
    "body",
    [{"region": "xyz9"}, {"droplet_id": 7}, {"region": "fra1", "project_id": NOBODY}],
)
def test_what_cannot_be_reserved(api: Any, body: dict[str, Any]) -> None:
    assert api.call("POST", "/reserved_ips", body).status == 422
    assert api.ok("GET", "/reserved_ips")["reserved_ips"] == []


def test_what_cannot_be_assigned(api: Any) -> None:
    there, elsewhere = droplet(api), droplet(api, region="nyc3")
    one, other = (reserve(api, region="fra1")["reserved_ip"]["ip"] for _number in range(2))
    for body in (
        {"type": "unassign"},
        {"type": "assign", "droplet_id": elsewhere},
        {"type": "assign", "droplet_id": 7},
    ):
        assert api.call("POST", f"/reserved_ips/{one}/actions", body).status == 422, body
    api.ok("POST", f"/reserved_ips/{one}/actions", {"type": "assign", "droplet_id": there})
    api.admin.advance(60)
    assert api.call("POST", f"/reserved_ips/{other}/actions", {"type": "assign", "droplet_id": there}).status == 422
