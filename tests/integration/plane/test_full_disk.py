# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster whose disk is full takes no more writes and says so; `tests/soak` fills one."""

from __future__ import annotations

import psycopg
import pytest

from tests.integration.plane.conftest import Clusters, until
from tests.integration.plane.disk import Disk

pytestmark = pytest.mark.xdist_group("plane")

ALERT = {
    "type": "v1/dbaas/alerts/disk_utilization_alerts", "description": "disk", "compare": "GreaterThan", "value": 90,
    "window": "5m", "tags": [], "alerts": {"email": ["admin@fisioflow.example"], "slack": []}, "enabled": True,
}  # fmt: skip


def test_a_full_disk_takes_no_writes_until_there_is_room_or_it_grows(clusters: Clusters) -> None:
    disk = Disk(clusters)
    admin = disk.api.admin
    disk.api.ok("POST", "/monitoring/alerts", {**ALERT, "entities": [disk.cluster["id"]]})
    with disk.connect() as before:
        before.execute("CREATE TABLE kept (id int)")
        admin.utilization(cluster="full", disk=0.96)
        until(lambda: not disk.writes(), "it is full")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction, match="cannot execute INSERT in a read-only"):
            before.execute("INSERT INTO kept VALUES (1)")
    assert disk.told() == 96
    [line] = [line for run in admin.status()["runs"] for line in run["lines"] if "disk is full" in line]
    assert line == "its disk is full: default_transaction_read_only is on"
    admin.advance(301)
    until(lambda: '"firing"' in disk.alerts(), "the alert has fired")
    # Who says so in his session may take away what takes the place, and the service itself goes on.
    with disk.connect(options="-c default_transaction_read_only=off") as sql:
        sql.execute("DROP TABLE kept")
    made = disk.api.ok("POST", f"{disk.path}/users", {"name": "helper"})["user"]
    with disk.connect(user="helper", password=made["password"]) as helper:
        assert helper.execute("SELECT current_user").fetchone() == ("helper",)

    admin.utilization(cluster="full", disk=0.79)
    until(disk.writes, "it takes writes again")
    path = f"{disk.path}/autoscale"
    storage = {"enabled": True, "threshold_percent": 80, "increment_gib": 10}
    disk.api.ok("PUT", path, {"autoscale": {"storage": storage}})
    assert disk.mebibytes() == 10 * 1024
    admin.utilization(cluster="full", disk=0.81)
    until(lambda: disk.mebibytes() == 20 * 1024, "it has grown by itself")
