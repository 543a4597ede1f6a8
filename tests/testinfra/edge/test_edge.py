# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names lead to a load balancer with proxies that nobody else reaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ZONE = "fisioflow.example"


def test_the_names_lead_to_the_load_balancer(account: Any, only: Callable[..., dict[str, Any]]) -> None:
    balancer = only(account.rows("/v2/load_balancers", "load_balancers"))
    records = account.rows(f"/v2/domains/{ZONE}/records", "domain_records")
    assert {(row["name"], row["data"]) for row in records if row["type"] == "A"} == {
        ("@", balancer["ip"]),
        ("www", balancer["ip"]),
    }
    issuers = {row["data"] for row in records if row["type"] == "CAA"}
    assert issuers == {"letsencrypt.org", "pki.goog"}


def test_only_the_load_balancer_reaches_the_proxies(account: Any, only: Callable[..., dict[str, Any]]) -> None:
    balancer = only(account.rows("/v2/load_balancers", "load_balancers"))
    firewall = only(account.rows("/v2/firewalls", "firewalls"))
    assert len(balancer["droplet_ids"]) == 2
    assert [rule["sources"]["load_balancer_uids"] for rule in firewall["inbound_rules"]] == [[balancer["id"]]]
