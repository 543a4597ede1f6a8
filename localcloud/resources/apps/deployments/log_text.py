# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the logs of a deployment: lines ``<component> <RFC 3339> <text>``, as the real ones have it.

Nothing is built here, so they tell what is known: the steps with their outcome. Where software runs, its own lines
follow; else what a job or a component would say, and before a failure the last words of what failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from localcloud import JSON
from localcloud.resources.apps.deployments import failures
from localcloud.resources.apps.deployments.progress import ERROR, PENDING, leaves, step_at
from localcloud.resources.apps.spec import components, git_source, instance_count

# component, moment, text
Line = tuple[str, str, str]

# The name of what no component says.
APP = "app"


def log_text(deployment: JSON, kind: str, component: str = "", written: Sequence[str] = ()) -> list[str]:
    """The lines of one type of log (``BUILD``, ``DEPLOY``, ``RUN``, …), of one component or of all.

    ``written``: what its processes have said, in the same form.
    """
    parts = PARTS.get(kind, ())
    told = [" ".join(line) for part in parts if not (written and part in SAID) for line in part(deployment)]
    lines = [*told, *(written if any(part in SAID for part in parts) else ())]
    return [line for line in lines if component in ("", line.partition(" ")[0])]


def _steps(deployment: JSON, path: tuple[str, ...], step: JSON) -> Iterator[Line]:
    """What happened below a step, leaf by leaf: it began, what it said, how it ended."""
    for child in step.get("steps", []):
        where = (*path, child["name"])
        if "steps" in child:
            yield from _steps(deployment, where, child)
        elif child["status"] != PENDING:
            name, label = child.get("component_name", APP), "/".join(where)
            yield name, child["started_at"], f"{label}: {child.get('message_base', 'started')}"
            if "ended_at" in child:
                yield from _last_words(deployment, child)
                yield name, child["ended_at"], f"{label}: {child['status']}"


def _last_words(deployment: JSON, leaf: JSON) -> Iterator[Line]:
    """Of a leaf that failed: what the process wrote, and why the platform gave up."""
    if leaf["status"] != ERROR:
        return
    name, moment, reason = leaf.get("component_name", APP), leaf["ended_at"], leaf["reason"]
    component = next((c for _kind, c in components(deployment["spec"]) if c["name"] == name), {})
    for text in failures.last_words(reason["code"], component):
        yield name, moment, text
    yield name, moment, f"{reason['code']}: {reason['message']}"


def _build(deployment: JSON) -> list[Line]:
    lines = []
    for _kind, component in components(deployment["spec"]):
        source = git_source(component)
        if source:
            origin = f"{source.get('repo') or source.get('repo_clone_url')}, branch {source.get('branch')}"
            lines.append((component["name"], deployment["created_at"], f"source: {origin}"))
    return [*lines, *_steps(deployment, ("build",), step_at(deployment["progress"], "build") or {})]


def _deploy(deployment: JSON) -> list[Line]:
    phase = (APP, deployment["phase_last_updated_at"], f"deployment {deployment['id']}: {deployment['phase']}")
    return [*_steps(deployment, ("deploy",), step_at(deployment["progress"], "deploy") or {}), phase]


def _started(deployment: JSON, name: str) -> JSON | None:
    """The first step of a component's deployment, once it has begun."""
    step = step_at(deployment["progress"], "deploy", "components", name)
    leaf = next(leaves(step), None) if step else None
    return leaf if leaf and leaf["status"] != PENDING else None


def _run(deployment: JSON) -> list[Line]:
    """Of what runs on, and of jobs."""
    lines = []
    for kind, component in components(deployment["spec"], "services", "workers"):
        leaf = _started(deployment, component["name"])
        for number in range(instance_count(component) if leaf else 0):
            text = f"listening on port {component['http_port']}" if kind == "services" else "working"
            lines.append((component["name"], (leaf or {})["started_at"], f"instance {number}: {text}"))
    return [*lines, *_jobs(deployment)]


def _jobs(deployment: JSON) -> list[Line]:
    lines: list[Line] = []
    for _kind, job in components(deployment["spec"], "jobs"):
        if _started(deployment, job["name"]):
            command = job.get("run_command") or "the image's own command"
            step = step_at(deployment["progress"], "deploy", "components", job["name"]) or {}
            lines.append((job["name"], step["started_at"], f"running {command}"))
            for leaf in leaves(step):
                lines += _last_words(deployment, leaf)
            if step["status"] == "SUCCESS":
                lines.append((job["name"], step["ended_at"], "exited with status 0"))
    return lines


def _restarted(deployment: JSON) -> list[Line]:
    """Of instances that the platform has ended: those that never became healthy."""
    lines: list[Line] = []
    for _kind, component in components(deployment["spec"], "services", "workers"):
        step = step_at(deployment["progress"], "deploy", "components", component["name"])
        for leaf in leaves(step or {"steps": []}):
            lines += _last_words(deployment, leaf)
    return lines


# What is known from the processes themselves, where there are any.
SAID = (_run, _jobs, _restarted)
PARTS: dict[str, tuple[Callable[[JSON], list[Line]], ...]] = {
    "BUILD": (_build,),
    "DEPLOY": (_deploy,),
    "RUN": (_run,),
    "RUN_RESTARTED": (_restarted,),
    "JOB_INVOCATION": (_jobs,),
    "UNSPECIFIED": (_build, _deploy, _run),
}
