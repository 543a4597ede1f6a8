# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document's five metrics of an environment, held against thresholds, as data.

    {"environment", "made_at",
     "measures": [{"metric", "of", "value", "limit", "unit",
                   "points": [[Unix time, value]],     of the app those of the last hours, else one of each report
                   "why"}],                            why there is no value; "" when there is one
     "findings": [{"metric", "of", "value", "limit", "unit", "why"}]}      those above their limit, or without a value

`metric`: `cpu` and `memory` of an instance of the app, `latency` of the app, `connections` of PostgreSQL, `cache` of
Valkey, `disk` of each cluster's nodes. All are per cent, but for latency's milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

METRICS = ("cpu", "memory", "latency", "connections", "cache", "disk")
UNITS = {"latency": "ms"}
# Seconds over which the document's alerts on CPU and memory look.
WINDOW = 300
# Reports of before that a chart remembers: two weeks of one each hour.
MOST_POINTS = 336
# What each cluster is asked: metric, and the figure of a node.
OF_CLUSTERS = {
    "postgresql": (("connections", "connections_percent"), ("disk", "disk_percent")),
    "valkey": (("cache", "cache_percent"), ("disk", "disk_percent")),
}
UNTOLD = "its endpoint does not tell it"


def environment_metrics(answers: Data, about: Data, limits: Data, before: str = "") -> Data:
    """See the top of this file.

    `answers`: results by name - `app` of `app_metrics_info`, `postgresql` and `valkey` of `database_metrics_info`,
    `latency` of `http_latency_info`; one that failed has a `msg`, what was not asked is skipped. `limits` by metric;
    0 is none. `before` is the last report as text, from which curves go on.
    """
    now = datetime.fromisoformat(about["made_at"].replace("Z", "+00:00")).timestamp()
    remembered = _remembered(before)
    measures = [
        {
            **row,
            "limit": float(limits.get(row["metric"]) or 0),
            "unit": UNITS.get(row["metric"], "%"),
            "points": row["points"] or _going_on(row, remembered, now),
        }
        for row in _measures(answers)
    ]
    order = {name: number for number, name in enumerate(METRICS)}
    measures.sort(key=lambda row: order[row["metric"]])
    found = [row for row in measures if row["why"] or 0 < row["limit"] < row["value"]]
    told = ("metric", "of", "value", "limit", "unit", "why")
    return {**about, "measures": measures, "findings": [{name: row[name] for name in told} for row in found]}


def _measures(answers: Data) -> Iterator[Data]:
    yield from _app(answers.get("app") or {})
    latency = answers.get("latency") or {}
    if not latency.get("skipped"):
        yield _latency(latency)
    for role, asked in OF_CLUSTERS.items():
        yield from _cluster(role, answers.get(role) or {}, asked)


def _row(metric: str, of: str, value: float | None, why: str = "", points: list[Any] | None = None) -> Data:
    return {"metric": metric, "of": of, "value": value, "why": "" if value is not None else why, "points": points or []}


def _app(answer: Data) -> Iterator[Data]:
    measured = answer.get("app_metrics")
    for metric in ("cpu", "memory"):
        series = (measured or {}).get(f"{metric}_percentage") or []
        if not series:
            yield _row(metric, "app", None, _why(answer, measured) or "no instance was measured in that time")
        for row in series:
            last = row["points"][-1][0] if row["points"] else 0
            recent = [value for moment, value in row["points"] if moment > last - WINDOW]
            value = round(sum(recent) / len(recent), 1) if recent else None
            yield _row(metric, row["instance"], value, "it was not measured", row["points"])


def _latency(answer: Data) -> Data:
    measured = answer.get("http_latency")
    if measured is None:
        return _row("latency", "app", None, _why(answer, measured))
    statuses = ", ".join(str(status) for status in dict.fromkeys(measured["statuses"]) if status)
    why = measured["error"] or f"it answered {statuses}"
    return _row("latency", measured["url"], measured["median"], why)


def _cluster(role: str, answer: Data, asked: tuple[tuple[str, str], ...]) -> Iterator[Data]:
    measured = answer.get("database_metrics")
    nodes = (measured or {}).get("nodes") or []
    for metric, figure in asked:
        if not nodes:
            yield _row(metric, role, None, _why(answer, measured) or "it has no metrics endpoint")
        for number, node in enumerate(nodes):
            called = str((measured or {})["cluster"]) + (f" ({number + 1})" if len(nodes) > 1 else "")
            yield _row(metric, called, node.get(figure), UNTOLD)


def _why(answer: Data, measured: Data | None) -> str:
    """What kept it from being measured, in the module's words."""
    return "" if measured is not None else str(answer.get("msg") or "it was not asked")


def _remembered(before: str) -> dict[tuple[str, str], list[Any]]:
    """Points of the last report; what is none has none."""
    try:
        rows = json.loads(before)["measures"]
        return {(row["metric"], row["of"]): [[float(at), float(value)] for at, value in row["points"]] for row in rows}
    except (ValueError, KeyError, TypeError):
        return {}


def _going_on(row: Data, remembered: dict[tuple[str, str], list[Any]], now: float) -> list[Any]:
    points = [point for point in remembered.get((row["metric"], row["of"]), []) if point[0] < now]
    return [*points, *([[now, row["value"]]] if row["value"] is not None else [])][-MOST_POINTS:]
