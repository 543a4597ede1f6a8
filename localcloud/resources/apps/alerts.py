# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert objects: they appear with the first deployment whose spec asks for them, and keep their id from then on."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import public
from localcloud.ports.routing import Request, operation
from localcloud.resources.apps.rows import find_app
from localcloud.resources.apps.spec import components
from localcloud.world.world import World

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Nobody's domain (RFC 2606): how a test names somebody who has no access to the app.
NOBODY = ".invalid"


def sync(world: World, app: JSON, spec: JSON) -> None:
    """Bring the app's alerts in line with the spec that has just become active.

    Identity is component, rule and position among rules of that name: a changed threshold keeps id and destinations.
    """
    known: dict[str, JSON] = {alert["_key"]: alert for alert in app["_alerts"]}
    wanted = [("", alert) for alert in spec.get("alerts") or []]
    wanted += [(c["name"], alert) for _kind, c in components(spec) for alert in c.get("alerts") or []]
    now, result = world.timestamp(), []
    count: dict[tuple[str, str], int] = {}
    for component, alert in wanted:
        position = count[component, alert["rule"]] = count.get((component, alert["rule"]), 0) + 1
        key = f"{component}/{alert['rule']}/{position}"
        entry = known.get(key) or {"id": world.uuid(), "emails": [], "slack_webhooks": [], "_key": key}
        step = {"name": "alert-configure-insight-alert", "status": "SUCCESS", "started_at": now, "ended_at": now}
        entry |= {"spec": dict(alert), "phase": "ACTIVE", "progress": {"steps": [step]}}
        if component:
            entry["component_name"] = component
        result.append(entry)
    app["_alerts"] = result


@operation("GET", "/v2/apps/{app_id}/alerts", scope="app:read")
def list_alerts(request: Request) -> JSON:
    return {"alerts": public(find_app(request)["_alerts"])}


@operation("POST", "/v2/apps/{app_id}/alerts/{alert_id}/destinations", scope="app:update")
def set_destinations(request: Request) -> JSON:
    """Replaces the destinations that are given; a list that is left out stays as it is."""
    alert = next((a for a in find_app(request)["_alerts"] if a["id"] == request.params["alert_id"]), None)
    if alert is None:
        raise not_found()
    emails, webhooks = request.json.get("emails"), request.json.get("slack_webhooks")
    for email in emails or []:
        if not EMAIL.fullmatch(email):
            raise ApiError(400, f'"{email}" is not an e-mail address')
        if email.endswith(NOBODY):
            raise ApiError(400, f'"{email}" is not associated with a user that has access to the app')
    for webhook in webhooks or []:
        if not str(webhook.get("url", "")).startswith("https://") or not webhook.get("channel"):
            raise ApiError(400, "a slack webhook needs an https url and a channel")
    if emails is not None:
        alert["emails"] = list(emails)
    if webhooks is not None:
        alert["slack_webhooks"] = [dict(webhook) for webhook in webhooks]
    return {"alert": public(alert)}
