# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading deployments of an app: how far one is, why one failed, which one follows, which one to go back to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import COMPONENT_KINDS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import normalise

RUNNING = ("UNKNOWN", "PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING")
FAILED = ("ERROR", "CANCELED")
ENDED = ("ACTIVE", "SUPERSEDED", *FAILED)


def phase(deployment: Data | None) -> str:
    """The phase; a deployment that was just asked for may have none yet."""
    return str((deployment or {}).get("phase") or "UNKNOWN")


def ended(deployment: Data | None) -> bool:
    """Whether nothing more will happen to it (an active one can still be superseded)."""
    return phase(deployment) in ENDED


def newest_first(deployments: list[Data]) -> list[Data]:
    """Sorted by creation. The order of equal times, and of missing ones, is the API's, which lists the newest first."""
    return sorted(deployments, key=lambda item: str(item.get("created_at") or ""), reverse=True)


def under_way(app: Data) -> Data | None:
    """The deployment that an app waits for at this moment, if any."""
    for key in ("pending_deployment", "in_progress_deployment"):
        found: Data | None = app.get(key)
        if found and found.get("id") and not ended(found):
            return found
    return None


def successor(deployment: Data, deployments: list[Data]) -> Data | None:
    """The newest deployment made after `deployment`: the one that superseded it, or what superseded that."""
    made = str(deployment.get("created_at") or "")
    for candidate in newest_first(deployments):
        if candidate.get("id") == deployment.get("id"):
            return None
        if str(candidate.get("created_at") or "") >= made:
            return candidate
    return None


Leaf = tuple[tuple[str, ...], str, Data]


def _leaves(steps: Any, trail: tuple[str, ...] = (), component: str = "") -> Iterator[Leaf]:
    """The innermost steps, each with the names of the steps around it and the component it belongs to."""
    for step in steps or []:
        path = (*trail, str(step.get("name") or "?"))
        owner = str(step.get("component_name") or component)
        inner = list(_leaves(step.get("steps"), path, owner))
        # A failed step whose inner steps know nothing of a failure is itself the place.
        if inner and not (step.get("status") == "ERROR" and all(leaf[2]["status"] != "ERROR" for leaf in inner)):
            yield from inner
        else:
            yield path, owner, {"status": "UNKNOWN", **step}


def failures(deployment: Data) -> list[Data]:
    """The steps that failed, as ``{"component", "step", "code", "message"}``, in the order of their happening.

    `step` is the path of step names, such as ``deploy/components/web/wait``; `code` and `message` are the API's reason.
    """
    progress = deployment.get("progress") or {}
    found = []
    for path, component, step in _leaves(progress.get("steps") or progress.get("summary_steps")):
        if step["status"] == "ERROR":
            reason = step.get("reason") or {}
            found.append(
                {
                    "component": component,
                    "step": "/".join(path),
                    "code": str(reason.get("code") or ""),
                    "message": str(reason.get("message") or step.get("message_base") or ""),
                }
            )
    return found


def why(deployment: Data) -> str:
    """One clause on how a deployment ended, for a sentence: ``failed in step … of component …: code, message``."""
    if phase(deployment) == "CANCELED":
        return "was canceled"
    reasons = []
    for failure in failures(deployment):
        where = f"step {failure['step']}" + (f" of component {failure['component']}" if failure["component"] else "")
        what = ": ".join(part.rstrip(".") for part in (failure["code"], failure["message"]) if part)
        reasons.append(f"in {where}" + (f" ({what})" if what else ""))
    return "failed " + ("; ".join(reasons) if reasons else "without naming a step")


def progress(deployment: Data) -> str:
    """How far it is, for a progress line: ``DEPLOYING, 5 of 12 steps, web: Waiting for service``."""
    counts = deployment.get("progress") or {}
    text = phase(deployment)
    if counts.get("total_steps"):
        text += f", {counts.get('success_steps') or 0} of {counts['total_steps']} steps"
    for _path, component, step in _leaves(counts.get("steps")):
        if step["status"] == "RUNNING":
            doing = str(step.get("message_base") or step.get("name") or "")
            return f"{text}, {component + ': ' if component else ''}{doing}"
    return text


def succeeded(deployment: Data) -> bool:
    """Whether it went live once: it is active, or was superseded after all of its steps had succeeded."""
    if phase(deployment) == "ACTIVE":
        return True
    counts = deployment.get("progress") or {}
    total = counts.get("total_steps")
    return phase(deployment) == "SUPERSEDED" and (not total or counts.get("success_steps") == total)


def rollback_target(deployments: list[Data]) -> Data | None:
    """The last successful deployment before the newest one that ran something else.

    While the newest is live this is the one before it, leaving out those that ran the very same (the newest is a
    restart of theirs). When the newest failed, it is the one still running, and there is nothing to roll back.
    """
    ordered = newest_first(deployments)
    earlier = [item for item in ordered[1:] if succeeded(item)]
    return next((item for item in earlier if not _runs_the_same(ordered[0], item)), None)


def _runs_the_same(one: Data, two: Data) -> bool:
    """Whether two deployments certainly run the same: one spec, and code that is named by commit or digest."""
    if phase(one) in FAILED or normalise(one.get("spec") or {}) != normalise(two.get("spec") or {}):
        return False
    for kind in COMPONENT_KINDS:
        sources = {item.get("name"): item for item in one.get(kind) or []}
        if one.get(kind) != two.get(kind):
            return False
        for component in (one.get("spec") or {}).get(kind) or []:
            source = sources.get(component.get("name"), {})
            known = (component.get("image") or {}).get("digest") or source.get("source_image_digest")
            if not (known or source.get("source_commit_hash")):
                return False
    return True


def is_rollback(deployment: Data | None) -> bool:
    """Whether a deployment is the copy of an earlier one that a rollback made."""
    details = (deployment or {}).get("cause_details") or {}
    text = f"{details.get('type') or ''} {(deployment or {}).get('cause') or ''}".lower()
    return bool((deployment or {}).get("cloned_from")) and "rollback" in text


def runs_on(app: Data, deployment_id: str) -> bool:
    """Whether an app already runs `deployment_id`, itself or as the rollback that was made of it."""
    for key in ("active_deployment", "pinned_deployment"):
        found = app.get(key) or {}
        if deployment_id in (found.get("id"), found.get("cloned_from")):
            return True
    return False
