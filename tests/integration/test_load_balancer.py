# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about load balancers: targets, size, global ones, and those that cannot be made or deleted."""

from __future__ import annotations

from typing import Any

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

HTTP = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 8080}
EDGE: dict[str, Any] = {"name": "edge", "region": "fra1", "forwarding_rules": [HTTP], "timeout": 30, "wait_timeout": 30}
WORLD: dict[str, Any] = {
    "name": "world",
    "type": "GLOBAL",
    "glb_settings": {
        "target_protocol": "http",
        "target_port": 80,
        "region_priorities": {"fra1": 1, "nyc3": 2},
        "failover_threshold": 50,
    },
    "domains": [{"name": "clinic.example", "is_managed": True}, {"name": "www.clinic.example"}],
    "target_load_balancer_ids": ["{{ edge.load_balancer.id }}"],
}
DROPLET = {"size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64", "region": "fra1"}


def shown(outcome: Any, *names: str) -> list[Any]:
    return [outcome.result["load_balancer"][name] for name in names]


def test_renames_by_id_and_tells_the_way_out_without(cloud: LocalCloud) -> None:
    by_id = {"id": "{{ edge.load_balancer.id }}", "name": "door"}
    run = inside(
        cloud,
        [
            Step("made", "load_balancer", EDGE, register="edge"),
            Step("check", "load_balancer", by_id, check=True),
            Step("rename", "load_balancer", by_id),
            Step("again", "load_balancer", by_id),
            Step("half", "load_balancer", {"name": "half", "region": "fra1"}),
            Step("half a global one", "load_balancer", {"name": "half", "type": "GLOBAL"}),
            Step("mars", "load_balancer", {**EDGE, "name": "mars", "region": "mars1"}),
            Step("both", "load_balancer", {**EDGE, "name": "both", "tag": "web", "droplet_ids": [1]}),
            Step("path", "load_balancer", {"name": "door", "health_check": {"protocol": "tcp", "path": "/x"}}),
            Step("by name", "load_balancer_info", {"name": "door", "type": "REGIONAL"}),
        ],
    )
    assert run.good("check").result["diff"] == run.good("rename").result["diff"]
    assert shown(run["rename"], "name", "ip") == ["door", *shown(run["made"], "ip")]
    assert run.good("again").writes == run["check"].writes == []
    run.assert_refused("half", 'Load balancer "half" does not exist: to create it, set also forwarding_rules')
    run.assert_refused("half a global one", "set also glb_settings")
    run.assert_refused("mars", "region 'mars1' is not on offer")
    run.assert_refused("path", "path is for http and https")
    assert "mutually exclusive: droplet_ids|tag" in run["both"].message
    assert [row["name"] for row in run.good("by name").result["load_balancers"]] == ["door"]


def test_targets_by_number_then_by_tag_and_back(cloud: LocalCloud) -> None:
    numbers = {"name": "edge", "droplet_ids": ["{{ two.droplet.id }}", "{{ one.droplet.id }}"]}
    tag = {"name": "edge", "tag": "web"}
    run = inside(
        cloud,
        [
            Step("one", "droplet", {**DROPLET, "name": "one", "tags": ["web"]}, register="one"),
            Step("two", "droplet", {**DROPLET, "name": "two"}, register="two"),
            Step("made", "load_balancer", {**EDGE, "droplet_ids": ["{{ one.droplet.id }}", "{{ two.droplet.id }}"]}),
            Step("order", "load_balancer", numbers),
            Step("tag", "load_balancer", tag),
            Step("tag again", "load_balancer", tag),
            Step("other change", "load_balancer", {"name": "edge", "enable_proxy_protocol": True}),
            Step("numbers check", "load_balancer", numbers, check=True),
            Step("numbers", "load_balancer", numbers),
            Step("numbers again", "load_balancer", numbers),
            Step("none", "load_balancer", {"name": "edge", "droplet_ids": []}),
        ],
    )
    one, two = (run[name].result["droplet"]["id"] for name in ("one", "two"))
    assert run.good("order").changed is False
    assert shown(run.good("tag"), "tag", "droplet_ids") == ["web", [one]]
    assert shown(run.good("other change"), "tag", "droplet_ids") == ["web", [one]]
    assert shown(run.good("numbers"), "tag") == [""]
    assert sorted(*shown(run["numbers"], "droplet_ids")) == sorted([one, two])
    assert run["numbers check"].result["diff"] == run["numbers"].result["diff"]
    assert run["tag again"].writes == run["numbers again"].writes == []
    assert shown(run.good("none"), "droplet_ids") == [[]]


