# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where alerts go in the place of mail and Slack: ``alerts.jsonl`` in the instance's home; the last ones into a table.

An alert fires once a condition has held for its period, and is resolved once it no longer holds.
"""

from __future__ import annotations

import json
import os

from localcloud import JSON
from localcloud.ports.words import ALERTS
from localcloud.world import private
from localcloud.world.clock import parse
from localcloud.world.world import World

TABLE, FILE = ALERTS, "alerts.jsonl"
# Of which the table keeps the last ones.
KEPT = 100
_UNITS = {"m": 60, "h": 3600}


def seconds(period: str) -> float:
    """Of ``5m`` or ``1h``."""
    return float(period[:-1]) * _UNITS[period[-1]]


def judge(world: World, alert: JSON, holds: bool, period: str, about: JSON) -> None:
    """Whether its condition holds now. ``alert`` is its row, which keeps since when that is so; periods pass by the
    clock's speed. ``about`` is what people are told beside."""
    if not holds:
        alert.pop("_since", None)
        if alert.pop("_fires", False):
            tell(world, {"state": "resolved", **about})
        return
    since = alert.setdefault("_since", world.timestamp())
    held = (world.now() - parse(since)).total_seconds()
    if not alert.get("_fires") and held >= world.clock.scale(seconds(period)):
        alert["_fires"] = True
        tell(world, {"state": "firing", **about})


def withdraw(world: World, alerts: set[str]) -> None:
    """Of an alert that fired and is none of these any more, nobody waits for an end."""
    last = {event["id"]: event for event in world.table(TABLE).everything()}
    for id in last.keys() - alerts:
        if last[id]["state"] == "firing":
            tell(world, {**last[id], "state": "withdrawn"})


def told_to(recipients: JSON) -> list[str]:
    """Without the addresses of Slack's hooks, which are secrets."""
    return [*recipients.get("email", []), *(f"slack {hook['channel']}" for hook in recipients.get("slack", []))]


def tell(world: World, event: JSON) -> None:
    """``{id, state, name, type, about, value, threshold, period, told}``; ``id`` is the alert's, ``state`` firing,
    resolved, withdrawn, or told once."""
    event = {**event, "at": world.timestamp()}
    table = world.table(TABLE)
    number = max(map(int, table), default=0) + 1
    table.insert(str(number), event)
    table.delete(str(number - KEPT))
    if world.home is not None:
        handle = private.opened(world.home / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")
