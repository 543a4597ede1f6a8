# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting deployments of an app, and following one until it has ended."""

from __future__ import annotations

from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP, APP_DEPLOYMENT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import once
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look, wait_until
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import deployments
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.logs import with_logs
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module

# Seconds within which a deployment that was asked for can be read, see facts.md §5.
_VISIBLE_WITHIN = 60.0
# Seconds within which a deployment that superseded another one is listed.
_LISTED_WITHIN = 8.0


def find_apps(module: Module, name: str, *, fresh: bool = False) -> list[Data]:
    """The apps of that name, with their projects. An app carries its name inside its spec."""
    rows = module.api.rows(APP.path, APP.many, APP.tells, {"with_projects": "true"}, fresh=fresh)
    return [row for row in rows if (row.get("spec") or {}).get("name") == name]


def recent(module: Module, app_id: str) -> list[Data]:
    """The newest deployments of an app, newest first (the API keeps ten that can be rolled back to)."""
    promise = Promise(APP_DEPLOYMENT.many, list)
    answer = module.api.get(APP_DEPLOYMENT.collection(app_id), promise, {"page": 1, "per_page": 50})
    return deployments.newest_first(answer[APP_DEPLOYMENT.many])


def read(module: Module, app_id: str, deployment_id: str) -> Data | None:
    """One deployment, None when there is none of that id."""
    try:
        answer = module.api.get(APP_DEPLOYMENT.location(deployment_id, app_id), APP_DEPLOYMENT.promise)
    except NotFound:
        return None
    return APP_DEPLOYMENT.unwrap(answer, deployment_id)


def start(module: Module, app_id: str, action: str, body: Any, known: set[str]) -> Data:
    """POST what starts a deployment, and return the deployment.

    `known` are the ids of the deployments before: an answer that got lost is looked for among the others, so that
    nothing is deployed twice. Without an effect it is asked for again.
    """

    def made() -> Data | None:
        return next((item for item in recent(module, app_id) if item.get("id") not in known), None)

    path = f"{APP.location(app_id)}/{action}"
    ask = partial(module.api.post, path, body, APP_DEPLOYMENT.promise)
    return once(module.clock, lambda: APP_DEPLOYMENT.unwrap(ask()), made)


def follow(module: Module, app: Data, deployment: Data, *, timeout: float, canceling: bool = False) -> Data:
    """Wait until a deployment has ended, and return it, or the one that took its place.

    Raises Failure with the failing step when it did not succeed (with `canceling`, only when it was not canceled), and
    when it has not ended within `timeout` seconds.
    """
    app_id, name = str(app["id"]), str((app.get("spec") or {}).get("name") or app["id"])
    watched, lonely = deployment, 0.0
    begun = module.clock.now()

    def look() -> Look[Data]:
        nonlocal watched, lonely
        found = read(module, app_id, str(watched["id"]))
        if found is None:
            if module.clock.now() - begun > _VISIBLE_WITHIN:
                raise Failure(
                    f'Deployment {watched["id"]} of app "{name}" has disappeared while it was waited for: '
                    "find out whether the app was deleted, and run again."
                )
            return Look(watched, "not visible yet", False)
        if not canceling and deployments.phase(found) in ("SUPERSEDED", "CANCELED"):
            newer = deployments.successor(found, recent(module, app_id))
            # What superseded it may take a moment to be listed.
            lonely = lonely or module.clock.now()
            if newer is None and deployments.phase(found) == "SUPERSEDED":
                return Look(found, "SUPERSEDED", module.clock.now() - lonely > _LISTED_WITHIN)
            if newer:
                lonely = 0.0
                module.progress(f'app "{name}": deployment {watched["id"]} was replaced by {newer["id"]}')
                watched = newer
                return Look(newer, deployments.progress(newer), deployments.phase(newer) == "ACTIVE")
        watched = found
        return Look(found, deployments.progress(found), deployments.ended(found))

    ended = wait_until(
        look,
        what=f'deployment {deployment["id"]} of app "{name}"',
        goal="canceled" if canceling else "ended",
        timeout=timeout,
        clock=module.clock,
        progress=module.progress,
        next_step="It goes on without us: run again to keep waiting, or raise wait_timeout.",
    )
    if deployments.phase(ended) in deployments.FAILED and not canceling:
        raise failure(module, ended, app)
    return ended


def failure(module: Module, deployment: Data, app: Data) -> Failure:
    """What to tell of a deployment that did not succeed; details go into the result of the module."""
    name = (app.get("spec") or {}).get("name") or app.get("id")
    failures = with_logs(module, str(app.get("id")), deployment, deployments.failures(deployment))
    why = f'deployment {deployment.get("id")} of app "{name}" {deployments.why(deployment)}'
    logs = "Look at its logs in the control panel or with doctl apps logs"
    if any("log" in row for row in failures):
        logs = "The end of its log stands under failures"
    active = app.get("active_deployment") or {}
    left = f"The app still runs deployment {active['id']}" if active.get("id") else "The app does not run yet"
    problem = Failure(f"D{why[1:]}. {left}. {logs}; correct the cause and run again.")
    # Ansible prints the whole result of a failed task: only what leads on, without the spec.
    told = {name: deployment[name] for name in ("id", "phase", "cause", "created_at") if name in deployment}
    problem.details = {"deployment": {**told, "why": why}, "failures": failures}
    return problem
