# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What drills of the other disasters have shown: the app gone, the configuration lost. Names and numbers, no values."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import variables
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling_measured import measured, missed
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import app_source

# What the API tells of a moment, and what it gives anew to what is made again.
_OF_A_MOMENT = {
    "id",
    "uuid",
    "status",
    "progress",
    "phase",
    "created_at",
    "updated_at",
    "egress_ips",
    "secrets_since",
    "zone_file",
}
# Of an app what somebody has described; the rest is what became of it.
_APP = ("spec", "alerts")
# By which elements of a list are told apart, and by no value, which may be anything.
_LABELS = ("type", "name", "key", "domain", "rule", "entry_protocol", "protocol", "description")


def drill_rehearsed(parts: list[Data], problems: list[str], about: Data, earlier: list[str]) -> Data:
    """The figures of a drill of another scenario than `database`, with `findings`: objectives missed, and `problems`.

    Each of `parts` is `{"part", "told": what was seen of it, "differs": [name]}`, told and not judged. For `about` and
    `earlier` see drilling_measured.py.
    """
    made = {**measured(about, earlier), "parts": parts}
    return {**made, "findings": [*missed(made), *problems]}


def known_hashes(texts: list[str]) -> Data:
    """The SHA-256 of bundles by object, by the texts of the JSON reports of backup_configuration.yml."""
    found: Data = {}
    for text in texts:
        try:
            told = json.loads(text)
            found[str(told["object"])] = str(told["sha256"])
        except (ValueError, KeyError, TypeError):
            continue
    return found


def configuration_parts(kept: Data, there: Data) -> list[Data]:
    """Where what a bundle has kept of each part differs from what is there, by the names of places."""
    return [_compared(name, kept.get(name), there.get(name)) for name in sorted(kept.keys() | there.keys())]


def configuration_problems(kept: Data, there: Data, plan: Data) -> list[str]:
    """Why the environment could not be made again from a bundle; `plan` is what its inventory would do by now."""
    lacking = sorted(there.keys() - kept.keys())
    found = [f"The bundle has nothing of {', '.join(lacking)}: run backup_configuration.yml again."] if lacking else []
    if plan.get("failure") or "resources" not in plan:
        why = plan.get("failure") or "plan.yml left no plan"
        return [*found, f"The inventory out of the bundle could not be planned with: {why}"]
    if names := [f"{row['name']} ({row['action']})" for row in plan["resources"]]:
        found.append(f"site.yml with the inventory out of the bundle would change {', '.join(names)}.")
    return [*found, *(f"Not everything could be planned: {why}" for why in plan.get("not_compared") or [])]


def app_parts(living: Data, rebuilt: Data, service: str) -> list[Data]:
    """What a rebuilt app has in common with the living one."""
    names = _names(living, service)
    return [
        {"part": "image", "told": app_source(rebuilt), "differs": []},
        {
            "part": "variables",
            "told": str(len(_names(rebuilt, service))),
            "differs": sorted(names ^ _names(rebuilt, service)),
        },
    ]


def app_problems(living: Data, rebuilt: Data, lost: list[str], service: str, withheld: list[str]) -> list[str]:
    """Why the rebuilt app is not the living one, but for the variables `withheld`.

    `lost` are places of secrets of which the run has another value.
    """
    found, source = [], app_source(living)
    if source != app_source(rebuilt):
        found.append(f"It was rebuilt from {app_source(rebuilt)}, and the living app runs {source}.")
    if lacking := sorted(_names(living, service) - _names(rebuilt, service) - set(withheld)):
        names = ", ".join(lacking)
        found.append(f"The rebuilt app lacks {names}, which the living one has: keep it where site.yml finds it.")
    if lost:
        found.append(f"The living app has another value of {', '.join(sorted(lost))} than this run was given.")
    return found


def files_part(files: Data) -> Data:
    """Of how many uploads the replica has a copy that is the same, by what spaces_replication found to be done."""
    told = f"{files['objects'] - files['pending']} / {files['objects']}"
    return {"part": "files", "told": told, "differs": []}


def files_problems(files: Data, hours: float) -> list[str]:
    """Files that were not copied within the hours that may be lost."""
    lag = files["lag_seconds"] / 3600
    if lag <= float(hours):
        return []
    return [f"{files['pending']} files are not in the replica as they are, the oldest for {lag:.1f} hours."]


def _names(app: Data, service: str) -> set[str]:
    return {str(name) for name in variables(app.get("spec"), service)}


def _compared(name: str, kept: Any, there: Any) -> Data:
    one, other = dict(_places(_described(kept))), dict(_places(_described(there)))
    differs = {
        *(_named(place, other) for place in one if one[place] != other.get(place)),
        *(_named(place, one) for place in other if place not in one),
    }
    return {"part": name, "told": str(len(one)), "differs": sorted(differs)}


def _named(place: str, others: Data) -> str:
    """The element of a list that is not there at all on the other side, else the place itself."""
    ends = [number + 1 for number, letter in enumerate(place) if letter == "]"]
    return next((place[:end] for end in ends if not any(name.startswith(place[:end]) for name in others)), place)


def _described(part: Any) -> Any:
    apps = (part or {}).get("apps") if isinstance(part, dict) else None
    return [{name: app.get(name) for name in _APP} for app in apps] if apps else part


def _places(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Place → value of everything that is no dictionary and no list of them."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _OF_A_MOMENT:
                yield from _places(item, f"{place}.{key}" if place else key)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        times: Counter[str] = Counter()
        for item in sorted(value, key=lambda item: json.dumps(item, sort_keys=True, default=str)):
            label = _label(item)
            times[label] += 1
            yield from _places(item, f"{place}[{label if times[label] == 1 else f'{label} #{times[label]}'}]")
    else:
        yield place, value


def _label(item: Any) -> str:
    given = item if isinstance(item, dict) else {}
    rows = [given, given["spec"]] if isinstance(given.get("spec"), dict) else [given]
    return " ".join(str(row[name]) for row in rows for name in _LABELS if isinstance(row.get(name), str | int))
