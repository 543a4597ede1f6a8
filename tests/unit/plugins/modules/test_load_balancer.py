# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A load balancer is replaced as a whole: what others have set, and what nobody knows here, goes along."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.load_balancer import LoadBalancer
from tests.unit.plugins.module_utils.scripted import answer, api, scripted

ID = "4de7ac8b-495b-4884-9a69-1050c6793cd6"
HTTPS = {"entry_protocol": "https", "entry_port": 443, "target_protocol": "http", "target_port": 8080}
# As somebody made it by hand, or Terraform did.
FOREIGN: dict[str, Any] = {
    "id": ID,
    "name": "edge",
    "ip": "198.18.1.1",
    "ipv6": "2001:db8::1",
    "status": "active",
    "created_at": "2026-11-24T03:00:00Z",
    "size": "lb-medium",
    "size_unit": 3,
    "algorithm": "least_connections",
    "region": {"slug": "fra1", "name": "Frankfurt 1", "available": True, "features": [], "sizes": []},
    "tag": "web",
    "droplet_ids": [7, 8],
    "forwarding_rules": [{**HTTPS, "certificate_id": "c1", "tls_passthrough": False, "rule_mode": "new"}],
    "health_check": {"protocol": "tcp", "port": 22, "path": "", "proxy_protocol": True},
    "sticky_sessions": {"type": "none"},
    "firewall": {"allow": ["ip:192.0.2.1"], "deny": []},
    "redirect_http_to_https": True,
    "http_idle_timeout_seconds": 90,
    "vpc_uuid": "5a4981aa-9653-4bd1-bef5-d6bff52042e4",
    "project_id": "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30",
    "subnet_uuid": "d4ba5b5a-9738-4a6a-b78d-4a86efb9f9e0",
    "shape_of_tomorrow": {"curved": True},
}


class Account:
    """Has that one, takes what is put, and remembers it."""

    url = "https://api.test"

    def __init__(self) -> None:
        self.row = FOREIGN
        self.bodies: list[Any] = []

    def send(self, method: str, path: str, *, body: Any, **_more: Any) -> Any:
        if method == "PUT":
            self.bodies.append(body)
            self.row = {**self.row, **body, "region": FOREIGN["region"]}
        if method == "GET" and not path.endswith(ID):
            return answer(200, {"load_balancers": [self.row], "links": {}, "meta": {"total": 1}})
        return answer(200, {"load_balancer": self.row})


def put(**options: Any) -> tuple[dict[str, Any], list[Any]]:
    account = Account()
    spec = LoadBalancer.argument_spec()["argument_spec"]
    params = {key: option.get("default") for key, option in spec.items()} | {"name": "edge"} | options
    return execute(scripted(LoadBalancer, api(account)), Invocation(params)), account.bodies


def test_all_of_it_goes_along() -> None:
    result, bodies = put(enable_proxy_protocol=True)
    assert result["changed"]
    kept = {name: value for name, value in FOREIGN.items() if name not in ("id", "ip", "ipv6", "status", "created_at")}
    # Its Droplets are those of its tag, the size is said once, and a path is none of a TCP check.
    for name in ("droplet_ids", "size"):
        del kept[name]
    kept["health_check"] = {"protocol": "tcp", "port": 22, "proxy_protocol": True}
    assert bodies == [{**kept, "region": "fra1", "enable_proxy_protocol": True}]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"forwarding_rules": [HTTPS], "region": "fra1", "tag": "web", "size_unit": 3},
        {"health_check": {"port": "22"}, "firewall": {"allow": ["ip:192.0.2.1"]}, "enable_backend_keepalive": False},
        {"tls_cipher_policy": "DEFAULT", "disable_lets_encrypt_dns_records": False},
    ],
    ids=str,
)
def test_it_is_taken_over_without_a_difference(options: dict[str, Any]) -> None:
    result, bodies = put(**options)
    assert (result.get("msg"), result["changed"], bodies) == (None, False, [])


def test_a_rule_keeps_what_it_leaves_out_and_tls_ends_in_one_place() -> None:
    _result, bodies = put(forwarding_rules=[{**HTTPS, "target_port": 9090}])
    (rule,) = bodies[0]["forwarding_rules"]
    assert rule == {**HTTPS, "target_port": 9090, "certificate_id": "c1", "tls_passthrough": False, "rule_mode": "new"}
    _result, bodies = put(forwarding_rules=[{**HTTPS, "target_protocol": "https", "tls_passthrough": True}])
    assert (
        bodies[0]["forwarding_rules"][0]["certificate_id"],
        bodies[0]["forwarding_rules"][0]["tls_passthrough"],
    ) == (
        "",
        True,
    )


def test_a_certificate_ends_what_was_passed_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FOREIGN, "forwarding_rules", [{**HTTPS, "certificate_id": "", "tls_passthrough": True}])
    _result, bodies = put(forwarding_rules=[{**HTTPS, "certificate_id": "c2"}])
    assert bodies[0]["forwarding_rules"] == [{**HTTPS, "certificate_id": "c2", "tls_passthrough": False}]


def test_numbers_in_the_place_of_the_tag() -> None:
    result, bodies = put(droplet_ids=[7, 8])
    assert result["changed"]
    assert (bodies[0].get("tag"), bodies[0]["droplet_ids"]) == (None, [7, 8])
