# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, and which resource belongs to which."""

from __future__ import annotations

from localcloud import hooks
from localcloud.routing import JSON, Request, not_found, operation, paginate
from localcloud.table import Record
from localcloud.world import World

TABLE = "projects"
RESOURCES = "project_resources"


def default_project(world: World) -> Record:
    return next(row for row in world.table(TABLE).everything() if row["is_default"])


def assign(world: World, urn: str, project_id: str | None = None) -> None:
    """Put a resource into a project (the default one when None); 404 when there is no such project."""
    project = world.table(TABLE).peek(project_id) if project_id else default_project(world)
    if project is None:
        raise not_found()
    world.table(RESOURCES).insert(
        urn, {"urn": urn, "project_id": project["id"], "assigned_at": world.timestamp(), "status": "ok"}
    )


def unassign(world: World, urn: str) -> None:
    """Forget a resource that was deleted."""
    world.table(RESOURCES).delete(urn)


def project_of(world: World, urn: str) -> str | None:
    """The id of the project that the resource is in."""
    row = world.table(RESOURCES).peek(urn)
    return row["project_id"] if row else None


@hooks.on_start
def _default(world: World) -> None:
    id = world.uuid()
    world.table(TABLE).insert(id, {"id": id, "name": "first-project", "is_default": True})


@operation("GET", "/v2/projects", scope="project:read")
def list_projects(request: Request) -> JSON:
    return paginate(request, "projects", request.world.table(TABLE).all())
