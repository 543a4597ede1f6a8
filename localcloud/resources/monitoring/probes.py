# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of probing a check's target, in the table ``uptime_results``, and the alerts that follow from it.

All regions probe from the same machine here, and see the same.
"""

from __future__ import annotations

import operator
from datetime import datetime

from localcloud import JSON
from localcloud.resources.monitoring import sink
from localcloud.resources.monitoring.uptime import ALERTS_TABLE, CHECKS_TABLE, RESULTS_TABLE
from localcloud.world.clock import parse
from localcloud.world.world import World

COMPARES = {"greater_than": operator.gt, "less_than": operator.lt}


def note(world: World, id: str, *, up: bool, latency_ms: float, certificate_until: datetime | None) -> None:
    """One probe of that check; ``latency_ms`` and the end of the certificate count while it is up."""
    check = world.table(CHECKS_TABLE).peek(id)
    if check is None:
        return
    now, table = world.timestamp(), world.table(RESULTS_TABLE)
    row = table.peek(id) or table.insert(id, {"status": "CHECKING", "since": now, "down_seconds": 0.0, "outage": {}})
    status = "UP" if up else "DOWN"
    if row["status"] != status:
        if row["status"] == "DOWN":
            lasted = int((world.now() - parse(row["since"])).total_seconds())
            row["down_seconds"] += lasted
            times = {"started_at": row["since"], "ended_at": now, "duration_seconds": lasted}
            row["outage"] = {"region": check["regions"][0], **times}
        row.update(status=status, since=now)
    days = (certificate_until - world.now()).total_seconds() / 86400 if certificate_until else None
    row.update(latency_ms=round(latency_ms, 1), certificate_days=days and round(days, 1))
    for alert in world.table(ALERTS_TABLE).everything():
        if alert["_check"] == id:
            _judge(world, check, alert, row)


def _judge(world: World, check: JSON, alert: JSON, row: JSON) -> None:
    up, value = row["status"] == "UP", None
    if alert["type"] in ("down", "down_global"):
        holds = not up
    else:
        # How long something that does not answer takes says nothing; its certificate does.
        latency = row["latency_ms"] if up else None
        value = latency if alert["type"] == "latency" else row["certificate_days"]
        holds = value is not None and COMPARES[alert["comparison"]](value, alert["threshold"])
    about = {
        "id": alert["id"],
        "name": alert["name"],
        "type": f"uptime {alert['type']}",
        "about": check["name"],
        "target": check["target"],
        "value": value,
        "threshold": alert["threshold"],
        "period": alert["period"],
        "told": sink.told_to(alert["notifications"]),
    }
    sink.judge(world, alert, holds, alert["period"], about)
