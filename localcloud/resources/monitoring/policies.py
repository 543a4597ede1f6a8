# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert policies of Droplets, load balancers and databases: ``/v2/monitoring/alerts``."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.monitoring.recipients import recipients
from localcloud.world import hooks
from localcloud.world.world import World

TABLE = "alert_policies"
ALERTS = "/v2/monitoring/alerts"
ONE = f"{ALERTS}/{{alert_uuid}}"
# All of these are required, of a new one and of a change [S].
NEEDED = ("type", "description", "compare", "value", "window", "entities", "tags", "alerts", "enabled")


def _settings(body: JSON) -> JSON:
    if missing := [name for name in NEEDED if name not in body]:
        raise ApiError(422, f"{', '.join(missing)} must be given")
    if not str(body["description"]).strip():
        raise ApiError(422, "description can't be blank")
    found = {name: body[name] for name in NEEDED}
    for name in ("entities", "tags"):
        found[name] = list(dict.fromkeys(found[name] or []))
    found["value"] = float(found["value"])
    found["alerts"] = recipients(body["alerts"])
    if not any(found["alerts"].values()):
        raise ApiError(422, "alerts: at least one email or slack channel is required")
    return found


def _insert(world: World, settings: JSON) -> JSON:
    id = world.uuid()
    return world.table(TABLE).insert(id, {"uuid": id, **settings})


def _wanted(request: Request) -> JSON:
    return request.row(TABLE, "alert_uuid")


@operation("GET", ALERTS, scope="monitoring:read")
def list_policies(request: Request) -> JSON:
    return paginate(request, "policies", request.world.table(TABLE).all())


@operation("POST", ALERTS, scope="monitoring:create")
def create(request: Request) -> JSON:
    return {"policy": public(_insert(request.world, _settings(request.json)))}


@operation("GET", ONE, scope="monitoring:read")
def read(request: Request) -> JSON:
    return {"policy": public(_wanted(request))}


@operation("PUT", ONE, scope="monitoring:update")
def replace(request: Request) -> JSON:
    row = _wanted(request)
    row.update(_settings(request.json))
    return {"policy": public(row)}


@operation("DELETE", ONE, scope="monitoring:delete", status=204)
def delete(request: Request) -> None:
    request.world.table(TABLE).delete(_wanted(request)["uuid"])


@hooks.seeder("alert_policies")
def _seed(world: World, count: int) -> None:
    for _ in range(count):
        policy = {
            "type": "v1/insights/droplet/cpu",
            "description": f"foreign-policy-{len(world.table(TABLE)):04}",
            "compare": "GreaterThan",
            "value": 80,
            "window": "5m",
            "entities": [],
            "tags": ["foreign"],
            "alerts": {"email": ["somebody@else.example"], "slack": []},
            "enabled": True,
        }
        _insert(world, _settings(policy))
