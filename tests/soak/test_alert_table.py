# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document's four alerts, provoked by a version that is ill under load, and over when it is gone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from tests.integration.procedures.conftest import running
from tests.integration.procedures.environment import Environment
from tests.integration.procedures.visitors import visited

__all__ = ["running"]
# Seconds of a processor and megabytes that each request costs; seconds that it waits, and the share that fails. And how
# many visitors it takes.
ILL = {"busy=0.3,leak=10": 4, "slow=2.5,errors=0.5": 30}
# By what an alert is called there: its threshold, and for how long it is to last.
TABLE = {
    "CPU_UTILIZATION": (80, "5m"),
    "MEM_UTILIZATION": (85, "5m"),
    "latency": (2000, "3m"),
    "errors": (0, "2m"),
}
PATIENCE = 240.0


def alerts(running: Environment, state: str) -> dict[str, dict[str, Any]]:
    """Those of the table that were told to be in that state."""
    file = running.cloud.home / "alerts.jsonl"
    found = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return {row["name"]: row for row in found if row["name"] in TABLE and row["state"] == state}


def until_told(running: Environment, state: str, names: set[str]) -> dict[str, dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE
    while names - (found := alerts(running, state)).keys():
        assert time.monotonic() < deadline, (state, sorted(found))
        time.sleep(1)
    return found


def test_the_documents_alerts_fire_and_resolve(running: Environment, figures: Callable[[str], None]) -> None:
    # Nobody but the app counts its errors: its path that tells of them is watched.
    running.green("monitor", monitoring_error_budget_path="/api/health/slo")
    took = []
    for (ill, visitors), names in zip(ILL.items(), (list(TABLE)[:2], list(TABLE)[2:]), strict=True):
        running.green("deploy", deployment_probe=False, environment_variables={"TROUBLE": ill})
        begun = time.monotonic()
        with visited(running, "/login", float(visitors), visitors=visitors):
            fired = until_told(running, "firing", set(names))
        took.append(f"{', '.join(names)} {time.monotonic() - begun:.0f} s after the load began")
    for name, (threshold, window) in TABLE.items():
        assert (fired[name]["threshold"], fired[name]["period"]) == (threshold, window), fired[name]
    told = {name: row["told"] for name, row in fired.items()}
    assert all(told.values()), told
    running.green("deploy", deployment_gate_seconds=0, deployment_probe=False)
    until_told(running, "resolved", set(TABLE))
    running.green("monitor")
    figures(f"{'; '.join(took)}; each resolved after the next deployment")
