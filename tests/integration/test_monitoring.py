# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about alert policies, uptime checks and their alerts: unknown ids, renames, recipients."""

from __future__ import annotations

from typing import Any

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

HOOK = "https://hooks.slack.example/services/sentinel-"
NOWHERE = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
POLICY: dict[str, Any] = {
    "description": "busy",
    "type": "v1/insights/droplet/cpu",
    "compare": "GreaterThan",
    "value": 80,
    "window": "5m",
    "tags": ["web"],
    "alerts": {"slack": [{"channel": "ops", "url": f"{HOOK}one"}]},
}
CHECK = {"name": "clinic", "type": "https", "target": "https://clinic.example", "regions": ["us_east"]}
DOWN = {"check": "clinic", "name": "down", "type": "down", "period": "2m", "notifications": {"email": ["a@b.example"]}}


def test_each_is_renamed_by_its_id(cloud: LocalCloud) -> None:
    seeds = [admin("seed", alert_policies=25, uptime_checks=25)]
    policy = {"uuid": "{{ policy.monitoring_alert_policy.uuid }}", "description": "busier"}
    check = {"id": "{{ check.uptime_check.id }}", "name": "practice"}
    alert = {"check": "practice", "id": "{{ alert.uptime_alert.id }}", "name": "gone"}
    run = inside(
        cloud,
        [
            Step("policy", "monitoring_alert_policy", POLICY, register="policy", before=seeds),
            Step("check", "uptime_check", CHECK, register="check"),
            Step("alert", "uptime_alert", DOWN, register="alert"),
            Step("rename policy", "monitoring_alert_policy", policy),
            Step("rename check", "uptime_check", check),
            Step("rename alert", "uptime_alert", alert),
            Step("policies", "monitoring_alert_policy_info", {"description": "busier"}),
            Step("checks", "uptime_check_info", {"id": "{{ check.uptime_check.id }}", "with_state": True}),
            Step("alerts", "uptime_alert_info", {"check": "practice"}),
        ],
    )
    for name in ("rename policy", "rename check", "rename alert"):
        assert run.good(name).changed
        assert len(run[name].writes) == 1
    assert [row["value"] for row in run.good("policies").result["monitoring_alert_policies"]] == [80]
    (found,) = run.good("checks").result["uptime_checks"]
    assert (found["name"], found["state"]["regions"]["us_east"]["status"]) == ("practice", "UP")
    assert [row["name"] for row in run.good("alerts").result["uptime_alerts"]] == ["gone"]


def test_an_unknown_id_is_forbidden_to_the_api_and_not_there_to_us(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("check", "uptime_check", CHECK),
            Step("no check", "uptime_check", {"name": "x", "id": NOWHERE, "enabled": False}),
            Step("no info", "uptime_check_info", {"id": NOWHERE}),
            Step("gone already", "uptime_check", {"name": "x", "id": NOWHERE, "state": "absent"}),
            Step("no alert", "uptime_alert", {**DOWN, "id": NOWHERE}),
            Step("no parent", "uptime_alert", {**DOWN, "check": "nobody"}),
            Step("absent without parent", "uptime_alert", {"check": "nobody", "name": "down", "state": "absent"}),
        ],
    )
    run.assert_refused("no check", f'There is no uptime check with the id "{NOWHERE}"')
    assert run.good("no info").result["uptime_checks"] == []
    assert run.good("gone already").changed is False
    run.assert_refused("no alert", f'There is no alert with the id "{NOWHERE}"')
    run.assert_refused("no parent", 'Could not find uptime check "nobody"')
    assert run.good("absent without parent").changed is False


def test_a_webhook_is_seen_to_change_and_not_shown(cloud: LocalCloud) -> None:
    other = {"alerts": {"slack": [{"channel": "ops", "url": f"{HOOK}two"}]}}
    run = inside(
        cloud,
        [
            Step("made", "monitoring_alert_policy", POLICY),
            Step("other", "monitoring_alert_policy", {"description": "busy", **other}),
            Step("again", "monitoring_alert_policy", {"description": "busy", **other}),
            Step("info", "monitoring_alert_policy_info", {}),
        ],
    )
    before, after = (run.good("other").result["diff"][side]["alerts"]["slack"] for side in ("before", "after"))
    assert before != after
    assert run.good("again").writes == []
    assert run.good("info").result["monitoring_alert_policies"][0]["alerts"]["slack"][0]["channel"] == "ops"
    assert "sentinel" not in run.printed


def test_what_no_type_counts_is_no_difference(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("check", "uptime_check", CHECK),
            Step("made", "uptime_alert", DOWN),
            Step("again", "uptime_alert", {**DOWN, "threshold": 0}),
            Step("counts", "uptime_alert", {**DOWN, "name": "slow", "type": "latency"}),
            Step("nobody", "uptime_alert", {**DOWN, "name": "x", "notifications": {"email": ["x@nobody.invalid"]}}),
        ],
    )
    assert run.good("again").writes == []
    for name, words in {"counts": "threshold and comparison", "nobody": "not a verified email address"}.items():
        assert run[name].status == "failed"
        assert words in run[name].message
