# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a project, and moving it from one to another."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.projects import RESOURCES, assign, get, project_of

API = "https://api.digitalocean.com/v2"

# type in the URN → (path of the API, scope without which a resource is not shown)
TYPES = {
    "app": ("apps", "app:read"),
    "dbaas": ("databases", "database:read"),
    "domain": ("domains", "domain:read"),
    "droplet": ("droplets", "droplet:read"),
    "floatingip": ("floating_ips", "reserved_ip:read"),
    "kubernetes": ("kubernetes/clusters", "kubernetes:read"),
    "loadbalancer": ("load_balancers", "load_balancer:read"),
    "volume": ("volumes", "block_storage:read"),
}


def _render(row: JSON, status: str | None = None) -> JSON:
    """The API's resource: ``{urn, assigned_at, links: {self}, status}``."""
    _do, kind, id = row["urn"].split(":", 2)
    path = TYPES[kind][0] if kind in TYPES else kind
    # A bucket is no thing of this API; its address is that of its content.
    link = f"https://{id}.digitaloceanspaces.com" if kind == "space" else f"{API}/{path}/{id}"
    return {**public(row), "links": {"self": link}, "status": status or row["status"]}


def _visible(request: Request, urn: str) -> bool:
    kind = urn.split(":", 2)[1]
    return kind not in TYPES or request.token.allows(TYPES[kind][1])


@operation("GET", "/v2/projects/default/resources", scope="project:read")
@operation("GET", "/v2/projects/{project_id}/resources", scope="project:read")
def list_resources(request: Request) -> JSON:
    project = get(request.world, request.params.get("project_id", "default"))
    rows = [row for row in request.world.table(RESOURCES).all() if row["_project_id"] == project["id"]]
    return paginate(request, "resources", [_render(row) for row in rows if _visible(request, row["urn"])])


@operation("POST", "/v2/projects/default/resources", scope="project:assign_resource")
@operation("POST", "/v2/projects/{project_id}/resources", scope="project:assign_resource")
def assign_resources(request: Request) -> JSON:
    """A resource that is in another project moves. One that does not exist is reported, not refused."""
    world = request.world
    project = get(world, request.params.get("project_id", "default"))
    wanted = list(dict.fromkeys(request.json.get("resources") or []))
    answers: list[JSON] = []
    for urn in wanted:
        row = world.table(RESOURCES).get(urn)
        if row is None or not _visible(request, urn):
            answers.append(_render({"urn": urn, "assigned_at": world.timestamp()}, "not_found"))
        elif project_of(world, urn) == project["id"]:
            answers.append(_render(row, "already_assigned"))
        else:
            assign(world, urn, project["id"])
            answers.append(_render(world.table(RESOURCES)[urn], "assigned"))
    return {"resources": answers, "links": {}, "meta": {"total": len(answers)}}
