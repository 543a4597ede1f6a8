# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an environment costs, beside others in the same account, and what costs money for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.account import undeclared
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.costs import environment_costs
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.costs_pages import costs_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_markdown, document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.html_pages import document_html
from tests.unit.plugins.plugin_utils.accounts import ABOUT, VPC, balancer, cluster, droplet, found
from tests.unit.plugins.plugin_utils.wanted import inputs, offers

SIZES = offers()["instance_sizes"]
BILLING = {
    "month_to_date_usage": "61.30",
    "month_to_date_balance": "61.30",
    "account_balance": "0.00",
    "generated_at": "2026-11-28T21:00:00Z",
}


def costs(about: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return environment_costs(found(**more), {**ABOUT, **(about or {})}, inputs(), SIZES, BILLING)


def orphans(**more: Any) -> dict[str, list[str]]:
    return {row["called"]: row["why"] for row in costs(**more)["orphans"]}


def test_what_is_there_has_a_line_each_and_others_are_apart() -> None:
    made = costs(database_clusters=[cluster("clinic-pg"), cluster("theirs")], droplets=[droplet("theirs-too")])
    assert [(line["called"], line["usd"]) for line in made["there"]["lines"]] == [
        ("clinic", 24.0),
        ("clinic-pg", 15.15),
    ]
    assert made["there"]["total"] == 39.15
    assert [(line["called"], line["usd"]) for line in made["others"]["lines"]] == [
        ("theirs", 15.15),
        ("theirs-too", 6.0),
    ]
    assert made["findings"] == []


def test_each_kind_has_its_price() -> None:
    disk = cluster("clinic-pg", storage_size_mib=30 * 1024)
    scaling = {"min_instance_count": 2, "max_instance_count": 3}
    parts = {
        "services": [{"instance_size_slug": "apps-d-1vcpu-1gb", "autoscaling": scaling}],
        "workers": [{"instance_size_slug": "apps-s-1vcpu-0.5gb"}],
    }
    made = costs(
        apps=[{"id": "id-app", "spec": {"name": "clinic", **parts}}],
        database_clusters=[disk],
        load_balancers=[balancer("clinic-lb", droplet_ids=[7])],
        spaces_buckets=[{"name": "clinic-a"}, {"name": "clinic-b"}],
        uptime_checks=[{"id": "1", "name": "clinic"}, {"id": "2", "name": "clinic-slo"}],
    )
    told = [(line["item"], line["usd"], line["usd_max"]) for line in made["there"]["lines"]]
    assert told == [
        ("App Platform", 68.0, 102.0),
        ("App Platform", 5.0, 5.0),
        ("PostgreSQL", 15.15, 15.15),
        ("PostgreSQL storage", 4.3, 4.3),
        ("Load balancer", 24.0, 24.0),
        ("Uptime checks", 1, 1),
        ("Spaces + CDN", 5, 5),
    ]


@pytest.mark.parametrize(("others", "usd"), [([], 0), (["theirs"], 1)])
def test_the_uptime_check_that_is_free_is_anothers_when_there_is_any(others: list[str], usd: float) -> None:
    names = ["clinic health", *others]
    checks = [{"id": name, "name": name, "type": "https"} for name in names]
    made = environment_costs(found(uptime_checks=checks), ABOUT, inputs(monitoring_name="clinic"), SIZES, BILLING)
    sums = {
        bill: sum(line["usd"] for line in made[bill]["lines"] if line["item"] == "Uptime checks")
        for bill in ("planned", "there", "others")
    }
    assert sums == {"planned": usd, "there": usd, "others": 0}


def test_the_document_stands_beside_it_and_so_does_what_it_does_not_have() -> None:
    rows = costs(droplets=[droplet("clinic-edge-1", vpc_uuid=VPC)])["document"]
    assert sum(row["document"] for row in rows) == 59
    assert [(row["service"], row["planned"], row["there"]) for row in rows] == [
        ("App Platform", 12.0, 24.0),
        ("PostgreSQL", 15.15, 15.15),
        ("Redis", 15.0, 0),
        ("Spaces", 5.0, 0),
        ("Load Balancer", 0, 0),
        ("", 0, 6.0),
    ]


def test_what_has_no_price_is_a_finding_where_it_is_ours() -> None:
    glb = balancer("clinic-glb", type="GLOBAL", droplet_ids=[7])
    made = costs(load_balancers=[glb, balancer("their-glb", type="GLOBAL", droplet_ids=[7])])
    assert made["there"]["total"] is None
    assert {"finding": "unpriced_there", "what": ["Load balancer (2 × GLOBAL)"]} in made["findings"]
    assert [row["finding"] for row in costs(load_balancers=[{**glb, "name": "other"}])["findings"]] == []


@pytest.mark.parametrize(
    ("budget", "over"), [(0, []), (40, ["over_budget_planned"]), (30, ["over_budget_planned", "over_budget_there"])]
)
def test_a_budget_is_held_against_both(budget: float, over: list[str]) -> None:
    assert [row["finding"] for row in costs({"budget": budget})["findings"]] == over


# ── What is nobody's ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_serves_nothing_is_told_wherever_it_is() -> None:
    told = orphans(
        droplets=[droplet("stopped", status="off"), droplet("busy", id=8, tags=["web"])],
        load_balancers=[
            balancer("empty"),
            balancer("nobody-has-its-tag", tag="gone"),
            balancer("by-tag", tag="web"),
            balancer("by-id", droplet_ids=[8]),
            balancer("of-others", type="GLOBAL", target_load_balancer_ids=["id"]),
        ],
    )
    images = [
        {"id": 1, "name": "old", "type": "snapshot", "size_gigabytes": 10, "created_at": "2026-08-01T00:00:00Z"},
        {"id": 2, "name": "young", "type": "snapshot", "size_gigabytes": 1, "created_at": "2026-09-01T00:00:00Z"},
        {"id": 3, "name": "backup", "type": "backup", "size_gigabytes": 1, "created_at": "2026-08-01T00:00:00Z"},
    ]
    addresses = [{"ip": "198.19.128.1", "droplet": None}, {"ip": "198.19.128.2", "droplet": {"id": 8}}]
    rest = costs(images=images, reserved_ips=addresses)["orphans"]
    assert [(row["called"], row["why"], row["usd"]) for row in rest] == [
        ("198.19.128.1", ["unassigned"], 5),
        ("old", ["old"], 0.6),
    ]
    assert told == {"stopped": ["off"], "empty": ["untargeted"], "nobody-has-its-tag": ["untargeted"]}


def test_what_counts_to_the_environment_and_nobody_declared_is_told_with_the_reason() -> None:
    told = orphans(
        droplets=[
            droplet("clinic-old"),
            droplet("tagged", id=8, tags=["clinic-edge"]),
            droplet("inside", id=9, vpc_uuid=VPC),
            droplet("assigned", id=10),
            droplet("clinical", id=11),
            droplet("clinic 2", id=12),
        ],
        projects=[{"id": "1", "name": "clinic", "resources": ["do:droplet:10"]}],
    )
    assert told == {
        "clinic-old": ["name"],
        "clinic 2": ["name"],
        "tagged": ["tag"],
        "inside": ["network"],
        "assigned": ["project"],
    }


def test_what_a_declared_pool_has_made_is_declared() -> None:
    of_pool = droplet("clinic-edge-1a2b", id=8)
    pools = [
        {"id": "1", "name": "clinic-edge", "members": [{"droplet_id": 8}]},
        {"id": "2", "name": "x", "members": []},
    ]
    assert orphans(droplets=[of_pool], droplet_autoscale_pools=pools) == {}
    lines = costs(droplets=[of_pool], droplet_autoscale_pools=pools)["there"]["lines"]
    assert [line["item"] for line in lines if line["kind"] == "droplet"] == ["Edge proxies"]
    assert orphans(droplets=[of_pool], droplet_autoscale_pools=pools[1:]) == {"clinic-edge-1a2b": ["name"]}


def test_what_people_know_is_not_told() -> None:
    of = {"droplets": [droplet("clinic-jump", status="off"), droplet("stopped", id=8, status="off")]}
    assert set(orphans(about={"known": ["*-jump"]}, **of)) == {"stopped"}
    assert set(orphans(about={"known": ["8"]}, **of)) == {"clinic-jump"}


def test_what_costs_nothing_is_no_orphan_but_nobody_declared_it_all_the_same() -> None:
    there = found(firewalls=[{"id": "1", "name": "clinic-edge"}])
    assert [(row["noun"], row["called"]) for row in undeclared(there, ABOUT, ABOUT["declared"], [])] == [
        ("firewall", "clinic-edge")
    ]
    assert orphans(firewalls=[{"id": "1", "name": "clinic-edge"}]) == {}


def test_a_member_that_no_list_has_is_told_by_what_the_network_says_of_it() -> None:
    members = [{"urn": "do:kubernetes:1", "name": "k8s"}, {"urn": "do:dbaas:2", "name": "a-replica"}]
    there = found(vpcs=[{"id": VPC, "name": "clinic", "members": members}])
    rows = undeclared(there, ABOUT, ABOUT["declared"], [])
    assert [(row["noun"], row["called"], row["why"]) for row in rows] == [
        ("database cluster", "a-replica", ["network"]),
        ("kubernetes", "k8s", ["network"]),
    ]


# ── As pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_forms_say_the_same_in_either_language() -> None:
    made = costs(droplets=[droplet("clinic-<b>old", status="off")])
    english, portuguese = costs_document(made), costs_document(made, "pt_BR")
    assert english["headline"] == "Costs · test · 1 to look after · $47.15 a month planned, $45.15 there"
    assert (
        portuguese["headline"] == "Custos · test · 1 pendência(s) · US$ 47,15 por mês planejados, US$ 45,15 existentes"
    )
    sentence = (
        "Droplet clinic-<b>old (7) costs $6.00 a month: nobody declared it, and it carries the environment's name"
    )
    assert sentence in document_page(english)
    assert sentence.replace("<", "&lt;") in document_markdown(english)
    assert sentence.replace("<b>", "&lt;b&gt;").replace("'", "&#x27;") in document_html(
        english, "test", ABOUT["made_at"]
    )
    assert "ele leva o nome do ambiente" in document_page(portuguese)


def test_the_page_is_whole_without_any_other_host() -> None:
    page = document_html(costs_document(costs(), "pt_BR"), "test", ABOUT["made_at"])
    assert "http" not in page.replace("http-equiv", "")
    assert [word for word in ("<script", "url(", "@import", "src=", "<link") if word in page] == []
    assert '<html lang="pt-BR">' in page
    assert 'name="viewport"' in page
    assert "@media print" in page
