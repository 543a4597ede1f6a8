# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The app runs, in its network, with its checks and alerts."""

from __future__ import annotations

from typing import Any


def test_the_app_runs_in_the_network(account: Any, only: Any) -> None:
    app = account.app()
    vpc = only(account.rows("/v2/vpcs", "vpcs"), name="fisioflow-local")
    assert app["active_deployment"]["phase"] == "ACTIVE"
    assert app["spec"]["vpc"]["id"] == vpc["id"]


def test_checks_migration_and_databases(account: Any) -> None:
    spec = account.app()["spec"]
    [service], [job] = spec["services"], spec["jobs"]
    assert service["health_check"]["http_path"] == service["liveness_health_check"]["http_path"] == "/api/ping"
    assert service["run_command"].endswith(" && exec node server.js'")
    assert job["run_command"].endswith(" && exec npx prisma migrate deploy'")
    assert (job["kind"], job["image"]) == ("PRE_DEPLOY", service["image"])
    clusters = {row["name"]: row["cluster_name"] for row in spec["databases"]}
    assert clusters == {
        "db": "fisioflow-local-postgresql",
        "db-owner": "fisioflow-local-postgresql",
        "cache": "fisioflow-local-valkey",
    }


def test_alerts(account: Any) -> None:
    app = account.app()
    alerts = {row["spec"]["rule"]: row["spec"] for row in account.get(f"/v2/apps/{app['id']}/alerts")["alerts"]}
    assert {"CPU_UTILIZATION", "MEM_UTILIZATION", "RESTART_COUNT", "DEPLOYMENT_FAILED"} <= set(alerts)
    assert (alerts["CPU_UTILIZATION"]["value"], alerts["MEM_UTILIZATION"]["value"]) == (80, 85)
