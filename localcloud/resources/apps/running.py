# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs: instances, health, consoles, bandwidth. Consoles lead nowhere.

The collection asks for none of it; kept for doctl (``apps list-instances``, ``apps console``) and godo (the health).
"""

from __future__ import annotations

from datetime import timedelta

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.routing import Request, operation
from localcloud.resources.apps import instances as running
from localcloud.resources.apps.deployments.logs import active, require_component
from localcloud.resources.apps.metrics import steady, used
from localcloud.resources.apps.rows import active_deployment, find_app, find_deployment
from localcloud.resources.apps.spec import components
from localcloud.world.clock import parse
from localcloud.world.world import World

TYPES = {"services": "SERVICE", "workers": "WORKER"}
CONSOLE = "wss://console.ondigitalocean.invalid"
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


def instance_names(world: World, deployment: JSON, component: JSON) -> list[str]:
    """``<component>-<replica set>-<pod>`` per instance, as long as the deployment lives."""
    name = component["name"]
    names = []
    for number in range(running.count(world, deployment, component)):
        pod = "".join(_LETTERS[b % len(_LETTERS)] for b in steady(deployment["id"], name, number)[:5])
        names.append(f"{name}-{steady(deployment['id'], name).hex()[:10]}-{pod}")
    return names


@operation("GET", "/v2/apps/{app_id}/instances", scope="app:read")
def instances(request: Request) -> JSON:
    active = active_deployment(request.world, find_app(request))
    found = []
    for kind, component in components(active["spec"] if active else {}, *TYPES):
        for number, name in enumerate(instance_names(request.world, active or {}, component)):
            found.append(
                {
                    "component_name": component["name"],
                    "instance_name": name,
                    "instance_alias": f"{component['name']}-{number}",
                    "component_type": TYPES[kind],
                }
            )
    return {"instances": found}


@operation("GET", "/v2/apps/{app_id}/health", scope="app:read")
def health(request: Request) -> JSON:
    world, app = request.world, find_app(request)
    active, now = active_deployment(world, app), world.now().timestamp()
    found = []
    for _kind, component in components(active["spec"] if active else {}, *TYPES):
        name, there = component["name"], running.of(world, active, component["name"])
        count = running.wanted(active or {}, component)
        ready = sum(one["ready"] for one in there) if there else count
        found.append(
            {
                "name": name,
                "cpu_usage_percent": used(world, app, name, "cpu", now),
                "memory_usage_percent": used(world, app, name, "memory", now),
                "replicas_desired": count,
                "replicas_ready": ready,
                "state": "HEALTHY" if ready >= count else "UNHEALTHY",
            }
        )
    return {"app_health": {"components": found}}


# -- consoles --------------------------------------------------------------------------------------------------------


def _console(request: Request, deployment: JSON) -> JSON:
    name, instance = request.params["component_name"], request.query.get("instance_name", "")
    require_component(deployment, name)
    component = next(c for _kind, c in components(deployment["spec"]) if c["name"] == name)
    if instance and instance not in instance_names(request.world, deployment, component):
        raise not_found()
    token = request.world.token_hex(16)
    return {"url": f"{CONSOLE}/{deployment['_app_id']}/{name}/?token={token}"}


@operation("GET", "/v2/apps/{app_id}/components/{component_name}/exec", scope="app:access_console")
def active_console(request: Request) -> JSON:
    return _console(request, active(request))


@operation(
    "GET", "/v2/apps/{app_id}/deployments/{deployment_id}/components/{component_name}/exec", scope="app:access_console"
)
def deployment_console(request: Request) -> JSON:
    _app, deployment = find_deployment(request)
    return _console(request, deployment)


# -- bandwidth -------------------------------------------------------------------------------------------------------


def _day(world: World, text: object) -> str:
    """Midnight of the day asked for, yesterday's by default; 400 when it is no date."""
    try:
        moment = parse(str(text)) if text else world.now() - timedelta(days=1)
    except ValueError:
        raise ApiError(400, "date must be a timestamp") from None
    return world.timestamp(moment.replace(hour=0, minute=0, second=0, microsecond=0))


def _usage(world: World, app: JSON, day: str) -> JSON:
    served = active_deployment(world, app) is not None and day >= app["created_at"][:10]
    return {"app_id": app["id"], "bandwidth_bytes": str(int.from_bytes(steady(app["id"], day)[:3]) if served else 0)}


@operation("GET", "/v2/apps/{app_id}/metrics/bandwidth_daily", scope="app:read")
def bandwidth(request: Request) -> JSON:
    day = _day(request.world, request.query.get("date"))
    return {"app_bandwidth_usage": [_usage(request.world, find_app(request), day)], "date": day}


@operation("POST", "/v2/apps/metrics/bandwidth_daily", scope="app:read", safe=True)
def bandwidth_of_many(request: Request) -> JSON:
    world, ids = request.world, request.json.get("app_ids") or []
    if len(ids) > 100:
        raise ApiError(400, "app_ids may hold at most 100 ids")
    day = _day(world, request.json.get("date"))
    return {"app_bandwidth_usage": [_usage(world, find_app(request, id), day) for id in ids], "date": day}
