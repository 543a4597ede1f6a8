# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert policies, uptime checks and their alerts, as clients of any language ask for them."""

from __future__ import annotations

from typing import Any

import pytest

NOWHERE = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
WHO = {"email": ["ops@fisioflow.example"], "slack": []}
POLICY: dict[str, Any] = {
    "type": "v1/insights/droplet/cpu",
    "description": "busy",
    "compare": "GreaterThan",
    "value": 80,
    "window": "5m",
    "entities": [],
    "tags": ["web"],
    "alerts": WHO,
    "enabled": True,
}
CHECK: dict[str, Any] = {
    "name": "clinic",
    "type": "https",
    "target": "https://clinic.example",
    "regions": ["us_east", "eu_west"],
    "enabled": True,
}
ALERT: dict[str, Any] = {
    "name": "slow",
    "type": "latency",
    "threshold": 300,
    "comparison": "greater_than",
    "period": "2m",
    "notifications": WHO,
}


def policy(api: Any, **more: Any) -> dict[str, Any]:
    answer = api.call("POST", "/monitoring/alerts", {**POLICY, **more})
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.body["policy"]
    return found


def check(api: Any, **more: Any) -> dict[str, Any]:
    answer = api.call("POST", "/uptime/checks", {**CHECK, **more})
    assert answer.status == 201, answer
    found: dict[str, Any] = answer.body["check"]
    return found


class TestPolicies:
    def test_made_changed_and_deleted(self, api: Any) -> None:
        made = policy(api)
        assert made == {**POLICY, "uuid": made["uuid"]}
        path = f"/monitoring/alerts/{made['uuid']}"
        assert api.ok("PUT", path, {**POLICY, "value": 90.5})["policy"]["value"] == 90.5
        assert api.ok("GET", "/monitoring/alerts")["policies"][0]["value"] == 90.5
        assert api.call("DELETE", path).status == 204
        api.refused("GET", path, None, 404)

    def test_the_go_client_sends_null_for_empty_lists(self, api: Any) -> None:
        made = policy(api, entities=None, alerts={"email": WHO["email"], "slack": None})
        assert (made["entities"], made["alerts"]["slack"]) == ([], [])

    @pytest.mark.parametrize(
        ("more", "word"),
        [
            ({"description": " "}, "blank"),
            ({"alerts": {"email": [], "slack": []}}, "at least one"),
            ({"alerts": {"email": ["x@nobody.invalid"], "slack": []}}, "not a verified email"),
            ({"alerts": {"email": [], "slack": [{"channel": "x", "url": "http://x"}]}}, "https url"),
        ],
        ids=str,
    )
    def test_what_it_cannot_be(self, api: Any, more: dict[str, Any], word: str) -> None:
        assert word in api.refused("POST", "/monitoring/alerts", {**POLICY, **more})


class TestUptime:
    def test_a_check_and_its_state(self, api: Any) -> None:
        made = check(api)
        assert made == {**CHECK, "id": made["id"]}
        path = f"/uptime/checks/{made['id']}"
        # What is left out stays.
        assert api.ok("PUT", path, {"enabled": False})["check"] == {**made, "enabled": False}
        state = api.ok("GET", f"{path}/state")["state"]
        assert {region: told["status"] for region, told in state["regions"].items()} == dict.fromkeys(
            CHECK["regions"], "UP"
        )

    def test_its_alerts_go_with_it(self, api: Any) -> None:
        one, other = check(api), check(api, name="other")
        path = f"/uptime/checks/{one['id']}"
        answer = api.call("POST", f"{path}/alerts", ALERT)
        assert (answer.status, answer.body["alert"]) == (201, {**ALERT, "id": answer.body["alert"]["id"]})
        alert = answer.body["alert"]["id"]
        assert api.ok("PUT", f"{path}/alerts/{alert}", {**ALERT, "period": "1h"})["alert"]["period"] == "1h"
        assert api.ok("GET", f"/uptime/checks/{other['id']}/alerts")["alerts"] == []
        api.refused("GET", f"/uptime/checks/{other['id']}/alerts/{alert}", None, 403)
        assert api.call("DELETE", path).status == 204
        assert api.admin.state()["world"]["tables"]["uptime_alerts"] == {}

    def test_the_go_client_sends_empty_words(self, api: Any) -> None:
        made = check(api)
        down = {**ALERT, "type": "down", "threshold": 0, "comparison": "", "notifications": {**WHO, "slack": None}}
        told = api.ok("POST", f"/uptime/checks/{made['id']}/alerts", down)["alert"]
        assert (told["threshold"], told.get("comparison")) == (0, None)

    @pytest.mark.parametrize("below", ["", "/state", "/alerts", f"/alerts/{NOWHERE}"])
    def test_an_unknown_id_is_forbidden(self, api: Any, below: str) -> None:
        api.refused("GET", f"/uptime/checks/{NOWHERE}{below}", None, 403)

    @pytest.mark.parametrize(
        ("more", "word"),
        [
            ({"name": " "}, "blank"),
            ({"target": "http://clinic.example"}, "target"),
            ({"target": ""}, "target"),
            ({"regions": []}, "regions"),
        ],
        ids=str,
    )
    def test_what_a_check_cannot_be(self, api: Any, more: dict[str, Any], word: str) -> None:
        assert word in api.refused("POST", "/uptime/checks", {**CHECK, **more})

    @pytest.mark.parametrize(
        ("more", "word"),
        [
            ({"threshold": None}, "threshold"),
            ({"comparison": ""}, "comparison"),
            ({"period": ""}, "period"),
            ({"notifications": {"email": [], "slack": []}}, "at least one"),
        ],
        ids=str,
    )
    def test_what_an_alert_cannot_be(self, api: Any, more: dict[str, Any], word: str) -> None:
        path = f"/uptime/checks/{check(api)['id']}/alerts"
        assert word in api.refused("POST", path, {**ALERT, **more})
