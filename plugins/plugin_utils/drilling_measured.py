# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every drill has: phases, the time until it was there again, the age of what it came from, earlier drills."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.restoring import moment

# The phase by whose end it is there again; what comes after it only looks.
THERE = {"database": "first query", "app": "healthy", "configuration": "planned", "region": "healthy"}
# Points of each line of the chart.
MOST_DRILLS = 36


def measured(about: Data, earlier: list[str]) -> Data:
    """`about` holds `scenario`, `environment`, `made_at`, `marks` (phase → seconds since 1970, from "begun" on, in
    order), `backup_of` (the time of what was restored, "" when that has none), `rto_minutes` and `rpo_hours`. `earlier`
    are the texts of the JSON of earlier drills.
    """
    scenario, marks = str(about["scenario"]), list(about["marks"].items())
    phases = [
        {"phase": name, "seconds": round(float(at) - float(marks[number][1]), 1)}
        for number, (name, at) in enumerate(marks[1:])
    ]
    last = next((number for number, row in enumerate(phases) if row["phase"] == THERE[scenario]), len(phases) - 1)
    rto = round(sum(row["seconds"] for row in phases[: last + 1]) / 60, 2)
    age = (moment(about["made_at"]) - moment(about["backup_of"])).total_seconds() / 3600 if about["backup_of"] else None
    drills = _earlier(earlier, str(about["environment"]))
    drills[scenario] = [*drills.get(scenario, []), [moment(about["made_at"]).timestamp(), rto]]
    return {
        **{name: about[name] for name in ("environment", "scenario", "made_at", "backup_of")},
        "phases": phases,
        "rto_minutes": rto,
        "rto_objective_minutes": float(about["rto_minutes"]),
        "rpo_hours": None if age is None else round(age, 2),
        "rpo_objective_hours": float(about["rpo_hours"]),
        "drills": {name: points[-MOST_DRILLS:] for name, points in sorted(drills.items())},
    }


def missed(made: Data) -> Iterator[str]:
    """Which objectives."""
    if made["rto_minutes"] > made["rto_objective_minutes"]:
        yield f"RTO: it took {made['rto_minutes']:g} minutes, over {made['rto_objective_minutes']:g}."
    if made["rpo_hours"] is not None and made["rpo_hours"] > made["rpo_objective_hours"]:
        yield f"RPO: the backup is {made['rpo_hours']:g} hours old, over {made['rpo_objective_hours']:g}."


def _earlier(texts: list[str], environment: str) -> dict[str, list[list[float]]]:
    """By scenario time and RTO of each drill that a report tells of; what is no report of one tells of none."""
    found: dict[str, list[list[float]]] = {}
    for text in texts:
        try:
            told = json.loads(text)
            point = [moment(told["made_at"]).timestamp(), float(told["rto_minutes"])]
            if told["environment"] == environment:
                # The first drills were all of the database, and did not say so.
                found.setdefault(str(told.get("scenario", "database")), []).append(point)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return {name: sorted(points) for name, points in found.items()}
