# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many instances the app shall have by the memory that they use: App Platform has no such metric for scaling.

The lower bound moves, by one instance at a time and inside of limits. Up when all that was measured over the time is
beyond one mark; down when all of it is below another one, and fewer instances would still stay below the first. Between
the marks nothing moves, nor until a deployment has been measured for the whole time: a move is a deployment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

# DigitalOcean measures every two minutes; metrics come a little later.
STEP = timedelta(minutes=2)


@dataclass(frozen=True)
class Marks:
    """`least` and `most` instances; per cent of memory; and for how many minutes."""

    least: int
    most: int
    raise_over: float
    lower_under: float
    minutes: int


def memory_scaling(app: Data, metrics: Data, service: str, marks: Data) -> Data:
    """`{"from", "to", "memory", "why", "spec", "problem"}`: the decision, and the part of the spec that it changes.

    `app` and `metrics` are the answers of app_info and app_metrics_info, `marks` are those of `Marks`, as text as well.
    `problem` is a sentence where nothing can be decided, else empty.
    """
    least, most, minutes = (int(marks[name]) for name in ("least", "most", "minutes"))
    limits = Marks(least, most, float(marks["raise_over"]), float(marks["lower_under"]), minutes)
    services = {row["name"]: row for row in (app.get("spec") or {}).get("services") or []}
    if service not in services:
        return _undecided(f"The app has no service {service}: there is nothing to scale.")
    now = _bound(services[service])
    try:
        target, memory, why = _decide(app, metrics, now, limits)
    except Failure as failure:
        return _undecided(str(failure), now)
    part: Data = {"instance_count": target}
    if services[service].get("autoscaling"):
        part = {"autoscaling": {"min_instance_count": target}}
    changed = {"name": service, **part}
    # A list of components holds exactly those that are given.
    spec = {"services": [changed if name == service else {"name": name} for name in services]}
    return {"from": now, "to": target, "memory": memory, "why": why, "spec": spec, "problem": ""}


def _undecided(problem: str, now: int | None = None) -> Data:
    return {"from": now, "to": now, "memory": None, "why": "nothing was decided", "spec": {}, "problem": problem}


def kept_bound(least: int, most: int, running: Data) -> int:
    """The lower bound that is wanted of a service: where memory has moved it inside of the limits, else the least."""
    return min(max(_bound(running), least), most) if running and most > least else least


def _bound(service: Data) -> int:
    scaling = service.get("autoscaling") or {}
    return int(scaling.get("min_instance_count") or service.get("instance_count") or 1)


def _decide(app: Data, metrics: Data, now: int, limits: Marks) -> tuple[int, float | None, str]:
    if limits.most <= limits.least:
        return now, None, "memory moves nothing: app_most_instances leaves no room"
    if app.get("pending_deployment") or app.get("in_progress_deployment"):
        return now, None, "a deployment is under way"
    begin = _time(metrics["end"]) - timedelta(minutes=limits.minutes)
    since = (app.get("active_deployment") or {}).get("updated_at")
    if since is None or _time(since) > begin:
        return now, None, f"what runs was deployed less than {limits.minutes} minutes ago"
    used = _used(metrics["memory_percentage"], begin)
    if len(used) < limits.minutes * 60 // STEP.seconds:
        raise Failure(
            f"Of the last {limits.minutes} minutes there are {len(used)} measurements of the app's memory, too few to "
            "move anything: look whether it runs, and whether DigitalOcean measures (docs/how-to/scale.md)."
        )
    mean = round(sum(used) / len(used), 1)
    told = f"memory was at {mean:g} % over {limits.minutes} minutes on {_instances(now)}"
    over = f"over {limits.raise_over:g} %"
    if min(used) > limits.raise_over:
        if now < limits.most:
            return now + 1, mean, f"{told}, {over}"
        return now, mean, f"{told}, {over}, and {now} is the most that app_most_instances allows"
    if max(used) < limits.lower_under and now > limits.least:
        if max(used) * now / (now - 1) < limits.raise_over:
            return now - 1, mean, f"{told}, under {limits.lower_under:g} %"
        return now, mean, f"{told}, and one less would bring it {over}"
    return now, mean, told


def _instances(count: int) -> str:
    return f"{count} instance{'' if count == 1 else 's'}"


def _used(series: list[Data], begin: datetime) -> list[float]:
    """The mean of all instances at each time that was measured, the oldest first."""
    by_time: dict[int, list[float]] = {}
    for row in series:
        for moment, value in row["points"]:
            if moment >= begin.timestamp():
                by_time.setdefault(moment, []).append(float(value))
    return [sum(values) / len(values) for _moment, values in sorted(by_time.items())]


def _time(text: Any) -> datetime:
    return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
