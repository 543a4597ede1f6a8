# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud firewalls: rules and their peers, Droplets by number and by tag, and what of them is pending."""

from __future__ import annotations

from typing import Any

import pytest

ANYWHERE = {"addresses": ["0.0.0.0/0", "::/0"]}
HTTPS = {"protocol": "tcp", "ports": "443", "sources": ANYWHERE}
OUT = {"protocol": "tcp", "ports": "0", "destinations": ANYWHERE}


def made(api: Any, name: str = "edge", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("POST", "/firewalls", {"name": name, "inbound_rules": [HTTPS], **more})["firewall"]
    return found


def get(api: Any, firewall: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("GET", f"/firewalls/{firewall['id']}")["firewall"]
    return found


def droplet(api: Any, name: str = "web", tags: Any = ()) -> int:
    body = {"name": name, "size": "s-1vcpu-1gb", "image": "debian-13-x64", "region": "fra1", "tags": list(tags)}
    id: int = api.ok("POST", "/droplets", body)["droplet"]["id"]
    return id


def test_waiting_until_each_droplet_has_it(api: Any) -> None:
    api.ok("POST", "/tags", {"name": "edge"})
    one, two, other = droplet(api, "a"), droplet(api, "b", ["edge"]), droplet(api, "c")
    api.admin.settings(speed="real")
    answer = api.call(
        "POST", "/firewalls", {"name": "edge", "inbound_rules": [HTTPS], "droplet_ids": [one], "tags": ["edge"]}
    )
    firewall = answer.body["firewall"]
    assert (answer.status, firewall["status"]) == (202, "waiting")
    assert firewall["pending_changes"] == [
        {"droplet_id": id, "removing": False, "status": "waiting"} for id in (one, two)
    ]
    api.admin.advance(6)
    now = get(api, firewall)
    assert (now["status"], now["pending_changes"], now["outbound_rules"]) == ("succeeded", [], [])
    for id, behind in ((one, 1), (two, 1), (other, 0)):
        assert len(api.ok("GET", f"/droplets/{id}/firewalls")["firewalls"]) == behind


def test_rules_in_the_api_s_form(api: Any) -> None:
    icmp, everything = (
        {"protocol": "icmp", "sources": ANYWHERE},
        {"protocol": "udp", "ports": "all", "sources": ANYWHERE},
    )
    denied = {**HTTPS, "action": "deny"}
    rules = get(api, made(api, inbound_rules=[icmp, everything, denied, denied]))["inbound_rules"]
    assert [(rule["protocol"], rule["ports"], rule["action"]) for rule in rules] == [
        ("icmp", "0", "allow"),
        ("udp", "0", "allow"),
        ("tcp", "443", "deny"),
    ]
    assert rules[0]["sources"] == ANYWHERE


def test_put_resets_what_is_left_out_and_removes_it_from_droplets(api: Any) -> None:
    id = droplet(api)
    firewall = made(api, droplet_ids=[id], outbound_rules=[OUT])
    api.admin.settings(speed="real")
    now = api.ok("PUT", f"/firewalls/{firewall['id']}", {"name": "edge", "outbound_rules": [OUT]})["firewall"]
    assert (now["inbound_rules"], now["droplet_ids"]) == ([], [])
    assert now["pending_changes"] == [{"droplet_id": id, "removing": True, "status": "waiting"}]


def test_parts_are_added_and_removed(api: Any) -> None:
    api.ok("POST", "/tags", {"name": "edge"})
    id, firewall = droplet(api), made(api)
    base = f"/firewalls/{firewall['id']}"
    assert api.call("POST", f"{base}/droplets", {"droplet_ids": [id]}).status == 204
    api.ok("POST", f"{base}/tags", {"tags": ["edge"]})
    api.ok("POST", f"{base}/rules", {"outbound_rules": [OUT]})
    now = get(api, firewall)
    assert (now["droplet_ids"], now["tags"], len(now["outbound_rules"])) == ([id], ["edge"], 1)
    api.ok("DELETE", f"{base}/droplets", {"droplet_ids": [id]})
    api.ok("DELETE", f"{base}/tags", {"tags": ["edge"]})
    api.ok("DELETE", f"{base}/rules", {"inbound_rules": [HTTPS]})
    now = get(api, firewall)
    assert (now["droplet_ids"], now["tags"], now["inbound_rules"]) == ([], [], [])
    assert "at least one rule" in api.refused("DELETE", f"{base}/rules", {"outbound_rules": [OUT]})
    api.refused("POST", f"{base}/tags", {"tags": []})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"inbound_rules": []}, "at least one rule"),
        ({"inbound_rules": [{**HTTPS, "ports": "http"}]}, "positive value for ports"),
        ({"inbound_rules": [{**HTTPS, "ports": ""}]}, "positive value for ports"),
        ({"inbound_rules": [{**HTTPS, "ports": "90-80"}]}, "valid range for ports"),
        ({"inbound_rules": [{**HTTPS, "sources": {"addresses": ["anywhere"]}}]}, "invalid address"),
        ({"inbound_rules": [{**HTTPS, "sources": {}}]}, "at least one source"),
        ({"inbound_rules": [{**HTTPS, "sources": {"tags": ["none"]}}]}, "tag none does not exist"),
        ({"inbound_rules": [{**HTTPS, "sources": {"droplet_ids": [1]}}]}, "droplet 1 does not exist"),
        ({"inbound_rules": [{**HTTPS, "sources": {"load_balancer_uids": ["x"]}}]}, "load balancer x does not exist"),
        ({"inbound_rules": [{**HTTPS, "action": "reject"}]}, "allow or deny"),
        ({"droplet_ids": [1]}, "droplet 1 does not exist"),
        ({"tags": ["none"]}, "tag none does not exist"),
    ],
)
def test_what_cannot_be(api: Any, body: dict[str, Any], message: str) -> None:
    assert message in api.refused("POST", "/firewalls", {"name": "edge", "inbound_rules": [HTTPS], **body})
    assert api.ok("GET", "/firewalls")["firewalls"] == []


def test_a_name_is_there_once(api: Any) -> None:
    made(api)
    assert api.refused("POST", "/firewalls", {"name": "edge", "inbound_rules": [HTTPS]}, 409) == "duplicate name"


def test_what_has_gone_is_no_peer_any_more(api: Any) -> None:
    api.ok("POST", "/tags", {"name": "edge"})
    id = droplet(api)
    peers = {"droplet_ids": [id], "tags": ["edge"]}
    firewall = made(
        api, droplet_ids=[id], tags=["edge"], inbound_rules=[HTTPS, {**HTTPS, "ports": "80", "sources": peers}]
    )
    api.ok("DELETE", f"/droplets/{id}")
    assert get(api, firewall)["inbound_rules"][1]["sources"] == {"tags": ["edge"]}
    api.ok("DELETE", "/tags/edge")
    now = get(api, firewall)
    assert (now["droplet_ids"], now["tags"], len(now["inbound_rules"])) == ([], [], 1)


def test_attaching_wants_rights_to_read_what_is_attached(api: Any) -> None:
    id = droplet(api)
    token = api.admin.token(scopes=["firewall:create"])
    body = {"name": "edge", "inbound_rules": [HTTPS], "droplet_ids": [id]}
    answer = api.call("POST", "/firewalls", body, token=token)
    assert (answer.status, "droplet:read" in answer.message) == (403, True)
