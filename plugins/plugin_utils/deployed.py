# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a deployment, and what became of one that failed."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.answering import health_problems


def deployment_problems(
    app: Data,
    name: str,
    url: str = "",
    probe: Data | None = None,
    checks: list[str] | None = None,
    expected: str = "",
    commit: str = "",
) -> list[str]:
    """What is wrong with an app, as clauses; [] when nothing is.

    `app` is the one of that `name` or {}. `probe` is the result of asking the health check at `url`, of which `checks`
    count; of none, and of a skipped one, nothing is told. `expected` is the id of the deployment that must be active,
    `commit` what it must have been built from.
    """
    if not app:
        return [f"there is no app {name}"]
    active = app.get("active_deployment") or {}
    problems = [] if active else ["no deployment of it has ever succeeded"]
    if active and expected and active["id"] != expected:
        problems.append(f"deployment {expected} is not the active one")
    built = next(filter(None, (row.get("source_commit_hash") for row in active.get("services") or [])), "")
    if built and not built.startswith(commit):
        problems.append(
            f"commit {built}, the head of the branch, was built instead of {commit}: release that one, or a branch that"
            " ends with this one"
        )
    if probe and not probe.get("skipped"):
        wrong = health_problems(probe, checks or [])
        problems += [f"its health check {url} {', '.join(wrong)}"] if wrong else []
    return problems


def overtaken_by(app: Data, expected: str, before: Data) -> str:
    """The deployment of another run that is active: neither the `expected` one nor the one `before`; empty for none."""
    active = str((app.get("active_deployment") or {}).get("id") or "")
    return active if expected and active not in (expected, before.get("id")) else ""


def way_back(before: Data, overtaken: str = "", rolled_back: bool = False, failure: str | None = None) -> str:
    """A sentence on what runs after a deployment has failed. `failure` says why there was no way back to `before`."""
    if not before:
        return "There is no earlier deployment to return to: correct the cause and run again."
    if failure is not None:
        return f"Going back to deployment {before['id']} failed too: {failure}"
    if overtaken:
        return (
            f"Deployment {overtaken} of another run is active and was left alone: run again if it is not what you want."
        )
    if rolled_back:
        return f"Rolled back to deployment {before['id']}: what it ran is active again."
    return f"Deployment {before['id']} has run all the time, and the app has its spec again."
