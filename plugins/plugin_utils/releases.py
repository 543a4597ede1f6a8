# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which deployment to go back to, and what stays as it is: migrations are not undone."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import deployments as reading


def rollback_plan(app: Data, deployments: list[Data], wanted: str = "") -> Data:
    """`{"problem", "step", "target", "migrations"}` for an app and its newest deployments.

    `wanted` is the id of a deployment, empty for the last successful one that ran something else. `step` is
    `roll_back`, `judge` for a rollback that an interrupted run has left to be judged (the app is pinned to it), or
    `none` when it runs already. `migrations` are `{"deployment", "job", "at", "phase"}`, the newest first: jobs before
    deployments that were made after the target, whose changes of the schema the target will meet.
    """
    rows = reading.newest_first(deployments)
    pinned, active = (app.get(f"{state}_deployment") or {} for state in ("pinned", "active"))
    if not active:
        return _problem("nothing of it runs: there is nothing to go back from")
    under_way = reading.under_way(app) or pinned
    if under_way.get("id") != pinned.get("id"):
        return _problem(f"deployment {under_way['id']} is under way: wait for it, or cancel it, and run again")
    if pinned and wanted in ("", pinned.get("cloned_from"), pinned.get("id")):
        return _plan("judge", str(pinned.get("cloned_from") or pinned["id"]), rows)
    if pinned:
        return _problem(
            f"it is pinned to deployment {pinned['id']} by a rollback to another one: run without a name first"
        )
    if not wanted and reading.is_rollback(active):
        return _plan("none", str(active["cloned_from"]), rows)
    # Its spec would come along: what was deployed in maintenance would begin it again, or end it.
    alike = [row for row in rows if _is_offline(row) == _is_offline(active)]
    target = next((row for row in rows if row.get("id") == wanted), None) if wanted else reading.rollback_target(alike)
    if target is None:
        named = f"deployment {wanted} is none of its newest ones"
        return _problem(named if wanted else "it has no earlier successful deployment that ran anything else")
    if target not in alike:
        return _problem(f"deployment {target['id']} would {'begin' if _is_offline(target) else 'end'} maintenance")
    return _plan("none" if reading.runs_on(app, str(target["id"])) else "roll_back", str(target["id"]), rows)


def _is_offline(deployment: Data) -> bool:
    maintenance = (deployment.get("spec") or {}).get("maintenance") or {}
    return bool(maintenance.get("enabled") or maintenance.get("archive"))


def _problem(why: str) -> Data:
    return {"problem": why, "step": "none", "target": "", "migrations": []}


def _plan(step: str, target: str, rows: list[Data]) -> Data:
    ids = [row.get("id") for row in rows]
    later = rows[: ids.index(target)] if target in ids else rows
    return {"problem": "", "step": step, "target": target, "migrations": migrations(later)}


def migrations(deployments: list[Data]) -> list[Data]:
    """The jobs that ran before each of the deployments, restarts and rollbacks among them."""
    return [
        {"deployment": row["id"], "job": job["name"], "at": row.get("created_at"), "phase": reading.phase(row)}
        for row in deployments
        for job in (row.get("spec") or {}).get("jobs") or []
        if job.get("kind") == "PRE_DEPLOY"
    ]


def component_problem(app: Data, component: str) -> str:
    """Why that component of an app cannot be restarted, "" when it can; an empty name means all of them."""
    active = app.get("active_deployment") or {}
    if not active:
        return "nothing of it runs: deploy it first"
    spec = active.get("spec") or {}
    names = [row["name"] for kind in ("services", "workers") for row in spec.get(kind) or []]
    if component and component not in names:
        return f"it has no component {component} that runs, but {', '.join(names)}"
    return ""
