# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create, read, list, update, delete."""

from __future__ import annotations

import string
from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources import projects
from localcloud.resources.account import TEAM
from localcloud.resources.apps import address, domains, egress
from localcloud.resources.apps.canonical import canonical
from localcloud.resources.apps.deployments import course
from localcloud.resources.apps.render import app_urn, render_app
from localcloud.resources.apps.rows import APPS, DEPLOYMENTS, by_name, find_app
from localcloud.resources.apps.secrets import encrypt_spec
from localcloud.resources.apps.validation import check_spec
from localcloud.world.world import World

_SUFFIX = string.ascii_lowercase + string.digits


def require_free_name(world: World, spec: Any, app_id: str | None = None) -> None:
    """409 for the name of another app, before anything else of the spec is judged.

    The vendor's command line takes just this for "there already" and updates instead (``apps create --upsert``); its
    domains, which are that app's, must not stand in its way.
    """
    name = spec.get("name") if isinstance(spec, dict) else None
    other = by_name(world, name)
    if other is not None and other["id"] != app_id:
        raise ApiError(409, f'an app with the name "{name}" already exists')


def require_credentials(request: Request, spec: JSON) -> None:
    """403 unless the token may read the passwords of the clusters that the spec attaches.

    Second-hand (Infisical issue 6210; the words are the API's, the status is a guess): the platform looks them up as
    the caller. ``database:view_credentials`` is among the scopes that the vendor associates with ``app:create``.
    """
    if any(database.get("cluster_name") for database in spec.get("databases") or []):
        request.token.require(["database:read"])
        if not request.token.allows("database:view_credentials"):
            raise ApiError(403, "database user password is not accessible")


def insert_app(world: World, spec: JSON, project_id: str | None) -> JSON:
    """A new app of a checked spec, with its first deployment on the way."""
    id, now = world.uuid(), world.timestamp()
    wanted = canonical(spec)
    encrypt_spec(world, wanted, id)
    app: JSON = {
        "id": id,
        "owner_uuid": TEAM["uuid"],
        "spec": wanted,
        "created_at": now,
        "updated_at": now,
        "_suffix": "".join(world.random.choices(_SUFFIX, k=5)),
        "_pending": None,
        "_in_progress": None,
        "_active": None,
        "_pinned": None,
        "_alerts": [],
        "_domains": [],
        "_dedicated_ips": [],
        "_vpc": None,
        "_at": address.place(world),
        "_egress_at": address.egress(world),
        "_routed": None,
    }
    projects.assign(world, app_urn(id), project_id)
    world.table(APPS).insert(id, app)
    domains.sync(world, app)
    egress.dedicate(world, app)
    course.start(world, app, wanted, course.CREATED)
    return app


@operation("POST", "/v2/apps", scope="app:create")
def create(request: Request) -> JSON:
    # Both, by the vendor's Python client 0.44; the description of August has the first one only.
    request.require_for(project_id=("project:assign_resource", "project:update"))
    world = request.world
    require_free_name(world, request.json.get("spec"))
    spec = check_spec(world, request.json.get("spec"))
    require_credentials(request, spec)
    return {"app": render_app(request, insert_app(world, spec, request.json.get("project_id") or None))}


@operation("GET", "/v2/apps", scope="app:read")
def list_apps(request: Request) -> JSON:
    """All apps. ``GET /v2/apps/?name=web`` (a path without an id) is the other operation's lookup by name."""
    if request.path.endswith("/") and request.query.get("name"):
        # The description does not model this form; as a list it would have to have ``meta``.
        return {"app": render_app(request, _named(request)), "links": {}, "meta": {"total": 1}}
    with_project = request.query.get("with_projects", "").lower() == "true"
    # As this reader may see them now, which is not as they are after a stale write.
    rows = {app["id"]: app for app in request.world.table(APPS).all()}
    page = paginate(request, "apps", list(rows.values()))
    page["apps"] = [render_app(request, rows[app["id"]], with_project=with_project) for app in page["apps"]]
    return page


def _named(request: Request) -> JSON:
    name = request.query["name"]
    app = next((row for row in request.world.table(APPS).all() if row["spec"]["name"] == name), None)
    if app is None:
        raise not_found()
    return app


@operation("GET", "/v2/apps/{id}", scope="app:read")
def read(request: Request) -> JSON:
    if request.query.get("name") and request.params["id"] not in request.world.table(APPS):
        return {"app": render_app(request, _named(request))}
    return {"app": render_app(request, find_app(request))}


@operation("PUT", "/v2/apps/{id}", scope="app:update")
def update(request: Request) -> JSON:
    """Replaces the whole spec: what is left out is lost, but for the region."""
    world, app = request.world, find_app(request)
    require_free_name(world, request.json.get("spec"), app["id"])
    spec = check_spec(world, request.json.get("spec"), app)
    require_credentials(request, spec)
    course.require_unpinned(app)
    wanted = canonical(spec, app["spec"]["region"])
    encrypt_spec(world, wanted, app["id"])
    app.update(spec=wanted, updated_at=world.timestamp())
    domains.sync(world, app)
    egress.dedicate(world, app)
    course.start(world, app, wanted, course.UPDATED)
    if app["_active"]:
        domains.configure(world, app)
    return {"app": render_app(request, app)}


@operation("DELETE", "/v2/apps/{id}", scope="app:delete")
def delete(request: Request) -> JSON:
    """200 with the id, unlike other resources. Trusted sources of databases that name the app stay behind."""
    world, app = request.world, find_app(request)
    world.table(APPS).delete(app["id"])
    for deployment in course.of_app(world, app["id"]):
        world.table(DEPLOYMENTS).delete(deployment["id"])
    projects.unassign(world, app_urn(app["id"]))
    return {"id": app["id"]}
