# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as answers: what is empty is left out, deployments are put in where the app points at them."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.pages import public
from localcloud.ports.routing import Request
from localcloud.resources import projects
from localcloud.resources.apps import address, domains
from localcloud.resources.apps.catalogue import REGIONS
from localcloud.resources.apps.rows import DEPLOYMENTS
from localcloud.resources.apps.spec import tier_slug

_SLOTS = ("active_deployment", "in_progress_deployment", "pending_deployment", "pinned_deployment")


def app_urn(id: str) -> str:
    return f"do:app:{id}"


def render_app(request: Request, app: JSON, *, with_project: bool = True) -> JSON:
    """The app as the API gives it. ``project_id`` needs the scope ``project:read``."""
    world = request.world
    answer: JSON = public(app)
    answer["spec"] = _with_egress(answer["spec"], app["_vpc"])
    answer["region"] = REGIONS[app["spec"]["region"]]
    answer["tier_slug"] = tier_slug(app["spec"])
    for slot in _SLOTS:
        row = world.table(DEPLOYMENTS).peek(app[f"_{slot.removesuffix('_deployment')}"] or "")
        if row is not None:
            answer[slot] = render_deployment(row, app)
    answer |= _live(app)
    for key in ("domains", "dedicated_ips"):
        if app[f"_{key}"]:
            answer[key] = public(app[f"_{key}"])
    vpc = app["_vpc"] or app["spec"].get("vpc")
    if vpc:
        answer["vpc"] = public(vpc)
    project = projects.project_of(world, app_urn(app["id"])) if with_project else None
    if project and request.token.allows("project:read"):
        answer["project_id"] = project
    return answer


def render_deployment(deployment: JSON, app: JSON) -> JSON:
    answer: JSON = public(deployment)
    if deployment["id"] == app["_active"]:
        answer["spec"] = _with_egress(answer["spec"], app["_vpc"])
    return answer


def _with_egress(spec: JSON, vpc: JSON | None) -> JSON:
    """``spec.vpc`` shows the addresses too, as in the examples of the API description."""
    if vpc and (spec.get("vpc") or {}).get("id") == vpc["id"]:
        return {**spec, "vpc": public(vpc)}
    return spec


def _live(app: JSON) -> JSON:
    """The URLs of an app that has been deployed."""
    if not app["_active"] or not (app.get("default_ingress") or domains.primary(app)):
        return {}
    url = address.live_url(app)
    return {"live_url": url, "live_url_base": url, "live_domain": url.removeprefix("https://")}
