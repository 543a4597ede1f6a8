# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events: one per deployment. Nothing scales by itself here, so there is no event that could be canceled.

The collection asks for none of them; kept for doctl (``apps list-events``) and godo.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources.apps.deployments import course, logs
from localcloud.resources.apps.render import render_deployment
from localcloud.resources.apps.rows import find_app


def _event(app: JSON, deployment: JSON) -> JSON:
    return {
        "id": deployment["_event_id"],
        "type": "DEPLOYMENT",
        "created_at": deployment["created_at"],
        "deployment_id": deployment["id"],
        "deployment": render_deployment(deployment, app),
    }


def _find(request: Request) -> tuple[JSON, JSON]:
    app = find_app(request)
    for row in course.of_app(request.world, app["id"]):
        if row["_event_id"] == request.params["event_id"]:
            return app, row
    raise not_found()


@operation("GET", "/v2/apps/{app_id}/events", scope="app:read")
def list_events(request: Request) -> JSON:
    app, types = find_app(request), request.query_list("event_types")
    rows = course.of_app(request.world, app["id"]) if not types or "DEPLOYMENT" in types else []
    return paginate(request, "events", [_event(app, row) for row in rows])


@operation("GET", "/v2/apps/{app_id}/events/{event_id}", scope="app:read")
def read_event(request: Request) -> JSON:
    return {"event": _event(*_find(request))}


@operation("POST", "/v2/apps/{app_id}/events/{event_id}/cancel", scope="app:update")
def cancel_event(request: Request) -> JSON:
    _find(request)
    raise ApiError(400, "only an autoscaling event in progress can be canceled")


@operation("GET", "/v2/apps/{app_id}/events/{event_id}/logs", scope="app:read")
def event_logs(request: Request) -> JSON:
    _app, row = _find(request)
    return logs.addresses(request, row, "DEPLOY")
