# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments begin and end. What happens in between: ``phases``.

A new deployment supersedes those still under way; an active one is superseded only when its successor is active, so a
failure leaves what runs untouched. An app's record points at its deployments by id: ``_pending``, ``_in_progress``,
``_active``, ``_pinned`` and ``_routed``, which gets the requests (or None). Where software runs, ``_stage`` of one says
which part of it does.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.resources.apps.deployments import progress
from localcloud.resources.apps.rows import DEPLOYMENTS
from localcloud.resources.apps.spec import KINDS, components, git_source, tier_slug
from localcloud.world.world import World

UNDER_WAY = ("PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING")
MANUAL, MANUAL_ROLLBACK = "MANUAL", "MANUAL_ROLLBACK"


@dataclass(frozen=True)
class Cause:
    """Why there is a deployment: the text, its type, and the Go client's name of what the user did."""

    text: str
    action: str
    type: str = MANUAL


CREATED = Cause("initial deployment", "CREATE_DEPLOYMENT")
UPDATED = Cause("app spec updated", "UPDATE_SPEC")
REQUESTED = Cause("manual", "CREATE_DEPLOYMENT")
RESTARTED = Cause("restart", "RESTART")


def of_app(world: World, app_id: str) -> list[JSON]:
    """All deployments of an app, newest first."""
    rows = [row for row in world.table(DEPLOYMENTS).everything() if row["_app_id"] == app_id]
    return sorted(rows, key=lambda row: int(row["_number"]), reverse=True)


def require_unpinned(app: JSON) -> None:
    """409 while a rollback is neither committed nor reverted."""
    if app["_pinned"]:
        raise ApiError(
            409, "the app is pinned to a rollback: commit or revert the rollback before creating a new deployment"
        )


def start(
    world: World, app: JSON, spec: JSON, cause: Cause, *, build: Sequence[str] = tuple(KINDS), cloned_from: str = ""
) -> JSON:
    """Create a deployment of the spec and set it on its way.

    ``build``: the kinds of components that are built when they come from git; the others are taken as built before.
    """
    earlier = of_app(world, app["id"])
    for row in earlier:
        if row["phase"] in UNDER_WAY:
            end(world, app, row, "SUPERSEDED")
    now, id = world.timestamp(), world.uuid()
    deployment: JSON = {
        "id": id,
        "spec": copy.deepcopy(spec),
        **_sources(spec),
        "phase": "PENDING_BUILD",
        "phase_last_updated_at": now,
        "created_at": now,
        "updated_at": now,
        "cause": cause.text,
        "cause_details": {"type": cause.type, "digitalocean_user_action": {"name": cause.action}},
        "progress": progress.new_progress(spec, build),
        "tier_slug": tier_slug(spec),
        "_app_id": app["id"],
        "_number": earlier[0]["_number"] + 1 if earlier else 1,
        "_type": cause.type,
        "_build": any(kind in build and git_source(component) is not None for kind, component in components(spec)),
        "_succeeded": False,
        "_stage": "",
        "_event_id": world.uuid(),
    }
    if cloned_from:
        deployment["cloned_from"] = cloned_from
    if app["_active"]:
        deployment["previous_deployment_id"] = app["_active"]
    world.table(DEPLOYMENTS).insert(id, deployment)
    app.update(_pending=id, last_deployment_created_at=now)
    world.after("app.start", "apps.begin", id=id)
    return deployment


def cancel(world: World, app: JSON, deployment: JSON) -> None:
    """Stop a deployment that is under way; 400 for one that is not."""
    if deployment["phase"] not in UNDER_WAY:
        raise ApiError(400, f"deployment in phase {deployment['phase']} cannot be canceled")
    end(world, app, deployment, "CANCELED")


def _sources(spec: JSON) -> JSON:
    """The components by kind, with the commit of those that come from git (the same one until somebody pushes)."""
    found: JSON = {}
    for kind, component in components(spec):
        entry = {"name": component["name"]}
        source = git_source(component)
        if source:
            origin = f"{source.get('repo') or source.get('repo_clone_url')}@{source.get('branch')}"
            entry["source_commit_hash"] = hashlib.sha256(origin.encode()).hexdigest()[:40]
        elif component["image"].get("digest"):
            entry["source_image_digest"] = component["image"]["digest"]
        found.setdefault(kind, []).append(entry)
    return found


def move(world: World, deployment: JSON, phase: str) -> None:
    now = world.timestamp()
    deployment.update(phase=phase, phase_last_updated_at=now, updated_at=now)


def end(world: World, app: JSON, deployment: JSON, phase: str) -> None:
    """An end without success; what is active stays so."""
    progress.stop(deployment["progress"], world.timestamp())
    move(world, deployment, phase)
    for slot in ("_pending", "_in_progress"):
        if app[slot] == deployment["id"]:
            app[slot] = None
    # Requests go on to, or back to, what is active.
    if app.get("_routed") == deployment["id"]:
        app["_routed"] = app["_active"]
    # A rollback that did not come to pass pins nothing.
    if app["_pinned"] == deployment["id"]:
        app["_pinned"] = None
