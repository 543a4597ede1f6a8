# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told of what: the document's four alerts with its numbers, and those around them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
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
    [target] = checks(state).values()
    assert target.startswith("https://fisioflow-local-")
    assert target.endswith(".ondigitalocean.app/api/health")
    assert alerts(state) == {
        "latency": ("latency", 2000, "greater_than", "3m"),
        "down": ("down", 0, None, "2m"),
        "certificate": ("ssl_expiry", 14, "less_than", "1h"),
    }
    made = policies(state)
    assert {name: (row["type"].removeprefix("v1/dbaas/alerts/"), row["value"]) for name, row in made.items()} == {
        "database cpu": ("cpu_alerts", 80),
        "database memory": ("memory_utilization_alerts", 85),
        "database disk": ("disk_utilization_alerts", 80),
        "database load": ("load_15_alerts", 2),
    }
    clusters = set(tables_of(state)["databases"])
    assert all((set(row["entities"]), row["tags"]) == (clusters, []) for row in made.values())
    assert all(row["alerts"] == {"email": OPS, "slack": []} for row in made.values())


@pytest.fixture
def fronted(environment: LocalCloud) -> str:
    """The id of a load balancer that somebody has put in front."""
    state = environment.admin.state()
    [network] = [key for key, row in tables_of(state)["vpcs"].items() if row["name"] == APP]
    body = {"forwarding_rules": [{"entry_protocol": "http", "entry_port": 80, "target_protocol": "http",
            "target_port": 80}], "name": "front", "region": "nyc1", "vpc_uuid": network, "tag": "edge"}  # fmt: skip

    made = inside(environment, [Step("front", "load_balancer", body)])
    return str(made.good("front").result["load_balancer"]["id"])


def test_what_stands_in_front_is_watched_and_a_path_that_counts_errors(environment: LocalCloud, fronted: str) -> None:
    environment.admin.seed(alert_policies=3, uptime_checks=3)
    wanted = {
        "monitoring_load_balancer": "front",
        "monitoring_proxy_tag": "edge",
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
    made = policies(state)
    assert {name: (row["type"], row["value"]) for name, row in made.items() if "database" not in name} == {
        "load balancer errors": ("v1/insights/lbaas/increase_in_http_error_rate_percentage_5xx", 5),
        "load balancer cpu": ("v1/insights/lbaas/avg_cpu_utilization_percent", 80),
        "load balancer connections": ("v1/insights/lbaas/connection_utilization_percent", 80),
        "proxy cpu": ("v1/insights/droplet/cpu", 80),
        "proxy memory": ("v1/insights/droplet/memory_utilization_percent", 85),
    }
    assert {tuple(row["entities"]) for name, row in made.items() if "balancer" in name} == {(fronted,)}
    assert {tuple(row["tags"]) for name, row in made.items() if "proxy" in name} == {("edge",)}
    assert all(row["alerts"]["slack"] == [{"channel": "#ops", "url": HOOK}] for row in made.values())
    # What is wanted no more goes, and nothing of anybody else: with nobody to tell, all but the question.
    good(run(environment, MONITOR, variables={"app_alert_emails": []}))
    state = environment.admin.state()
    assert (list(checks(state)), alerts(state), policies(state)) == (["health"], {}, {})
    assert len(tables_of(state)["alert_policies"]) == len(tables_of(state)["uptime_checks"]) - 1 == 3


def test_without_what_is_to_be_watched_nothing_is_made(cloud: LocalCloud) -> None:
    done = run(cloud, MONITOR)
    assert (done.ok, done.writes) == (False, [])
    [told] = done.messages
    assert told == (
        f"Nothing was done: there is no database cluster {APP}-postgresql and no database cluster {APP}-valkey and no "
        f"app {APP} to watch yet. Run site.yml first."
    )
