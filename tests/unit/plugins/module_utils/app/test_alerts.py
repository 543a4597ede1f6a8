# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipients of alerts: who gets a call, what a diff shows, and that a webhook's address is a secret."""

from __future__ import annotations

import json

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import alerts

HOOK = {"url": "https://hooks.slack.com/services/T0/B0/s3cret", "channel": "ops"}


def alert(rule="CPU_UTILIZATION", component="web", **more):
    return {"id": rule, "component_name": component, "spec": {"rule": rule}, "emails": [], "slack_webhooks": [], **more}


def test_labels():
    assert alerts.label(alert()) == "web/CPU_UTILIZATION"
    assert alerts.label(alert("DEPLOYMENT_FAILED", "")) == "DEPLOYMENT_FAILED"
    spec = {
        "alerts": [{"rule": "DEPLOYMENT_FAILED"}, {"rule": "DOMAIN_FAILED", "disabled": True}],
        "services": [{"name": "web", "alerts": [{"rule": "CPU_UTILIZATION"}, {"rule": "CPU_UTILIZATION"}]}],
    }
    assert alerts.expected(spec) == ["DEPLOYMENT_FAILED", "web/CPU_UTILIZATION"]


def test_an_alert_that_has_its_recipients_gets_no_call():
    there = alert(emails=["Ops@Example.com", "b@example.com"], slack_webhooks=[HOOK])
    assert alerts.body(there, {"emails": ["b@example.com", "ops@example.com"]}) is None
    assert alerts.body(there, {"emails": None, "slack_webhooks": [HOOK]}) is None


def test_what_is_left_out_stays():
    there = alert(emails=["a@example.com"], slack_webhooks=[HOOK])
    assert alerts.body(there, {"emails": ["b@example.com"]}) == {"emails": ["b@example.com"], "slack_webhooks": [HOOK]}
    assert alerts.body(there, {"emails": [], "slack_webhooks": None}) == {"emails": [], "slack_webhooks": [HOOK]}


def test_a_diff_shows_what_is_spoken_of_for_the_alerts_that_will_be_there():
    before, after = alerts.view(
        [alert(emails=["a@example.com"]), alert("GONE")], ["web/CPU_UTILIZATION", "NEW"], {"emails": ["b@example.com"]}
    )
    assert before == {"web/CPU_UTILIZATION": {"emails": ["a@example.com"]}}
    assert after == {"web/CPU_UTILIZATION": {"emails": ["b@example.com"]}, "NEW": {"emails": ["b@example.com"]}}


def test_of_two_alerts_of_one_rule_the_one_that_differs_tells():
    wanted = {"emails": ["a@example.com"]}
    for pair in ([alert(), alert(**wanted)], [alert(**wanted), alert()]):
        before, after = alerts.view(pair, ["web/CPU_UTILIZATION"], wanted)
        assert before != after


def test_the_address_of_a_webhook_is_never_shown_but_another_one_differs():
    shown = alerts.masked(alerts.normal({"slack_webhooks": [HOOK]}))
    assert "s3cret" not in json.dumps(shown)
    assert shown != alerts.masked(alerts.normal({"slack_webhooks": [{**HOOK, "url": "https://elsewhere"}]}))