def test_the_size_waits_for_its_hour_and_nothing_else_does(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("made", "load_balancer", EDGE),
            Step("three", "load_balancer", {"name": "edge", "size_unit": 3}),
            Step("two", "load_balancer", {"name": "edge", "size_unit": 2, "redirect_http_to_https": True}),
            Step("meanwhile", "load_balancer_info", {"name": "edge"}),
            Step("later", "load_balancer", {"name": "edge", "size_unit": 2}, before=[admin("advance", 3600)]),
        ],
    )
    assert run.good("three").changed
    early = run["two"]
    assert (early.status, early.changed) == ("failed", True)
    for words in ("change size_unit of load balancer", "once every hour", "run again when the hour is over"):
        assert words in early.message
    (now,) = run["meanwhile"].result["load_balancers"]
    assert (now["size_unit"], now["redirect_http_to_https"]) == (3, True)
    assert shown(run.good("later"), "size_unit") == [2]


def test_a_busy_one_is_waited_for(cloud: LocalCloud) -> None:
    fast = [admin("settings", speed="20x")]
    run = inside(
        cloud,
        [
            Step("made", "load_balancer", EDGE),
            Step("both", "load_balancer", {"name": "edge", "size_unit": 3, "enable_proxy_protocol": True}, before=fast),
        ],
    )
    assert shown(run.good("both"), "size_unit", "enable_proxy_protocol") == [3, True]
    # The second call came while the first one was carried out.
    assert [call["status"] for call in run["both"].calls if call["method"] == "PUT"][:2] == [200, 403]


def test_one_that_cannot_be_made(cloud: LocalCloud) -> None:
    fate = [admin("seed", **{"load_balancers.errored": 1})]
    run = inside(cloud, [Step("made", "load_balancer", EDGE, before=fate)])
    assert run["made"].status == "failed"
    assert 'Load balancer "edge" went into the state errored' in run["made"].message


def test_a_global_one(cloud: LocalCloud) -> None:
    fewer = {"name": "world", "domains": [{"name": "clinic.example"}]}
    settings = {"name": "world", "glb_settings": {"cdn": {"is_enabled": True}, "region_priorities": {"fra1": 1}}}
    run = inside(
        cloud,
        [
            Step("edge", "load_balancer", EDGE, register="edge"),
            Step("check", "load_balancer", WORLD, check=True),
            Step("made", "load_balancer", WORLD),
            Step("again", "load_balancer", WORLD),
            Step("fewer", "load_balancer", fewer),
            Step("settings check", "load_balancer", settings, check=True),
            Step("settings", "load_balancer", settings),
            Step("settings again", "load_balancer", settings),
            Step("its target", "load_balancer", {"name": "edge", "state": "absent"}),
            Step("no target", "load_balancer", {"name": "world", "target_load_balancer_ids": []}),
            Step("no more a target", "load_balancer", {"name": "edge", "state": "absent"}),
            Step("gone", "load_balancer", {"name": "world", "state": "absent"}),
        ],
    )
    assert run.good("check").result["diff"] == run.good("made").result["diff"]
    assert set(run["made"].result["load_balancer"]) == set(run["edge"].result["load_balancer"])
    assert run.good("again").writes == run.good("settings again").writes == []
    # What the domain leaves out is as it was.
    assert shown(run.good("fewer"), "domains") == [
        [{"name": "clinic.example", "is_managed": True, "certificate_id": ""}]
    ]
    assert run["settings check"].result["diff"] == run.good("settings").result["diff"]
    assert shown(run["settings"], "glb_settings") == [
        {
            "target_protocol": "http",
            "target_port": 80,
            "cdn": {"is_enabled": True},
            "region_priorities": {"fra1": 1},
            "failover_threshold": 50,
        }
    ]
    run.assert_refused("its target", "it is a target of world; take it out of target_load_balancer_ids there")
    assert run.good("no target").changed
    assert run.good("no more a target").changed
    assert run.good("gone").changed
