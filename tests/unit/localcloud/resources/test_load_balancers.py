# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers: how one is made, what it is by default, what a replacing PUT resets, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

HTTP = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 8080}
TLS = {**HTTP, "entry_protocol": "https", "entry_port": 443, "target_protocol": "https", "tls_passthrough": True}
NOWHERE = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
GLOBAL: dict[str, Any] = {
    "name": "world",
    "type": "GLOBAL",
    "glb_settings": {"target_protocol": "http", "target_port": 80},
    "domains": [{"name": "clinic.example"}],
}


def body(**more: Any) -> dict[str, Any]:
    return {"name": "edge", "region": "fra1", "forwarding_rules": [HTTP], **more}


def make(api: Any, **more: Any) -> dict[str, Any]:
    """One that is active."""
    answer = api.call("POST", "/load_balancers", {**body(), **more})
    assert answer.status == 202, answer
    return read(api, answer.body["load_balancer"]["id"])


def read(api: Any, id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("GET", f"/load_balancers/{id}")["load_balancer"]
    return found


def put(api: Any, one: dict[str, Any], **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("PUT", f"/load_balancers/{one['id']}", {**body(), **more})["load_balancer"]
    return found


class TestMaking:
    def test_it_is_new_and_then_active_with_an_address(self, api: Any) -> None:
        api.admin.settings(speed="real")
        made = api.call("POST", "/load_balancers", body()).body["load_balancer"]
        assert (made["status"], made["ip"]) == ("new", "")
        api.admin.advance(80)
        there = read(api, made["id"])
        assert there["status"] == "active"
        assert there == {**made, "status": "active", "ip": there["ip"]}
        assert there["ip"].count(".") == 3

    def test_what_is_left_out_has_the_defaults_of_the_description(self, api: Any) -> None:
        one = make(api)
        assert one["forwarding_rules"] == [{**HTTP, "certificate_id": "", "tls_passthrough": False}]
        assert one["health_check"] == {
            "protocol": "http",
            "port": 80,
            "path": "/",
            "check_interval_seconds": 10,
            "response_timeout_seconds": 5,
            "unhealthy_threshold": 5,
            "healthy_threshold": 3,
        }
        shown = {
            "size_unit": 1,
            "size": "lb-small",
            "algorithm": "round_robin",
            "sticky_sessions": {"type": "none"},
            "firewall": {"deny": [], "allow": []},
            "type": "REGIONAL",
            "network": "EXTERNAL",
            "network_stack": "IPV4",
            "tls_cipher_policy": "DEFAULT",
            "http_idle_timeout_seconds": 60,
            "redirect_http_to_https": False,
            "enable_proxy_protocol": False,
            "enable_backend_keepalive": False,
            "disable_lets_encrypt_dns_records": False,
            "tag": "",
            "droplet_ids": [],
        }
        assert {name: one[name] for name in shown} == shown
        assert one["region"]["slug"] == "fra1"
        assert one["region"]["available"] is True

    def test_it_lies_in_the_default_vpc_and_the_default_project(self, api: Any) -> None:
        one = make(api)
        vpc = api.ok("GET", f"/vpcs/{one['vpc_uuid']}")["vpc"]
        assert (vpc["region"], vpc["default"]) == ("fra1", True)
        assert one["project_id"] == api.ok("GET", "/projects/default")["project"]["id"]
        assert [row["urn"] for row in api.ok("GET", "/projects/default/resources")["resources"]] == [
            f"do:loadbalancer:{one['id']}"
        ]

    def test_into_a_project_and_on_to_another(self, api: Any) -> None:
        first, other = (
            api.ok("POST", "/projects", {"name": name, "purpose": "x"})["project"]["id"] for name in ("a", "b")
        )
        one = make(api, project_id=first)
        assert one["project_id"] == first
        api.ok("POST", f"/projects/{other}/resources", {"resources": [f"do:loadbalancer:{one['id']}"]})
        assert read(api, one["id"])["project_id"] == other
        assert put(api, one)["project_id"] == other
        assert put(api, one, project_id=first)["project_id"] == first

    def test_an_internal_one_has_an_address_of_its_network(self, api: Any) -> None:
        vpc = api.vpc(ip_range="10.20.0.0/20")
        one = make(api, network="INTERNAL", vpc_uuid=vpc["id"])
        assert one["ip"].startswith("10.20.0.")

    def test_a_dual_stack_has_two(self, api: Any) -> None:
        assert ":" in make(api, network_stack="DUALSTACK")["ipv6"]

    def test_the_sizes_of_old_are_numbers_of_nodes(self, api: Any) -> None:
        assert make(api, size="lb-medium")["size_unit"] == 3
        # Both: the newer one counts.
        both = make(api, name="both", size="lb-small", size_unit=2)
        assert (both["size_unit"], both.get("size")) == (2, None)

    def test_asked_only_whether_it_could_be_made_nothing_is(self, api: Any) -> None:
        assert api.call("POST", "/load_balancers", body(validate_only=True)).status == 202
        assert api.ok("GET", "/load_balancers")["load_balancers"] == []

    def test_one_that_cannot_be_made(self, api: Any) -> None:
        api.admin.seed(**{"load_balancers.errored": 1})
        assert (make(api)["status"], make(api, name="next")["status"]) == ("errored", "active")


class TestChanging:
    def test_a_put_resets_what_it_leaves_out(self, api: Any) -> None:
        one = make(
            api,
            enable_proxy_protocol=True,
            http_idle_timeout_seconds=90,
            health_check={"protocol": "tcp", "port": 22},
            firewall={"allow": ["ip:192.0.2.1"]},
        )
        assert one["health_check"]["path"] == ""
        changed = put(api, one, redirect_http_to_https=True)
        assert (changed["enable_proxy_protocol"], changed["http_idle_timeout_seconds"]) == (False, 60)
        assert (changed["health_check"]["protocol"], changed["health_check"]["port"]) == ("http", 80)
        assert changed["firewall"] == {"deny": [], "allow": []}
        for kept in ("id", "ip", "status", "created_at", "vpc_uuid", "project_id"):
            assert changed[kept] == one[kept]

    def test_it_takes_back_what_it_has_told(self, api: Any) -> None:
        one = make(api, sticky_sessions={"type": "cookies", "cookie_name": "DO-LB", "cookie_ttl_seconds": 5})
        told = {key: value for key, value in one.items() if key not in ("id", "ip", "status", "created_at")}
        assert put(api, one, **{**told, "region": one["region"]["slug"]}) == one

    def test_not_while_it_is_made_or_changed(self, api: Any) -> None:
        api.admin.settings(speed="real")
        made = api.call("POST", "/load_balancers", body()).body["load_balancer"]
        path = f"/load_balancers/{made['id']}"
        busy = "Load Balancer can't be updated while it processes previous actions"
        assert api.refused("PUT", path, body(), 403) == busy
        api.admin.advance(80)
        api.ok("PUT", path, body(redirect_http_to_https=True))
        assert api.refused("PUT", path, body(), 403) == busy
        assert api.refused("POST", f"{path}/forwarding_rules", {"forwarding_rules": [TLS]}, 403) == busy
        api.admin.advance(10)
        api.ok("PUT", path, body())

    def test_its_size_once_an_hour(self, api: Any) -> None:
        one = make(api)
        assert put(api, one, size_unit=3)["size_unit"] == 3
        refusal = api.refused("PUT", f"/load_balancers/{one['id']}", body(size_unit=2))
        assert refusal.startswith("Load Balancer can only be resized once every hour, last resized at: 20")
        # The rest may change meanwhile.
        put(api, one, size_unit=3, enable_proxy_protocol=True)
        api.admin.advance(3600)
        assert put(api, one, size_unit=2)["size_unit"] == 2

    @pytest.mark.parametrize(
        "fixed",
        [
            {"network": "INTERNAL"},
            {"network_stack": "DUALSTACK"},
            {"type": "REGIONAL_NETWORK"},
            {"region": "nyc3"},
            {"vpc_uuid": NOWHERE},
        ],
        ids=str,
    )
    def test_what_stays_as_it_was_made(self, api: Any, fixed: dict[str, Any]) -> None:
        one = make(api)
        (name,) = fixed
        assert name in api.refused("PUT", f"/load_balancers/{one['id']}", {**body(), **fixed})

    def test_rules_come_and_go(self, api: Any) -> None:
        one = make(api)
        path = f"/load_balancers/{one['id']}/forwarding_rules"
        assert api.call("POST", path, {"forwarding_rules": [TLS]}).status == 204
        assert [rule["entry_port"] for rule in read(api, one["id"])["forwarding_rules"]] == [80, 443]
        assert "443 is used twice" in api.refused("POST", path, {"forwarding_rules": [TLS]})
        assert api.call("DELETE", path, {"forwarding_rules": [HTTP]}).status == 204
        assert [rule["entry_port"] for rule in read(api, one["id"])["forwarding_rules"]] == [443]
        assert "at least one" in api.refused("DELETE", path, {"forwarding_rules": [TLS]})


class TestTargets:
    @pytest.fixture
    def ids(self, api: Any) -> list[int]:
        """Two with the tag in the region, one without, and one elsewhere."""
        common = {"size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64"}
        kinds = [("fra1", ["web"]), ("fra1", ["web"]), ("fra1", []), ("nyc3", ["web"])]
        return [
            api.ok("POST", "/droplets", {"name": f"d{number}", "region": region, "tags": tags, **common})["droplet"][
                "id"
            ]
            for number, (region, tags) in enumerate(kinds)
        ]

    def test_by_id(self, api: Any, ids: list[int]) -> None:
        one = make(api, droplet_ids=ids[:1])
        path = f"/load_balancers/{one['id']}/droplets"
        assert api.call("POST", path, {"droplet_ids": ids[1:3]}).status == 204
        assert api.call("DELETE", path, {"droplet_ids": ids[:1]}).status == 204
        assert read(api, one["id"])["droplet_ids"] == ids[1:3]
        assert api.refused("POST", path, {"droplet_ids": []}) == "need to provide either a tag or a list of droplets"
        assert f"droplet {ids[3]} is not in region fra1" in api.refused("POST", path, {"droplet_ids": ids[3:]})
        assert "droplet 9 does not exist" in api.refused("POST", path, {"droplet_ids": [9]})
        api.call("DELETE", f"/droplets/{ids[1]}")
        assert read(api, one["id"])["droplet_ids"] == ids[2:3]

    def test_by_tag_are_those_that_carry_it_now(self, api: Any, ids: list[int]) -> None:
        one = make(api, tag="web")
        assert (one["tag"], one["droplet_ids"]) == ("web", ids[:2])
        path = f"/load_balancers/{one['id']}/droplets"
        assert "with a tag" in api.refused("POST", path, {"droplet_ids": ids[2:3]})
        assert put(api, one, droplet_ids=ids[2:3])["tag"] == ""

    def test_not_by_both(self, api: Any) -> None:
        refusal = api.refused("POST", "/load_balancers", body(tag="web", droplet_ids=[2]))
        assert refusal == "tag and droplet_ids are mutually exclusive"

    def test_at_most_ten_by_id(self, api: Any) -> None:
        assert "at most 10" in api.refused("POST", "/load_balancers", body(droplet_ids=list(range(1, 12))))


class TestGlobal:
    def test_it_has_settings_in_the_place_of_rules(self, api: Any) -> None:
        regional = make(api)
        one = api.ok("POST", "/load_balancers", {**GLOBAL, "target_load_balancer_ids": [regional["id"]]})
        one = read(api, one["load_balancer"]["id"])
        assert {"region", "vpc_uuid", "forwarding_rules"} & one.keys() == set()
        assert one["glb_settings"] == {"target_protocol": "http", "target_port": 80, "cdn": {"is_enabled": False}}
        assert one["domains"] == [{"name": "clinic.example", "is_managed": False, "certificate_id": ""}]
        assert one["target_load_balancer_ids"] == [regional["id"]]
        assert api.call("DELETE", f"/load_balancers/{one['id']}/cache").status == 204
        assert "global" in api.refused("DELETE", f"/load_balancers/{regional['id']}/cache")
        api.ok("DELETE", f"/load_balancers/{regional['id']}")
        assert read(api, one["id"])["target_load_balancer_ids"] == []

    @pytest.mark.parametrize(
        ("more", "word"),
        [
            ({"region": "fra1"}, "region"),
            ({"forwarding_rules": [HTTP]}, "forwarding_rules"),
            ({"glb_settings": {}}, "glb_settings"),
            ({"glb_settings": {**GLOBAL["glb_settings"], "target_port": 8080}}, "target_port"),
            ({"glb_settings": {**GLOBAL["glb_settings"], "region_priorities": {"fra1": 1}}}, "failover_threshold"),
            ({"target_load_balancer_ids": [NOWHERE]}, NOWHERE),
            ({"domains": [{"name": "a.example"}, {"name": "a.example"}]}, "once"),
            ({"domains": [{"is_managed": True}]}, "name"),
        ],
        ids=str,
    )
    def test_what_it_cannot_be(self, api: Any, more: dict[str, Any], word: str) -> None:
        assert word in api.refused("POST", "/load_balancers", {**GLOBAL, **more})


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "word"),
        [
            ({"name": " "}, "blank"),
            ({"region": "mars1"}, "region mars1"),
            ({"region": "nyc2"}, "region nyc2"),
            ({"vpc_uuid": NOWHERE}, NOWHERE),
            ({"project_id": NOWHERE}, NOWHERE),
            ({"forwarding_rules": [HTTP, {**HTTP, "target_port": 1}]}, "80 is used twice"),
            ({"forwarding_rules": [{**HTTP, "entry_port": 70000}]}, "entry_port"),
            ({"forwarding_rules": [{**HTTP, "entry_protocol": "udp"}]}, "must both be udp"),
            ({"forwarding_rules": [{**HTTP, "entry_protocol": "https"}]}, "certificate_id or tls_passthrough"),
            ({"forwarding_rules": [{**TLS, "certificate_id": NOWHERE}]}, "mutually exclusive"),
            ({"type": "REGIONAL_NETWORK"}, "tcp and udp only"),
            ({"health_check": {"path": "health"}}, "path"),
            ({"health_check": {"check_interval_seconds": 1}}, "check_interval_seconds"),
            ({"sticky_sessions": {"type": "cookies"}}, "cookie_name"),
            ({"firewall": {"deny": ["1.2.3.4"]}}, "ip:1.2.3.4"),
            ({"firewall": {"allow": ["cidr:1.2.3.4"]}}, "cidr:1.2.3.4"),
            ({"domains": [{"name": "a.example"}]}, "global"),
        ],
        ids=str,
    )
    def test_what_it_cannot_be(self, api: Any, more: dict[str, Any], word: str) -> None:
        assert word in api.refused("POST", "/load_balancers", {**body(), **more})
        assert api.ok("GET", "/load_balancers")["load_balancers"] == []

    def test_without_rules(self, api: Any) -> None:
        refusal = api.refused("POST", "/load_balancers", {"name": "edge", "region": "fra1"})
        assert "at least one is required" in refusal

    def test_names_are_taken_once(self, api: Any) -> None:
        make(api)
        assert api.refused("POST", "/load_balancers", body()) == "name is not unique"

    def test_udp_and_http3_share_a_port_with_the_others(self, api: Any) -> None:
        udp = {"entry_protocol": "udp", "entry_port": 80, "target_protocol": "udp", "target_port": 80}
        assert len(make(api, forwarding_rules=[HTTP, udp])["forwarding_rules"]) == 2

    @pytest.mark.parametrize(("method", "below"), [("GET", ""), ("PUT", ""), ("DELETE", ""), ("DELETE", "/cache")])
    def test_one_that_is_not_there(self, api: Any, method: str, below: str) -> None:
        api.refused(method, f"/load_balancers/{NOWHERE}{below}", body() if method == "PUT" else None, 404)


def test_its_network_stays_while_it_is_there(api: Any) -> None:
    api.vpc("first")
    vpc = api.vpc()
    one = make(api, vpc_uuid=vpc["id"])
    members = api.ok("GET", f"/vpcs/{vpc['id']}/members?resource_type=loadbalancer")["members"]
    assert [(row["name"], row["urn"]) for row in members] == [("edge", f"do:loadbalancer:{one['id']}")]
    assert "members" in api.refused("DELETE", f"/vpcs/{vpc['id']}", None, 409)
    assert api.call("DELETE", f"/load_balancers/{one['id']}").status == 204
    api.refused("GET", f"/load_balancers/{one['id']}", None, 404)
    assert api.call("DELETE", f"/vpcs/{vpc['id']}").status == 204
    assert api.ok("GET", "/projects/default/resources")["resources"] == []


def test_lists_by_name_as_the_go_client_asks(api: Any) -> None:
    api.admin.seed(load_balancers=30)
    one = make(api)
    assert len(api.ok("GET", "/load_balancers")["load_balancers"]) == 20
    for query in ("names=edge", f"uuids={one['id']}"):
        assert api.ok("GET", f"/load_balancers?{query}")["load_balancers"] == [one]
