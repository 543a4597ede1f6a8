# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts of apps, held against what their instances use and the requests that they get, and told when a deployment
has come to its end. Requests are those of the whole app.
"""

from __future__ import annotations

import operator

from localcloud import JSON
from localcloud.resources.apps import metrics
from localcloud.resources.apps.rows import APPS, DEPLOYMENTS, active_deployment
from localcloud.resources.monitoring import sink
from localcloud.world.world import World

COMPARES = {"GREATER_THAN": operator.gt, "LESS_THAN": operator.lt}
PERIODS = {"FIVE_MINUTES": "5m", "TEN_MINUTES": "10m", "THIRTY_MINUTES": "30m", "ONE_HOUR": "1h"}
# Rule → what it is held against; rule → the phase of a deployment that it is about.
OF_INSTANCES = {"CPU_UTILIZATION": "cpu", "MEM_UTILIZATION": "memory", "RESTART_COUNT": "restarts"}
OF_REQUESTS = {"REQUESTS_PER_SECOND": 0, "REQUEST_DURATION_P95_MS": 1}
OF_DEPLOYMENTS = {"DEPLOYMENT_FAILED": "ERROR", "DEPLOYMENT_LIVE": "ACTIVE", "DEPLOYMENT_CANCELED": "CANCELED"}


def judge(world: World) -> None:
    """All of them as it is now."""
    for deployment in world.table(DEPLOYMENTS).everything():
        if deployment["phase"] in OF_DEPLOYMENTS.values() and not deployment.get("_alerted"):
            deployment["_alerted"] = True
            _tell_end(world, deployment)
    for app in world.table(APPS).everything():
        if active_deployment(world, app) is None:
            continue
        for alert in app["_alerts"]:
            spec = alert["spec"]
            value = _value(world, app, alert)
            if value is not None:
                period, holds = PERIODS[spec["window"]], COMPARES[spec["operator"]](value, spec["value"])
                measured = {"value": round(value, 1), "threshold": spec["value"], "period": period}
                sink.judge(world, alert, holds, period, {**_about(app, alert), **measured})


def _value(world: World, app: JSON, alert: JSON) -> float | None:
    """What it is held against; None where that is not measured."""
    rule = alert["spec"]["rule"]
    if part := OF_INSTANCES.get(rule):
        return metrics.used(world, app, alert["component_name"], part, world.now().timestamp())
    measured = metrics.requests(world, app)
    return measured[OF_REQUESTS[rule]] if measured and rule in OF_REQUESTS else None


def known(world: World) -> set[str]:
    """The ids under which they are told."""
    return {alert["id"] for app in world.table(APPS).everything() for alert in app["_alerts"]}


def _tell_end(world: World, deployment: JSON) -> None:
    app = world.table(APPS).peek(deployment["_app_id"])
    for alert in app["_alerts"] if app else []:
        if app and OF_DEPLOYMENTS.get(alert["spec"]["rule"]) == deployment["phase"]:
            sink.tell(world, {"state": "told", **_about(app, alert), "value": None, "threshold": None, "period": ""})


def _about(app: JSON, alert: JSON) -> JSON:
    name = app["spec"]["name"]
    component = alert.get("component_name")
    return {
        "id": alert["id"],
        "name": alert["spec"]["rule"],
        "type": "app",
        "about": f"{name} {component}" if component else name,
        "told": sink.told_to({"email": alert["emails"], "slack": alert["slack_webhooks"]}),
    }
