# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rollback to one of the last ten successful deployments, and what may come after it.

A rollback deploys the spec of an earlier deployment with what was built then. It pins the app: no other deployment
until it is committed (its spec becomes the app's) or reverted (the app's spec is deployed again). With ``skip_pin`` it
is committed at once. ``validate`` answers with the code of the first condition that fails.
"""

from __future__ import annotations

import copy

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.apps import domains, egress
from localcloud.resources.apps.deployments import course
from localcloud.resources.apps.render import render_deployment
from localcloud.resources.apps.rows import DEPLOYMENTS, find_app, find_deployment
from localcloud.resources.apps.spec import components, tier_slug
from localcloud.world.world import World

REVISION_LIMIT = 10

REVERTED = course.Cause("app rollback reverted", "REVERT_APP_ROLLBACK")
RESULTS = {"ERROR": "failed", "CANCELED": "canceled", "SUPERSEDED": "superseded"}


def _condition(code: str, message: str, names: list[str] | None = None) -> JSON:
    return {"code": code, "message": message} | ({"components": names} if names else {})


def failing_condition(world: World, app: JSON, target: JSON) -> JSON | None:
    """Why the app cannot be rolled back to that deployment, None when it can."""
    if app["_pinned"]:
        return _condition("app_pinned", "the app is already pinned to a rollback: commit or revert it first")
    phase = target["phase"]
    if phase in course.UNDER_WAY:
        return _condition("incompatible_phase", f'deployment phase "{phase}" is unsuitable for rollback')
    if not target["_succeeded"]:
        return _condition("incompatible_result", f'deployment result "{RESULTS[phase]}" is unsuitable for rollback')
    tier = tier_slug(app["spec"])
    limit = 0 if tier == "starter" else REVISION_LIMIT
    successful = [row["id"] for row in course.of_app(world, app["id"]) if row["_succeeded"]]
    if target["id"] not in successful[:limit]:
        return _condition(
            "exceeded_revision_limit",
            f'the deployment is past the maximum historical revision limit of {limit} for the "{tier}" app tier',
        )
    if (target["spec"].get("databases") or []) != (app["spec"].get("databases") or []):
        text = "the deployment's database config is different than the current one"
        return _condition("database_config_conflict", text)
    if target["spec"]["region"] != app["spec"]["region"]:
        return _condition("region_conflict", "the deployment's region is different than the current one")
    return None


def warnings(target: JSON) -> list[JSON]:
    """What makes a rollback less than exact."""
    spec, found = target["spec"], []
    static = [component["name"] for _kind, component in components(spec, "static_sites")]
    if static:
        text = "one or more static sites must be built again."
        found.append(_condition("static_site_requires_rebuild", text, static))
    loose = [c["name"] for _k, c in components(spec) if c.get("image") and not c["image"].get("digest")]
    if loose:
        text = "one or more components are missing an image digest and are not guaranteed rollback to the old version."
        found.append(_condition("image_source_missing_digest", text, loose))
    return found


def _target(request: Request) -> tuple[JSON, JSON]:
    id = request.json.get("deployment_id")
    if not id:
        raise ApiError(400, "deployment_id is required")
    return find_deployment(request, id)


@operation("POST", "/v2/apps/{app_id}/rollback/validate", scope="app:update", safe=True)
def validate(request: Request) -> JSON:
    app, target = _target(request)
    error = failing_condition(request.world, app, target)
    if error:
        return {"valid": False, "error": error}
    notes = warnings(target)
    return {"valid": True, "warnings": notes} if notes else {"valid": True}


@operation("POST", "/v2/apps/{app_id}/rollback", scope="app:update")
def rollback(request: Request) -> JSON:
    world = request.world
    app, target = _target(request)
    error = failing_condition(world, app, target)
    if error:
        raise ApiError(409 if error["code"] == "app_pinned" else 400, error["message"])
    cause = course.Cause(f"rollback to deployment {target['id']}", "ROLLBACK_APP", course.MANUAL_ROLLBACK)
    row = course.start(world, app, target["spec"], cause, build=("static_sites",), cloned_from=target["id"])
    if request.json.get("skip_pin"):
        _apply(world, app, row)
    else:
        app["_pinned"] = row["id"]
    return {"deployment": render_deployment(row, app)}


def _apply(world: World, app: JSON, deployment: JSON) -> None:
    """The rollback's spec becomes the app's."""
    app.update(spec=copy.deepcopy(deployment["spec"]), updated_at=world.timestamp(), _pinned=None)
    domains.sync(world, app)
    egress.dedicate(world, app)


def _pinned(request: Request) -> tuple[JSON, JSON]:
    app = find_app(request)
    row = request.world.table(DEPLOYMENTS).peek(app["_pinned"] or "")
    if row is None:
        raise ApiError(400, "the app is not pinned to a rollback")
    return app, row


@operation("POST", "/v2/apps/{app_id}/rollback/commit", scope="app:update")
def commit(request: Request) -> None:
    app, row = _pinned(request)
    _apply(request.world, app, row)


@operation("POST", "/v2/apps/{app_id}/rollback/revert", scope="app:update")
def revert(request: Request) -> JSON:
    app, _row = _pinned(request)
    app["_pinned"] = None
    row = course.start(request.world, app, app["spec"], REVERTED)
    return {"deployment": render_deployment(row, app)}
