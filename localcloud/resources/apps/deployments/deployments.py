# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments as a client sees and causes them: list, read, create, cancel, restart."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources.apps.deployments import course
from localcloud.resources.apps.render import render_deployment
from localcloud.resources.apps.rows import DEPLOYMENTS, active_deployment, find_app, find_deployment
from localcloud.resources.apps.spec import component_names


@operation("GET", "/v2/apps/{app_id}/deployments", scope="app:read")
def list_deployments(request: Request) -> JSON:
    """Newest first; ``deployment_types`` keeps those of the given types."""
    app = find_app(request)
    visible = {row["id"] for row in request.world.table(DEPLOYMENTS).all()}
    types = request.query_list("deployment_types")
    rows = [row for row in course.of_app(request.world, app["id"]) if row["id"] in visible]
    rows = [row for row in rows if not types or row["_type"] in types]
    return paginate(request, "deployments", [render_deployment(row, app) for row in rows])


@operation("POST", "/v2/apps/{app_id}/deployments", scope="app:update")
def create_deployment(request: Request) -> JSON:
    """Deploys the app's spec as it is; git sources are built again in any case, as the newest commit is pulled."""
    world, app = request.world, find_app(request)
    course.require_unpinned(app)
    row = course.start(world, app, app["spec"], course.REQUESTED)
    return {"deployment": render_deployment(row, app)}


@operation("GET", "/v2/apps/{app_id}/deployments/{deployment_id}", scope="app:read")
def read_deployment(request: Request) -> JSON:
    app, row = find_deployment(request)
    return {"deployment": render_deployment(row, app)}


@operation("POST", "/v2/apps/{app_id}/deployments/{deployment_id}/cancel", scope="app:update")
def cancel_deployment(request: Request) -> JSON:
    app, row = find_deployment(request)
    course.cancel(request.world, app, row)
    return {"deployment": render_deployment(row, app)}


@operation("POST", "/v2/apps/{app_id}/restart", scope="app:update")
def restart(request: Request) -> JSON:
    """A new deployment of what is active, without a build."""
    world, app = request.world, find_app(request)
    active = active_deployment(world, app)
    if active is None:
        raise ApiError(400, "the app has no active deployment to restart")
    unknown = sorted(set(request.json.get("components") or []) - set(component_names(active["spec"])))
    if unknown:
        raise ApiError(400, f"there is no component {', '.join(unknown)} in the active deployment")
    course.require_unpinned(app)
    row = course.start(world, app, active["spec"], course.RESTARTED, build=(), cloned_from=active["id"])
    return {"deployment": render_deployment(row, app)}
