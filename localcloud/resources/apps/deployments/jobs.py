# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invocations of jobs: each run of a job before or after a deployment is one. Nothing runs by a schedule here.

They are read off the steps of the deployments, newest first; none is there before its job has begun.
The collection asks for none of them; kept for doctl (``apps list-job-invocations``) and godo.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources.apps.deployments import course, logs
from localcloud.resources.apps.deployments.progress import PENDING, STOPPED, leaves, step_at
from localcloud.resources.apps.rows import find_app
from localcloud.resources.apps.spec import components

PHASES = {"RUNNING": "RUNNING", "SUCCESS": "SUCCEEDED", "ERROR": "FAILED"}


def _invocations(request: Request) -> Iterator[tuple[JSON, JSON]]:
    """``(invocation, its deployment)`` of the app of the path."""
    for deployment in course.of_app(request.world, find_app(request)["id"]):
        for _kind, job in components(deployment["spec"], "jobs"):
            step = step_at(deployment["progress"], "deploy", "components", job["name"])
            if step and step["status"] != PENDING:
                yield _invocation(deployment, job["name"], step), deployment


def _invocation(deployment: JSON, name: str, step: JSON) -> JSON:
    stopped = any(leaf.get("reason") == STOPPED for leaf in leaves(step))
    found: JSON = {
        "id": str(uuid.uuid5(uuid.UUID(deployment["id"]), name)),
        "job_name": name,
        "deployment_id": deployment["id"],
        "phase": "CANCELED" if stopped else PHASES[step["status"]],
        "trigger": {"type": "UNKNOWN"},  # the description has words for a user and a schedule only
        "created_at": step["started_at"],
        "started_at": step["started_at"],
    }
    return found | ({"completed_at": step["ended_at"]} if "ended_at" in step else {})


def _wanted(request: Request) -> tuple[JSON, JSON]:
    for invocation, deployment in _invocations(request):
        if invocation["id"] == request.params["job_invocation_id"]:
            return invocation, deployment
    raise not_found()


@operation("GET", "/v2/apps/{app_id}/job-invocations", scope="app:read")
def list_invocations(request: Request) -> JSON:
    names, deployment_id = request.query_list("job_names"), request.query.get("deployment_id")
    found = [
        invocation
        for invocation, deployment in _invocations(request)
        if (not names or invocation["job_name"] in names) and deployment_id in (None, "", deployment["id"])
    ]
    return paginate(request, "job_invocations", found)


@operation("GET", "/v2/apps/{app_id}/job-invocations/{job_invocation_id}", scope="app:read")
def read_invocation(request: Request) -> JSON:
    """In an envelope, by the prose of the description and by the Go client; its schema has none."""
    return {"job_invocation": _wanted(request)[0]}


@operation("POST", "/v2/apps/{app_id}/job-invocations/{job_invocation_id}/cancel", scope="app:update")
def cancel_invocation(request: Request) -> JSON:
    """A deployment does not outlive its job: it is canceled too."""
    invocation, deployment = _wanted(request)
    if invocation["phase"] != "RUNNING":
        raise ApiError(400, f"job invocation in phase {invocation['phase']} cannot be canceled")
    course.cancel(request.world, find_app(request), deployment)
    return {"job_invocation": _wanted(request)[0]}


@operation("GET", "/v2/apps/{app_id}/jobs/{job_name}/invocations/{job_invocation_id}/logs", scope="app:read")
def invocation_logs(request: Request) -> JSON:
    invocation, deployment = _wanted(request)
    if invocation["job_name"] != request.params["job_name"]:
        raise not_found()
    return logs.addresses(request, deployment, "JOB_INVOCATION", invocation["job_name"])
