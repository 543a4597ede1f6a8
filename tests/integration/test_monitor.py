# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told of what: the document's four alerts with its numbers, and those around them."""

from __future__ import annotations

from typing import Any

from tests.integration.site.account import APP, tables_of
from tests.integration.site.fixtures import Baseline
from tests.integration.site.proofs import good
from tests.integration.site.runs import run
from tests.localcloud_fixtures import LocalCloud

MONITOR = "playbooks/monitor"
OPS = ["ops@fisioflow.example"]
HOOK = "https://hooks.slack.example/services/sentinel-monitor"


def policies(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = tables_of(state).get("alert_policies", {}).values()
    ours = {row["description"].removeprefix(f"{APP} "): row for row in rows if row["description"].startswith(APP)}
    assert all((row["compare"], row["window"], row["enabled"]) == ("GreaterThan", "5m", True) for row in ours.values())
    return ours


def checks(state: dict[str, Any]) -> dict[str, str]:
    rows = tables_of(state).get("uptime_checks", {}).values()
    return {row["name"].removeprefix(f"{APP} "): row["target"] for row in rows if row["name"].startswith(APP)}


def alerts(state: dict[str, Any], check: str = "health") -> dict[str, tuple[Any, ...]]:
    tables = tables_of(state)
    [id] = [key for key, row in tables["uptime_checks"].items() if row["name"] == f"{APP} {check}"]
    rows = [row for row in tables.get("uptime_alerts", {}).values() if row["_check"] == id]
    assert all(row["notifications"]["email"] == OPS for row in rows)
    return {row["name"]: (row["type"], row["threshold"], row.get("comparison"), row["period"]) for row in rows}


def app_of(state: dict[str, Any]) -> dict[str, Any]:
    [app] = tables_of(state)["apps"].values()
    return app


def test_site_makes_the_documents_alerts_with_its_numbers(baseline: Baseline) -> None:
    state = baseline.created
    app = app_of(state)
    own = {
        (row["spec"]["rule"], row["spec"].get("value"), row["spec"].get("window"), tuple(row["emails"]))
        for row in app["_alerts"]
    }
    assert own >= {
        ("CPU_UTILIZATION", 80, "FIVE_MINUTES", tuple(OPS)),
        ("MEM_UTILIZATION", 85, "FIVE_MINUTES", tuple(OPS)),
        ("REQUEST_DURATION_P95_MS", 2000, "FIVE_MINUTES", tuple(OPS)),
        ("DEPLOYMENT_FAILED", None, None, tuple(OPS)),
        ("DOMAIN_FAILED", None, None, tuple(OPS)),
    }
    assert checks(state) == {"health": "https://fisioflow.example/api/health"}
    assert alerts(state) == {
        "latency": ("latency", 2000, "greater_than", "3m"),
        "down": ("down", 0, None, "2m"),
        "certificate": ("ssl_expiry", 14, "less_than", "1h"),
    }
    made = policies(state)
    assert {name: (row["type"].removeprefix("v1/"), row["value"]) for name, row in made.items()} == {
        "database cpu": ("dbaas/alerts/cpu_alerts", 80),
        "database memory": ("dbaas/alerts/memory_utilization_alerts", 85),
        "database disk": ("dbaas/alerts/disk_utilization_alerts", 80),
        "database load": ("dbaas/alerts/load_15_alerts", 2),
        "load balancer errors": ("insights/lbaas/increase_in_http_error_rate_percentage_5xx", 5),
        "load balancer cpu": ("insights/lbaas/avg_cpu_utilization_percent", 80),
        "load balancer connections": ("insights/lbaas/connection_utilization_percent", 80),
        "proxy cpu": ("insights/droplet/cpu", 80),
        "proxy memory": ("insights/droplet/memory_utilization_percent", 85),
    }
    about = {name: (sorted(row["entities"]), row["tags"]) for name, row in made.items()}
    clusters, balancers = (sorted(tables_of(state)[table]) for table in ("databases", "load_balancers"))
    assert about == {
        name: {"database": (clusters, []), "load": (balancers, []), "proxy": ([], [f"{APP}-edge"])}[name.split()[0]]
        for name in made
    }
    assert all(row["alerts"] == {"email": OPS, "slack": []} for row in made.values())


def test_a_path_that_counts_errors_and_a_channel_and_what_goes_again(environment: LocalCloud) -> None:
    environment.admin.seed(alert_policies=3, uptime_checks=3)
    wanted = {
        "monitoring_error_budget_path": "/api/health/slo",
        "monitoring_url": "https://clinic.example/",
        "app_alert_slack": [{"channel": "#ops", "url": HOOK}],
    }
    done = good(run(environment, MONITOR, "-vvv", "--diff", variables=wanted))
    assert "sentinel-monitor" not in done.printed
    state = environment.admin.state()
    assert checks(state) == {
        "health": "https://clinic.example/api/health",
        "error budget": "https://clinic.example/api/health/slo",
    }
    assert alerts(state, "error budget") == {"errors": ("down", 0, None, "2m")}
    assert all(row["alerts"]["slack"] == [{"channel": "#ops", "url": HOOK}] for row in policies(state).values())
    # Without anything in front, and by the address that App Platform gives the app.
    bare = {"monitoring_load_balancer": "", "monitoring_proxy_tag": "", "monitoring_url": ""}
    good(run(environment, MONITOR, variables=bare))
    state = environment.admin.state()
    assert {name.split()[0] for name in policies(state)} == {"database"}
    assert checks(state)["health"].endswith(".ondigitalocean.app/api/health")
    # With nobody to tell, all but the question goes, and nothing of anybody else.
    good(run(environment, MONITOR, variables={**bare, "app_alert_emails": []}))
    state = environment.admin.state()
    assert (list(checks(state)), alerts(state), policies(state)) == (["health"], {}, {})
    assert len(tables_of(state)["alert_policies"]) == len(tables_of(state)["uptime_checks"]) - 1 == 3


def test_without_what_is_to_be_watched_nothing_is_made(cloud: LocalCloud) -> None:
    done = run(cloud, MONITOR)
    assert (done.ok, done.writes) == (False, [])
    [told] = done.messages
    assert told == (
        f"Nothing was done: there is no database cluster {APP}-postgresql and no database cluster {APP}-valkey and no "
        f"load balancer {APP}-edge to watch yet. Run site.yml first."
    )
