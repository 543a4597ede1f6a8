# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts appear with a deployment, keep their ids, and get their destinations by a call of their own."""

from __future__ import annotations

import pytest

CPU = {"rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 80, "window": "FIVE_MINUTES"}
FAILED = {"rule": "DEPLOYMENT_FAILED"}


def _spec(cloud, cpu=CPU, app=(FAILED,)):
    return cloud.with_service(alerts=[cpu] if cpu else []) | {"alerts": list(app)}


def _alerts(cloud, id):
    return cloud.ok("GET", f"/apps/{id}/alerts")["alerts"]


@pytest.fixture
def id(cloud):
    return cloud.deployed(_spec(cloud))["id"]


def test_there_are_none_before_a_deployment(cloud):
    cloud.slow()
    id = cloud.create(_spec(cloud))["id"]
    assert _alerts(cloud, id) == []
    cloud.advance(100)
    assert len(_alerts(cloud, id)) == 2


def test_they_say_what_they_watch(cloud, id):
    app, component = _alerts(cloud, id)
    assert (app["spec"], "component_name" in app) == (FAILED, False)
    assert (component["spec"], component["component_name"]) == (CPU, "web")
    assert component["phase"] == "ACTIVE"
    assert component["progress"]["steps"][0]["status"] == "SUCCESS"


def _set(cloud, id, alert, **destinations):
    return cloud.ok("POST", f"/apps/{id}/alerts/{alert['id']}/destinations", destinations)["alert"]


HOOK = {"url": "https://hooks.slack.com/services/T/B/x", "channel": "#ops"}


def test_destinations_are_set_and_stay_over_deployments(cloud, id):
    app, component = _alerts(cloud, id)
    assert _set(cloud, id, component, emails=["ops@example.com"], slack_webhooks=[HOOK])["slack_webhooks"] == [HOOK]
    cloud.update(id, _spec(cloud, cpu={**CPU, "value": 90}))
    again = _alerts(cloud, id)
    assert [alert["id"] for alert in again] == [app["id"], component["id"]]
    assert (again[1]["spec"]["value"], again[1]["emails"]) == (90, ["ops@example.com"])
    assert again[0]["emails"] == []


def test_a_list_that_is_left_out_stays(cloud, id):
    alert = _alerts(cloud, id)[0]
    _set(cloud, id, alert, emails=["ops@example.com"], slack_webhooks=[HOOK])
    assert _set(cloud, id, alert, slack_webhooks=[])["emails"] == ["ops@example.com"]
    assert _set(cloud, id, alert, emails=None, slack_webhooks=None)["slack_webhooks"] == []
    assert _set(cloud, id, alert, emails=[])["emails"] == []


def test_an_alert_goes_with_its_rule_and_comes_back_as_another(cloud, id):
    app, component = _alerts(cloud, id)
    cloud.update(id, _spec(cloud, cpu=None))
    assert [alert["id"] for alert in _alerts(cloud, id)] == [app["id"]]
    cloud.update(id, _spec(cloud))
    assert _alerts(cloud, id)[1]["id"] != component["id"]


def test_a_failed_deployment_changes_no_alert(cloud, id):
    before = _alerts(cloud, id)
    cloud.update(id, cloud.with_service(image={"registry_type": "DOCR", "repository": "broken"}))
    assert _alerts(cloud, id) == before


@pytest.mark.parametrize(
    ("destinations", "why"),
    [
        ({"emails": ["nobody"]}, "is not an e-mail address"),
        ({"emails": ["stranger@example.invalid"]}, "not associated with a user"),
        ({"slack_webhooks": [{"url": "http://hooks.slack.com/x", "channel": "#ops"}]}, "https url"),
        ({"slack_webhooks": [{"url": "https://hooks.slack.com/x"}]}, "channel"),
    ],
)
def test_a_destination_that_cannot_be_reached_is_refused(cloud, id, destinations, why):
    alert = _alerts(cloud, id)[0]
    assert why in cloud.refused("POST", f"/apps/{id}/alerts/{alert['id']}/destinations", destinations)
    assert _alerts(cloud, id)[0] == alert


def test_an_unknown_alert_is_not_found(cloud, id):
    cloud.refused("POST", f"/apps/{id}/alerts/nix/destinations", {"emails": []}, 404)
