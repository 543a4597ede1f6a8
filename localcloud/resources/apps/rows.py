# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding the app and the deployment that a path names."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import not_found
from localcloud.ports.routing import Request
from localcloud.world.world import World

APPS = "apps"
DEPLOYMENTS = "app_deployments"


def find_app(request: Request, id: str | None = None) -> JSON:
    """The app of the path (``id`` or ``app_id``); 404 when there is none."""
    app = request.world.table(APPS).get(id or request.params.get("app_id") or request.params["id"])
    if app is None:
        raise not_found()
    return app


def by_name(world: World, name: object) -> JSON | None:
    """The true app of that name."""
    return next((app for app in world.table(APPS).everything() if app["spec"]["name"] == name), None)


def find_deployment(request: Request, id: str | None = None) -> tuple[JSON, JSON]:
    """``(app, deployment)`` of the path, or of the id of a body; 404 when the app has no such deployment."""
    app = find_app(request)
    wanted = request.params["deployment_id"] if id is None else id
    deployment = request.world.table(DEPLOYMENTS).get(wanted)
    if deployment is None or deployment["_app_id"] != app["id"]:
        raise not_found()
    return app, deployment


def active_deployment(world: World, app: JSON) -> JSON | None:
    return world.table(DEPLOYMENTS).peek(app["_active"]) if app["_active"] else None
