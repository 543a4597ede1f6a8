# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of an environment (metrics.py) as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.metrics import METRICS
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def metrics_document(made: Data, language: str = "en") -> Data:
    """See documents.py. Each metric has a chart, which HTML shows, below what all of them are now."""
    say = Words(language)
    over = [row for row in made["findings"] if not row["why"]]
    unknown = [row for row in made["findings"] if row["why"]]
    counts = [say("{count} over their threshold", count=len(over))] if over else []
    counts += [say("{count} not measured", count=len(unknown))] if unknown else []
    outcome = ", ".join(counts) or say("all below their thresholds")
    charts = [_chart(metric, [row for row in made["measures"] if row["metric"] == metric], say) for metric in METRICS]
    return document(
        say("Metrics"),
        " · ".join([say("Metrics"), made["environment"], outcome]),
        say,
        not made["findings"],
        [
            part(say("Over their threshold"), [_over(row, say) for row in over]),
            part(say("Not measured"), [f"{_title(row['metric'], say)}, {row['of']}: {row['why']}" for row in unknown]),
            part(
                say("Now"),
                head=[say("metric"), say("of"), f"{say('value')}:", f"{say('threshold')}:"],
                rows=[_row(row, say) for row in made["measures"]],
            ),
            *charts,
        ],
    )


def _title(metric: str, say: Words) -> str:
    return {
        "cpu": say("CPU of the app"),
        "memory": say("Memory of the app"),
        "latency": say("Response latency"),
        "connections": say("Database connections in use"),
        "cache": say("Cache memory in use"),
        "disk": say("Disk in use"),
    }[metric]


def _amount(value: float | None, unit: str, say: Words) -> str:
    return f"{say.number(value, 1 if unit == '%' else 0)} {unit}"


def _over(row: Data, say: Words) -> str:
    return say(
        "{metric} of {of} is {value}, over {limit}.",
        metric=_title(row["metric"], say),
        of=row["of"],
        value=_amount(row["value"], row["unit"], say),
        limit=_amount(row["limit"], row["unit"], say),
    )


def _row(row: Data, say: Words) -> list[str]:
    limit = _amount(row["limit"], row["unit"], say) if row["limit"] else ""
    return [_title(row["metric"], say), row["of"], _amount(row["value"], row["unit"], say), limit]


def _chart(metric: str, rows: list[Data], say: Words) -> Data | None:
    if not any(row["points"] for row in rows):
        return None
    series = [{"name": row["of"], "points": row["points"]} for row in rows]
    unit = rows[0]["unit"]
    chart = {"series": series, "limit": rows[0]["limit"] or None, "unit": unit if unit == "%" else f" {unit}"}
    return part(_title(metric, say), chart=chart, brief=False)
