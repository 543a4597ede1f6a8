# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the instances of an app use: ``/v2/monitoring/metrics/apps``.

As Prometheus tells it: one series for each instance, a sample every two minutes [S], values as text. How busy an app is
is said by ``PUT utilization`` of the admin API, and holds from then on; until then what really runs is measured, and of
what does not figures are made up but steady.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.apps import instances
from localcloud.resources.apps.rows import APPS, active_deployment
from localcloud.resources.apps.spec import components
from localcloud.world.clock import parse
from localcloud.world.world import World

METRICS = "/v2/monitoring/metrics/apps"
UTILIZATION = "utilization"
# Seconds between two samples [S].
STEP = 120
# The kinds of components that run all the time.
RUNNING = ("services", "workers")
# What each metric is called in `PUT utilization`, and what an app that nobody speaks of uses.
_IDLE: dict[str, Callable[[float], float]] = {
    "cpu": lambda load: 5 + 20 * load,
    "memory": lambda load: 30 + 25 * load,
    "restarts": lambda _load: 0.0,
}


def steady(*parts: object) -> bytes:
    """Bytes that follow from the parts alone."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).digest()


def used(world: World, app: JSON, component: str, part: str, at: float, number: int | None = None) -> float:
    """What an instance used at a moment (Unix time): per cent of ``cpu`` or ``memory``, or its ``restarts`` so far.

    Without a number, what they used on average.
    """
    row = world.table(UTILIZATION).peek(f"app {app['spec']['name']}") or {}
    told = [value for since, value in row.get(part, []) if since <= at]
    if told:
        return float(told[-1])
    there = instances.of(world, active_deployment(world, app), component)
    seen = [instances.used(one, part, at) for one in there if number in (None, one["number"])]
    if known := [value for value in seen if value is not None]:
        return round(sum(known) / len(known), 3)
    return 0.0 if there else round(_IDLE[part](steady(component)[0] / 255), 3)


def requests(world: World, app: JSON) -> tuple[float, float] | None:
    """Of the last minute: how many a second, and what 95 of 100 took at most, in ms; None where nothing is measured."""
    measured = world.plane.figures(f"route/{app['_active']}")
    return (measured["requests"] / 60, measured["95p"]) if measured else None


def _moment(request: Request, name: str) -> int:
    try:
        return int(float(request.query[name]))
    except (KeyError, ValueError, OverflowError):
        raise ApiError(400, f"{name} must be a UNIX timestamp") from None


def _answer(request: Request, part: str) -> JSON:
    """An app that is not there, or does not run, has no series [?]."""
    world, start, end = request.world, _moment(request, "start"), _moment(request, "end")
    if end < start:
        raise ApiError(400, "end must not be before start")
    app = world.table(APPS).get(request.query.get("app_id", ""))
    active = active_deployment(world, app) if app else None
    if app is None or active is None:
        return _matrix([])
    first = max(start, int(parse(app["created_at"]).timestamp()))
    last = min(end, int(world.now().timestamp()))
    times = range(-(-first // STEP) * STEP, last + 1, STEP)
    wanted, found = request.query.get("app_component"), []
    for _kind, component in components(active["spec"], *RUNNING):
        name = component["name"]
        if wanted not in (None, "", name):
            continue
        for number in range(instances.count(world, active, component) if times else 0):
            values = [[moment, f"{used(world, app, name, part, moment, number):.15f}"] for moment in times]
            labels = {"app_component": name, "app_component_instance": f"{name}-{number}", "app_uuid": app["id"]}
            found.append({"metric": labels, "values": values})
    return _matrix(found)


def _matrix(series: list[JSON]) -> JSON:
    return {"status": "success", "data": {"resultType": "matrix", "result": series}}


@operation("GET", f"{METRICS}/cpu_percentage", scope="monitoring:read")
def cpu(request: Request) -> JSON:
    return _answer(request, "cpu")


@operation("GET", f"{METRICS}/memory_percentage", scope="monitoring:read")
def memory(request: Request) -> JSON:
    return _answer(request, "memory")


@operation("GET", f"{METRICS}/restart_count", scope="monitoring:read")
def restarts(request: Request) -> JSON:
    return _answer(request, "restarts")
