# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Propose: what App Platform would make of a spec, and what it would cost; nothing changes."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.routing import Request, operation
from localcloud.resources.apps.canonical import canonical
from localcloud.resources.apps.pricing import FREE_STATIC_APPS, monthly_cost, static_apps
from localcloud.resources.apps.rows import by_name, find_app
from localcloud.resources.apps.secrets import PROPOSED, encrypt_spec
from localcloud.resources.apps.spec import is_static
from localcloud.resources.apps.validation import check_spec
from localcloud.world.world import World


@operation("POST", "/v2/apps/propose", scope="app:read", safe=True)
def propose(request: Request) -> JSON:
    """400 for a spec that cannot be. A name that is taken is no error: ``app_name_available`` says so."""
    world = request.world
    app = find_app(request, request.json["app_id"]) if request.json.get("app_id") else None
    spec = check_spec(world, request.json.get("spec"), app)
    completed = canonical(spec, app["spec"]["region"] if app else None)
    # Secrets go back encrypted here as everywhere else.
    encrypt_spec(world, completed, app["id"] if app else PROPOSED)
    own_id = app["id"] if app else None
    other = by_name(world, spec["name"])
    available = other is None or other["id"] == own_id
    answer: JSON = {
        "app_is_static": is_static(completed),
        "app_name_available": available,
        "existing_static_apps": str(static_apps(world)),
        "max_free_static_apps": str(FREE_STATIC_APPS),
        "spec": completed,
        "app_cost": monthly_cost(world, completed, own_id),
    }
    if not available:
        answer["app_name_suggestion"] = _free_name(world, spec["name"])
    return answer


def _free_name(world: World, name: str) -> str:
    number = 2
    while by_name(world, candidate := f"{name[: 31 - len(str(number))]}-{number}") is not None:
        number += 1
    return candidate
