# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a deployment: a tree of which the leaves are set and everything above follows.

    build   → initialize, components → <each built component>
    deploy  → initialize, components → <each component> → deploy, wait; finalize

``total_steps`` counts the leaves; a count of zero is left out, as in the examples of the API description. A step that
failed carries ``reason {code, message}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from localcloud import JSON
from localcloud.resources.apps.spec import KINDS, components, git_source

PENDING, RUNNING, SUCCESS, ERROR = "PENDING", "RUNNING", "SUCCESS", "ERROR"
STOPPED = {"code": "Canceled", "message": "The deployment was stopped."}


def new_progress(spec: JSON, build: Sequence[str]) -> JSON:
    """All steps pending. ``build``: the kinds of components that are built when they have a git source."""
    built = [(kind, c) for kind, c in components(spec) if kind in build and git_source(c)]
    steps = [
        _group("build", [_leaf("initialize"), *_optional("components", [_build(kind, c) for kind, c in built])]),
        _group(
            "deploy",
            [
                _leaf("initialize"),
                _group("components", [_deploy(kind, c) for kind, c in _in_order(spec)]),
                _leaf("finalize"),
            ],
        ),
    ]
    progress: JSON = {"steps": steps}
    _recount(progress)
    return progress


def _in_order(spec: JSON) -> list[tuple[str, JSON]]:
    """Jobs before the deployment, then what runs, then jobs after it. Other jobs wait for their occasion."""
    jobs = list(components(spec, "jobs"))
    rest = [(kind, c) for kind, c in components(spec) if kind != "jobs"]
    return [
        *((kind, c) for kind, c in jobs if c.get("kind") == "PRE_DEPLOY"),
        *rest,
        *((kind, c) for kind, c in jobs if c.get("kind") == "POST_DEPLOY"),
    ]


def _leaf(name: str, **extra: str) -> JSON:
    return {"name": name, "status": PENDING, **extra}


def _group(name: str, steps: list[JSON], **extra: str) -> JSON:
    return {"name": name, "status": PENDING, "steps": steps, **extra}


def _optional(name: str, steps: list[JSON]) -> list[JSON]:
    return [_group(name, steps)] if steps else []


def _what(kind: str, component: JSON) -> str:
    if kind != "jobs":
        return KINDS[kind]
    return {"PRE_DEPLOY": "pre-deploy job", "POST_DEPLOY": "post-deploy job"}.get(component.get("kind", ""), "job")


def _build(kind: str, component: JSON) -> JSON:
    name = component["name"]
    return _leaf(name, component_name=name, message_base=f"Building {_what(kind, component)}")


def _deploy(kind: str, component: JSON) -> JSON:
    name, what = component["name"], _what(kind, component)
    steps = [
        _leaf("deploy", component_name=name, message_base=f"Deploying {what}"),
        _leaf("wait", component_name=name, message_base=f"Waiting for {what}"),
    ]
    return _group(name, steps, component_name=name)


# -- changing steps ------------------------------------------------------------------------------------------------


def leaves(step: JSON) -> Iterator[JSON]:
    """The leaves below a step or a whole progress, itself when it is one."""
    if "steps" not in step:
        yield step
    for child in step.get("steps", []):
        yield from leaves(child)


def step_at(progress: JSON, *path: str) -> JSON | None:
    """The step of that path of names, e.g. ``("deploy", "components", "web")``."""
    found: JSON | None = progress
    for name in path:
        found = next((s for s in (found or {}).get("steps", []) if s["name"] == name), None)
    return found


def begin(progress: JSON, now: str, *path: str) -> None:
    """Every leaf below the step runs."""
    for leaf in leaves(step_at(progress, *path) or {"steps": []}):
        if leaf["status"] == PENDING:
            leaf.update(status=RUNNING, started_at=now)
    _recount(progress)


def finish(progress: JSON, now: str, *path: str) -> None:
    """Every leaf below the step has succeeded; one that had ended before keeps its times."""
    for leaf in leaves(step_at(progress, *path) or {"steps": []}):
        _succeed(leaf, now)
    _recount(progress)


def _succeed(leaf: JSON, now: str) -> None:
    if leaf["status"] in (PENDING, RUNNING):
        leaf.update(status=SUCCESS, started_at=leaf.get("started_at", now), ended_at=now)


def fail(progress: JSON, now: str, reason: JSON, *path: str) -> None:
    """The last leaf below the step has failed, those before it succeeded; what ran beside it was stopped in time."""
    found = step_at(progress, *path)
    if found is None:
        return
    *before, last = leaves(found)
    for leaf in before:
        _succeed(leaf, now)
    last.update(status=ERROR, started_at=last.get("started_at", now), ended_at=now, reason=dict(reason))
    for leaf in leaves(progress):
        if leaf["status"] == RUNNING:
            _succeed(leaf, now)
    _recount(progress)


def stop(progress: JSON, now: str) -> None:
    """What ran has ended without a result: the deployment was canceled or superseded."""
    for leaf in leaves(progress):
        if leaf["status"] == RUNNING:
            leaf.update(status=ERROR, ended_at=now, reason=dict(STOPPED))
    _recount(progress)


def _recount(progress: JSON) -> None:
    for step in progress["steps"]:
        _sum_up(step)
    all_leaves = list(leaves(progress))
    for status in (PENDING, RUNNING, SUCCESS, ERROR):
        key, count = f"{status.lower()}_steps", sum(leaf["status"] == status for leaf in all_leaves)
        progress.pop(key, None)
        if count:
            progress[key] = count
    progress["total_steps"] = len(all_leaves)
    progress["summary_steps"] = [{k: v for k, v in step.items() if k != "steps"} for step in progress["steps"]]


def _sum_up(step: JSON) -> None:
    """Status and times of a group from those of its children."""
    children = step.get("steps")
    if children is None:
        return
    for child in children:
        _sum_up(child)
    statuses = {child["status"] for child in children}
    if ERROR in statuses:
        step["status"] = ERROR
    elif statuses <= {SUCCESS}:
        step["status"] = SUCCESS
    else:
        step["status"] = PENDING if statuses == {PENDING} else RUNNING
    started = [child["started_at"] for child in children if "started_at" in child]
    ended = [child["ended_at"] for child in children if "ended_at" in child]
    if started:
        step["started_at"] = min(started)
    if ended and step["status"] in (SUCCESS, ERROR):
        step["ended_at"] = max(ended)
