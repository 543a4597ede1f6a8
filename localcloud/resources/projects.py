# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, and which resource belongs to which.

A resource is known here from the moment that its owner calls ``assign``, which every creation does, until ``unassign``.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Reply, Request, operation
from localcloud.resources.account import OWNER_ID, OWNER_UUID
from localcloud.world import hooks
from localcloud.world.world import World

TABLE = "projects"
RESOURCES = "project_resources"

ENVIRONMENTS = ("Development", "Staging", "Production")
PURPOSES = (
    "Just trying out DigitalOcean",
    "Class project / Educational purposes",
    "Website or blog",
    "Web Application",
    "Service or API",
    "Mobile Application",
    "Machine learning / AI / Data processing",
    "IoT",
    "Operational / Developer tooling",
)
OTHER = "Other: "

NAME_LENGTH = 175
TEXT_LENGTH = 255


def default_project(world: World) -> JSON:
    return next(row for row in world.table(TABLE).everything() if row["is_default"])


def assign(world: World, urn: str, project_id: str | None = None) -> None:
    """Put a resource into a project (the default one when None); 404 when there is no such project."""
    project = world.table(TABLE).peek(project_id) if project_id else default_project(world)
    if project is None:
        raise ApiError(404, f"the project {project_id} could not be found")
    world.table(RESOURCES).insert(
        urn, {"urn": urn, "_project_id": project["id"], "assigned_at": world.timestamp(), "status": "ok"}
    )


def unassign(world: World, urn: str) -> None:
    """Forget a resource that was deleted."""
    world.table(RESOURCES).delete(urn)


def project_of(world: World, urn: str) -> str | None:
    """The id of the project that the resource is in."""
    row = world.table(RESOURCES).peek(urn)
    return row["_project_id"] if row else None


def get(world: World, id: str) -> JSON:
    """The project of that id, or the default one for ``default``; 404 otherwise."""
    record = default_project(world) if id == "default" else world.table(TABLE).get(id)
    if record is None:
        raise not_found()
    return record


def _insert(world: World, name: str, description: str, purpose: str, environment: str, is_default: bool) -> JSON:
    id, now = world.uuid(), world.timestamp()
    record: JSON = {
        "id": id,
        "owner_uuid": OWNER_UUID,
        "owner_id": OWNER_ID,
        "name": name,
        "description": description,
        "purpose": purpose,
        "environment": environment,
        "created_at": now,
        "updated_at": now,
        "is_default": is_default,
    }
    return world.table(TABLE).insert(id, record)


@hooks.on_start
def _default(world: World) -> None:
    _insert(
        world,
        "first-project",
        "Update your project information under Settings",
        "Just trying out DigitalOcean",
        "Development",
        is_default=True,
    )


def render(record: JSON) -> JSON:
    """The API's project. One without an environment says nothing about it: the description allows no empty one."""
    project: JSON = public(record)
    if not project["environment"]:
        del project["environment"]
    return project


def _check(world: World, wanted: JSON, own_id: str | None = None) -> JSON:
    """The wanted attributes, as they are stored; 4xx when one of them cannot be."""
    checked: JSON = {}
    for key, limit in (("name", NAME_LENGTH), ("description", TEXT_LENGTH), ("purpose", TEXT_LENGTH)):
        if wanted.get(key) is None:
            continue
        if not isinstance(wanted[key], str) or len(wanted[key]) > limit:
            raise ApiError(422, f"{key} may be at most {limit} characters")
        checked[key] = wanted[key]
    for key in ("name", "purpose"):
        if key in checked and not checked[key].strip():
            raise ApiError(422, f"{key} can't be blank")
    if any(row["name"] == checked.get("name") and row["id"] != own_id for row in world.table(TABLE).everything()):
        raise ApiError(409, "name is already in use")
    if "purpose" in checked and checked["purpose"] not in PURPOSES and not checked["purpose"].startswith(OTHER):
        checked["purpose"] = OTHER + checked["purpose"]
    if wanted.get("environment"):
        if wanted["environment"] not in ENVIRONMENTS:
            raise ApiError(422, f"environment must be one of {', '.join(ENVIRONMENTS)}")
        checked["environment"] = wanted["environment"]
    return checked


@operation("GET", "/v2/projects", scope="project:read")
def list_projects(request: Request) -> JSON:
    return paginate(request, "projects", [render(row) for row in request.world.table(TABLE).all()])


@operation("POST", "/v2/projects", scope="project:create", status=201)
def create(request: Request) -> JSON:
    body = request.json
    for key in ("name", "purpose"):
        if not body.get(key):
            raise ApiError(422, f"{key} can't be blank")
    checked = _check(request.world, body)
    record = _insert(
        request.world,
        checked["name"],
        checked.get("description", ""),
        checked["purpose"],
        checked.get("environment", ""),
        is_default=False,
    )
    return {"project": render(record)}


@operation("GET", "/v2/projects/default", scope="project:read")
@operation("GET", "/v2/projects/{project_id}", scope="project:read")
def read(request: Request) -> JSON:
    return {"project": render(_wanted(request))}


@operation("PUT", "/v2/projects/default", scope="project:update")
@operation("PUT", "/v2/projects/{project_id}", scope="project:update")
def replace(request: Request) -> JSON:
    missing = [
        key for key in ("name", "description", "purpose", "environment", "is_default") if key not in request.json
    ]
    if missing:
        raise ApiError(422, f"{', '.join(missing)} must be given")
    return _update(request)


@operation("PATCH", "/v2/projects/default", scope="project:update")
@operation("PATCH", "/v2/projects/{project_id}", scope="project:update")
def patch(request: Request) -> JSON:
    return _update(request)


def _update(request: Request) -> JSON:
    world, record, body = request.world, _wanted(request), request.json
    checked = _check(world, body, record["id"])
    if body.get("is_default") is False and record["is_default"]:
        raise ApiError(422, "the default project cannot be unset; make another project the default instead")
    if body.get("is_default"):
        for row in world.table(TABLE).everything():
            row["is_default"] = row is record
    record.update(checked, updated_at=world.timestamp())
    return {"project": render(record)}


@operation("DELETE", "/v2/projects/{project_id}", scope="project:delete", status=204)
def delete(request: Request) -> Reply | None:
    """415 unless the request says that it is JSON, although it has no body (pydo issues 158 and 376, and its PR 56).

    That answer is empty: the vendor's collection tells it by what pydo says of one without a body.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return Reply(raw=b"", status=415, headers={"content-type": "application/json; charset=utf-8"})
    world, record = request.world, _wanted(request)
    if record["is_default"]:
        raise ApiError(412, "cannot delete the default project")
    if any(row["_project_id"] == record["id"] for row in world.table(RESOURCES).everything()):
        raise ApiError(412, "cannot delete a project with resources. move or remove the resources first.")
    world.table(TABLE).delete(record["id"])
    return None


def _wanted(request: Request) -> JSON:
    return get(request.world, request.params.get("project_id", "default"))
