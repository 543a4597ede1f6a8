# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where logs are, and the logs: ``GET …/logs`` gives addresses of this instance that need no token of the API.

Who holds an address may read, as with the real ones: each carries a token that follows from the log and a key of this
process. What is in a log: ``log_text``. A websocket to the same address pushes the lines, with ``follow`` as they come.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlencode

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.routing import Reply, Request, operation
from localcloud.resources.apps.deployments.course import UNDER_WAY
from localcloud.resources.apps.deployments.log_text import log_text
from localcloud.resources.apps.rows import APPS, DEPLOYMENTS, active_deployment, find_app, find_deployment
from localcloud.resources.apps.spec import components
from localcloud.world.world import World

TYPES = ("UNSPECIFIED", "BUILD", "DEPLOY", "RUN", "RUN_RESTARTED", "AUTOSCALE_EVENT")
ALL = "all"
# So many of what was written are given.
LINES = 10_000

_KEY = secrets.token_bytes(32)


def _token(path: str) -> str:
    return hmac.digest(_KEY, path.encode(), "sha256").hex()


def addresses(request: Request, deployment: JSON, kind: str, component: str = "") -> JSON:
    """``{historic_urls, live_url}`` of one log. Past deployments have archives only."""
    path = f"/logs/{deployment['_app_id']}/{deployment['id']}/{component or ALL}/{kind.lower()}.log"
    wanted = {"token": _token(path)}
    if request.query.get("tail_lines", "").isdecimal():
        wanted["tail_lines"] = request.query["tail_lines"]
    if request.query.get("follow", "").lower() == "true":
        wanted["follow"] = "true"
    url = f"{request.base_url}{path}?{urlencode(wanted)}"
    answer: JSON = {"historic_urls": [url]}
    if deployment["phase"] not in ("SUPERSEDED", "ERROR", "CANCELED"):
        answer["live_url"] = url
    return answer


@operation("GET", "/logs/{app_id}/{deployment_id}/{component}/{name}", public=True, contract=False)
def read(request: Request) -> Reply:
    """The log as text, as far as it goes by now. 403 for a token that is not this log's."""
    if not hmac.compare_digest(request.query.get("token", "").encode(), _token(request.path).encode()):
        raise ApiError(403, "The token of this address is not valid.")
    world = request.world
    world.turn.reading = False  # what has been logged is no stale answer
    app = world.table(APPS).peek(request.params["app_id"])
    deployment = world.table(DEPLOYMENTS).peek(request.params["deployment_id"])
    if app is None or deployment is None:
        raise not_found()
    kind, component = request.params["name"].removesuffix(".log").upper(), request.params["component"]
    lines = log_text(deployment, kind, "" if component == ALL else component, _written(world, deployment))
    tail = request.query.get("tail_lines", "")
    lines = lines[-int(tail) :] if tail.isdecimal() and int(tail) else lines
    goes_on = deployment["phase"] in UNDER_WAY or (deployment["phase"] == "ACTIVE" and kind in ("RUN", "UNSPECIFIED"))
    live = goes_on and request.query.get("follow") == "true"
    text = "".join(f"{line}\n" for line in lines)
    return Reply(raw=text.encode(), headers={"content-type": "text/plain"}, live=live)


def _written(world: World, deployment: JSON) -> list[str]:
    try:
        return world.plane.log_tail(f"deployment/{deployment['id']}", LINES)
    except ValueError:
        return []


def require_component(deployment: JSON, name: str) -> None:
    if all(component["name"] != name for _kind, component in components(deployment["spec"])):
        raise not_found()


def _logs(request: Request, deployment: JSON, component: str = "") -> JSON:
    kind = request.query.get("type", "UNSPECIFIED")
    if kind not in TYPES:
        raise ApiError(400, f"type must be one of {', '.join(TYPES)}")
    if component:
        require_component(deployment, component)
    return addresses(request, deployment, kind, component)


def active(request: Request) -> JSON:
    """The active deployment of the app of the path; 404 when there is none."""
    found = active_deployment(request.world, find_app(request))
    if found is None:
        raise not_found()
    return found


@operation("GET", "/v2/apps/{app_id}/logs", scope="app:read")
def active_logs(request: Request) -> JSON:
    return _logs(request, active(request), request.query.get("component_name", ""))


@operation("GET", "/v2/apps/{app_id}/components/{component_name}/logs", scope="app:read")
def active_component_logs(request: Request) -> JSON:
    return _logs(request, active(request), request.params["component_name"])


@operation("GET", "/v2/apps/{app_id}/deployments/{deployment_id}/logs", scope="app:read")
def deployment_logs(request: Request) -> JSON:
    _app, deployment = find_deployment(request)
    return _logs(request, deployment, request.query.get("component_name", ""))


@operation("GET", "/v2/apps/{app_id}/deployments/{deployment_id}/components/{component_name}/logs", scope="app:read")
def deployment_component_logs(request: Request) -> JSON:
    _app, deployment = find_deployment(request)
    return _logs(request, deployment, request.params["component_name"])
