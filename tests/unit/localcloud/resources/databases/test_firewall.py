# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trusted sources."""

from __future__ import annotations

import pytest

APP = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf"
INSIDE = {"type": "ip_addr", "value": "10.0.0.0/8"}


def rules(cloud, path):
    return cloud.ok("GET", f"{path}/firewall")["rules"]


def test_every_kind_of_rule_comes_back_completed(cloud):
    path = cloud.database("main")
    cloud.world.table("apps").insert(APP, {"id": APP})
    wanted = [
        {"type": "app", "value": APP},
        {"type": "ip_addr", "value": "192.0.2.1", "description": "office"},
        {"type": "ip_addr", "value": "10.0.0.0/8"},
        {"type": "droplet", "value": "163973392"},
        {"type": "k8s", "value": "ff2a6c52-5a44-4b63-b99c-0e98e7a63d61"},
        {"type": "tag", "value": "backend"},
    ]
    assert cloud.ok("PUT", f"{path}/firewall", {"rules": wanted}, 204) is None
    found = rules(cloud, path)
    assert [{key: row[key] for key in ("type", "value", "description") if key in row} for row in found] == wanted
    assert {row["cluster_uuid"] for row in found} == {path.rpartition("/")[2]}
    assert len({row["uuid"] for row in found}) == len(wanted)
    assert all(row["created_at"].endswith("Z") for row in found)
    assert cloud.ok("GET", path)["database"]["rules"] == found


def test_a_put_replaces_the_list_and_keeps_who_was_there(cloud):
    path = cloud.database("main", rules=[INSIDE, {"type": "tag", "value": "old"}])
    kept = rules(cloud, path)[0]
    cloud.ok("PUT", f"{path}/firewall", {"rules": [{"type": "tag", "value": "new"}, INSIDE]})
    assert [row["value"] for row in rules(cloud, path)] == ["new", "10.0.0.0/8"]
    assert rules(cloud, path)[1] == kept
    cloud.ok("PUT", f"{path}/firewall", {"rules": []})
    assert rules(cloud, path) == []


def test_what_was_read_can_be_written_back_as_the_go_client_does(cloud):
    path = cloud.database("main", rules=[INSIDE])
    new = {**INSIDE, "value": "192.0.2.1", "uuid": "", "cluster_uuid": "", "created_at": "0001-01-01T00:00:00Z"}
    found = rules(cloud, path)
    cloud.ok("PUT", f"{path}/firewall", {"rules": [*found, new]}, 204)
    assert rules(cloud, path)[0] == found[0]
    assert rules(cloud, path)[1]["uuid"]
    assert rules(cloud, path)[1]["created_at"] > "2026"
    cloud.ok("PUT", f"{path}/firewall", {"rules": None}, 204)
    assert rules(cloud, path) == []


def test_a_rule_for_an_app_that_has_gone_can_stay(cloud):
    path = cloud.database("main")
    cloud.world.table("apps").insert(APP, {"id": APP})
    cloud.ok("PUT", f"{path}/firewall", {"rules": [{"type": "app", "value": APP}]})
    cloud.world.table("apps").delete(APP)
    cloud.ok("PUT", f"{path}/firewall", {"rules": [*rules(cloud, path), INSIDE]}, 204)
    cloud.ok("PUT", f"{path}/firewall", {"rules": [INSIDE]}, 204)
    assert "app not found" in cloud.refused("PUT", f"{path}/firewall", {"rules": [{"type": "app", "value": APP}]})


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"type": "ip_addr", "value": "2001:db8::1"}, "invalid rule with type IP_ADDR because: invalid ip format"),
        ({"type": "ip_addr", "value": "2001:db8::/32"}, "invalid rule with type IP_ADDR because: invalid ip format"),
        ({"type": "ip_addr", "value": "10.0.0.0/33"}, "invalid ip format"),
        ({"type": "ip_addr", "value": "example.com"}, "invalid ip format"),
        ({"type": "app", "value": APP}, "invalid rule with type APP because: app not found"),
        ({"type": "app", "value": "my-app"}, "invalid app id"),
        ({"type": "droplet", "value": "web-1"}, "invalid droplet id"),
        ({"type": "k8s", "value": "my-cluster"}, "invalid kubernetes cluster id"),
        ({"type": "tag", "value": "two words"}, "invalid tag name"),
        ({"type": "tag", "value": ""}, "invalid rule with type TAG"),
        (INSIDE, "duplicate rule with type IP_ADDR"),
    ],
)
def test_a_wrong_rule_leaves_the_list_as_it_was(cloud, rule, message):
    path = cloud.database("main", rules=[INSIDE])
    before = rules(cloud, path)
    other = {"type": "tag", "value": "fine"}
    assert message in cloud.refused("PUT", f"{path}/firewall", {"rules": [INSIDE, other, rule]})
    assert rules(cloud, path) == before


def test_there_are_at_most_a_hundred_rules(cloud):
    path = cloud.database("main")
    many = [{"type": "ip_addr", "value": f"10.0.0.{number}"} for number in range(101)]
    assert "limited to 100" in cloud.refused("PUT", f"{path}/firewall", {"rules": many})
    cloud.ok("PUT", f"{path}/firewall", {"rules": many[:100]}, 204)
