# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about cloud firewalls: rules as sets, what others have set, and what the API says in riddles."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

HTTPS: dict[str, Any] = {"protocol": "tcp", "ports": "443", "sources": {"addresses": ["0.0.0.0/0"]}}
OUT: dict[str, Any] = {"protocol": "tcp", "ports": "all", "destinations": {"addresses": ["0.0.0.0/0"]}}


def test_an_id_renames_and_keeps_all_else(cloud: LocalCloud) -> None:
    renamed = {"id": "{{ made.firewall.id }}", "name": "front"}
    run = inside(
        cloud,
        [
            Step("tag", "tag", {"name": "edge"}),
            Step("made", "firewall", {"name": "edge", "inbound_rules": [HTTPS], "tags": ["edge"]}, register="made"),
            Step("check", "firewall", renamed, check=True),
            Step("rename", "firewall", renamed),
            Step("again", "firewall", renamed),
            Step("info", "firewall_info", {"name": "front"}),
        ],
    )
    assert run.good("check").result["diff"] == run.good("rename").result["diff"]
    (now,) = run["info"].result["firewalls"]
    assert (now["tags"], now["inbound_rules"]) == (["edge"], run["made"].result["firewall"]["inbound_rules"])
    assert run.good("again").write_list == []


def test_whoever_is_denied_is_not_let_in_by_a_rule_that_is_otherwise_the_same(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("allow", "firewall", {"name": "edge", "inbound_rules": [HTTPS]}),
            Step("deny", "firewall", {"name": "edge", "inbound_rules": [{**HTTPS, "action": "deny"}]}),
            Step("again", "firewall", {"name": "edge", "inbound_rules": [{**HTTPS, "action": "deny"}]}),
            Step("both", "firewall", {"name": "edge", "inbound_rules": [HTTPS, {**HTTPS, "action": "deny"}]}),
        ],
    )
    assert run.good("deny").changed
    assert [rule["action"] for rule in run["deny"].result["firewall"]["inbound_rules"]] == ["deny"]
    assert run.good("again").write_list == []
    assert len(run.good("both").result["firewall"]["inbound_rules"]) == 2


def test_one_without_droplets_is_not_waited_for(cloud: LocalCloud) -> None:
    """Nothing is pending then, whatever its status says."""
    run = inside(
        cloud,
        [Step("made", "firewall", {"name": "edge", "outbound_rules": [OUT]}, before=[admin("settings", speed="1000")])],
    )
    assert run.good("made").changed
    assert run["made"].result["firewall"]["status"] == "waiting"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no rule": ({}, "it would have no rule"),
    "no ports": ({"inbound_rules": [{**HTTPS, "ports": None}]}, "ports of a tcp rule are missing"),
    "nobody": ({"inbound_rules": [{**HTTPS, "sources": {"tags": []}}]}, "sources of a rule name nobody"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_told_before_anything_is_made(cloud: LocalCloud, case: str) -> None:
    options, words = REFUSED[case]
    wanted = {"name": "edge", **options}
    run = inside(cloud, [Step("check", "firewall", wanted, check=True), Step("real", "firewall", wanted)])
    for name in ("check", "real"):
        run.assert_refused(name, words)


def test_the_last_rule_stays(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("made", "firewall", {"name": "edge", "inbound_rules": [HTTPS]}),
            Step("none", "firewall", {"name": "edge", "inbound_rules": []}),
        ],
    )
    run.assert_refused("none", "it would have no rule")


def test_a_load_balancer_is_let_in_by_its_name(cloud: LocalCloud) -> None:
    rule = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 80}
    peers = [{"load_balancers": ["edge"]}, {"load_balancer_uids": ["{{ edge.load_balancer.id }}"]}]
    by_name, by_id = ({"name": "edge", "inbound_rules": [{**HTTPS, "sources": sources}]} for sources in peers)
    run = inside(
        cloud,
        [
            Step("nobody", "firewall", by_name),
            Step("predicted", "firewall", by_name, check=True),
            Step(
                "edge",
                "load_balancer",
                {"name": "edge", "region": "fra1", "tag": "edge", "forwarding_rules": [rule]},
                register="edge",
            ),
            Step("made", "firewall", by_name),
            Step("by its id", "firewall", by_id),
        ],
    )
    run.assert_refused("nobody", 'There is no load balancer "edge": create it first, or correct its name.')
    assert run.good("predicted").changed
    uids = [run["edge"].result["load_balancer"]["id"]]
    assert run.good("made").result["firewall"]["inbound_rules"][0]["sources"]["load_balancer_uids"] == uids
    assert run.good("by its id").write_list == []
