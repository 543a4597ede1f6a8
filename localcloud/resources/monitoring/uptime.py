# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uptime checks and their alerts: ``/v2/uptime/checks``."""

from __future__ import annotations

from urllib.parse import urlsplit

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.monitoring.recipients import recipients
from localcloud.world import hooks
from localcloud.world.clock import parse
from localcloud.world.world import World

CHECKS_TABLE, ALERTS_TABLE = "uptime_checks", "uptime_alerts"
# What came of probing, by check (``probes``): nothing where nobody probes.
RESULTS_TABLE = "uptime_results"
CHECKS = "/v2/uptime/checks"
CHECK = f"{CHECKS}/{{check_id}}"
ALERT = f"{CHECK}/alerts/{{alert_id}}"
REGIONS = ("us_east", "us_west", "eu_west", "se_asia")
MONTH = 30 * 86400.0
# What alerts count, and whether they need a number to hold it against [S].
COUNTED = {"latency": True, "down": False, "down_global": False, "ssl_expiry": True}


def unknown() -> ApiError:
    """An unknown id is forbidden and not missing here; the words are those of DigitalOcean's other refusals [?]."""
    return ApiError(403, "You are not authorized to perform this operation")


def _check(request: Request) -> JSON:
    row = request.world.table(CHECKS_TABLE).get(request.params["check_id"])
    if row is None:
        raise unknown()
    return row


def _settings(body: JSON) -> JSON:
    name, kind, target = body.get("name"), body.get("type"), str(body.get("target") or "")
    if not isinstance(name, str) or not name.strip():
        raise ApiError(422, "name can't be blank")
    regions = list(dict.fromkeys(body.get("regions") or []))
    if not regions or set(regions) - set(REGIONS):
        raise ApiError(422, f"regions must be some of {', '.join(REGIONS)}")
    address = urlsplit(target if "//" in target else f"//{target}")
    if not address.hostname or (kind != "ping" and address.scheme != kind):
        raise ApiError(422, f"target {target} is not valid for a check of type {kind}")
    return {"name": name, "type": kind, "target": target, "regions": regions, "enabled": body.get("enabled", True)}


@operation("GET", CHECKS, scope="uptime:read")
def list_checks(request: Request) -> JSON:
    return paginate(request, "checks", request.world.table(CHECKS_TABLE).all())


@operation("POST", CHECKS, scope="uptime:create", status=201)
def create_check(request: Request) -> JSON:
    return {"check": public(_insert(request.world, _settings(request.json)))}


def _insert(world: World, settings: JSON) -> JSON:
    id = world.uuid()
    return world.table(CHECKS_TABLE).insert(id, {"id": id, **settings, "_since": world.timestamp()})


@operation("GET", CHECK, scope="uptime:read")
def read_check(request: Request) -> JSON:
    return {"check": public(_check(request))}


@operation("PUT", CHECK, scope="uptime:update")
def update_check(request: Request) -> JSON:
    """Nothing is required [S]: what is left out stays [?]."""
    row = _check(request)
    given = {key: value for key, value in request.json.items() if value is not None}
    row.update(_settings({**row, **given}))
    return {"check": public(row)}


@operation("DELETE", CHECK, scope="uptime:delete", status=204)
def delete_check(request: Request) -> None:
    """Its alerts go with it [S]."""
    world, id = request.world, _check(request)["id"]
    world.table(CHECKS_TABLE).delete(id)
    world.table(RESULTS_TABLE).delete(id)
    for key, alert in world.table(ALERTS_TABLE).items():
        if alert["_check"] == id:
            world.table(ALERTS_TABLE).delete(key)


@operation("GET", f"{CHECK}/state", scope="uptime:read")
def state(request: Request) -> JSON:
    """All is well where nobody asks the target."""
    world, row = request.world, _check(request)
    found = world.table(RESULTS_TABLE).peek(row["id"]) or {"status": "UP", "since": row["_since"]}
    down = found.get("down_seconds", 0.0)
    if found["status"] == "DOWN":
        down += (world.now() - parse(found["since"])).total_seconds()
    share = round(100 * (1 - min(down, MONTH) / MONTH), 2)
    region = {
        "status": found["status"],
        "status_changed_at": found["since"],
        "thirty_day_uptime_percentage": share,
    }
    return {"state": {"regions": dict.fromkeys(row["regions"], region), "previous_outage": found.get("outage", {})}}


# -- alerts --------------------------------------------------------------------------------------------------------


def _alert(request: Request) -> JSON:
    check = _check(request)
    row = request.world.table(ALERTS_TABLE).get(request.params["alert_id"])
    if row is None or row["_check"] != check["id"]:
        raise unknown()
    return row


def _alert_settings(body: JSON) -> JSON:
    """What has no number to be held against shows 0 and no comparison, as the Go client sends it [G]."""
    name, kind = body.get("name"), str(body.get("type"))
    if not isinstance(name, str) or not name.strip():
        raise ApiError(422, "name can't be blank")
    found: JSON = {"name": name, "type": kind, "period": body.get("period") or ""}
    if not found["period"]:
        raise ApiError(422, "period must be given")
    found["threshold"], found["comparison"] = body.get("threshold") or 0, body.get("comparison") or ""
    if COUNTED.get(kind) and not (found["threshold"] and found["comparison"]):
        raise ApiError(422, f"threshold and comparison must be given for type {kind}")
    if not COUNTED.get(kind):
        del found["comparison"]
        found["threshold"] = 0
    found["notifications"] = recipients(body.get("notifications") or {})
    if not any(found["notifications"].values()):
        raise ApiError(422, "notifications: at least one email or slack channel is required")
    return found


@operation("GET", f"{CHECK}/alerts", scope="uptime:read")
def list_alerts(request: Request) -> JSON:
    id = _check(request)["id"]
    rows = [row for row in request.world.table(ALERTS_TABLE).all() if row["_check"] == id]
    return paginate(request, "alerts", rows)


@operation("POST", f"{CHECK}/alerts", scope=("uptime:create", "uptime:update"), status=201)
def create_alert(request: Request) -> JSON:
    check, id = _check(request), request.world.uuid()
    row = {"id": id, **_alert_settings(request.json), "_check": check["id"]}
    return {"alert": public(request.world.table(ALERTS_TABLE).insert(id, row))}


@operation("GET", ALERT, scope="uptime:read")
def read_alert(request: Request) -> JSON:
    return {"alert": public(_alert(request))}


@operation("PUT", ALERT, scope="uptime:update")
def update_alert(request: Request) -> JSON:
    row = _alert(request)
    settings = _alert_settings(request.json)
    row.pop("comparison", None)
    row.update(settings)
    return {"alert": public(row)}


@operation("DELETE", ALERT, scope=("uptime:delete", "uptime:update"), status=204)
def delete_alert(request: Request) -> None:
    request.world.table(ALERTS_TABLE).delete(_alert(request)["id"])


@hooks.seeder("uptime_checks")
def _seed(world: World, count: int) -> None:
    for _ in range(count):
        name = f"foreign-check-{len(world.table(CHECKS_TABLE)):04}"
        target = f"https://{name}.example"
        _insert(world, _settings({"name": name, "type": "https", "target": target, "regions": ["us_east"]}))
