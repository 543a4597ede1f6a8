# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/plan.yml` tells what `site.yml` would do; `site.yml -e plan=FILE` does that and no more, or refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.integration.harness.playbooks import NEXTAUTH_SECRET
from tests.integration.site.fixtures import Baseline
from tests.integration.site.outside import NAME, app, call, closed, clusters, play, told
from tests.localcloud_fixtures import LocalCloud

PLAN = "playbooks/plan"
READING = [
    *("account:read", "app:read", "cdn:read", "database:read", "load_balancer:read", "monitoring:read", "project:read"),
    *("spaces_key:read", "uptime:read", "vpc:read", "certificate:read", "domain:read", "droplet:read", "firewall:read"),
    *("regions:read", "sizes:read", "tag:read"),
]


def kept(cloud: LocalCloud) -> tuple[Path, dict[str, Any], str]:
    """The plan that was left: its file, what is in it, and the page beside it."""
    file = cloud.home.parent / "reports/local-plan.json"
    return file, json.loads(file.read_text()), file.with_suffix(".md").read_text()


def marks(plan: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["action"] for row in plan["resources"]}


def nameless(write: str) -> str:
    """A write to whichever resource of its kind."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", write)


def network(cloud: LocalCloud) -> str:
    [found] = [row["id"] for row in call(cloud, "/v2/vpcs")["vpcs"] if row["name"] == NAME]
    return f"/v2/vpcs/{found}"


def test_a_plan_is_applied_as_it_is_or_not_at_all(environment: LocalCloud) -> None:
    """Drift and a changed inventory, planned; changed by hand and refused; put back and applied; nothing is left."""
    call(environment, network(environment), "PATCH", {"description": "drifted"})
    wanted = {"app_instance_count": 2, "valkey_config": {"valkey_persistence": "rdb", "valkey_timeout": 300}}
    run = play(environment, PLAN, **wanted)
    assert (run.returncode, run.write_list) == (2, []), run.printed[-3000:]
    file, plan, page = kept(environment)
    assert marks(plan) == {"app": "change", "network": "change", "valkey config": "change"}
    for words in (
        "~ network (VPC fisioflow-local) description: drifted → Private network of FisioFlow",
        "~ valkey config (configuration of database cluster) config.valkey_timeout: 3600 → 300",
        "spec.services[web].instance_count: 1 → 2 → a deployment",
        "total 71.15 → 83.15",
        "Plan · local · 3 to change · $71.15 → $83.15 a month",
        "next: ansible-playbook site.yml -e plan=reports/local-plan.json",
    ):
        assert words in told(run), words
    # One page: what each task says is on it.
    assert "would change:" not in run.printed
    assert "+++ after" not in run.printed
    assert "| `config.valkey_timeout` | `3600` | `300` |" in page

    call(
        environment,
        f"/v2/databases/{clusters(environment)['valkey']}/config",
        "PATCH",
        {"config": {"valkey_timeout": 60}},
    )
    call(environment, f"/v2/databases/{clusters(environment)['pg']}/users/fisioflow_backup", "DELETE")
    refused = play(environment, "site", plan=str(file), **wanted)
    assert (refused.returncode, refused.write_list) == (2, [])
    assert f"Nothing was changed. {file} is not what would be done by now, 2 difference(s):" in told(refused)
    for words in (
        "postgresql users fisioflow_backup: is by now to be created, which the plan does not say.",
        "valkey config: config.valkey_timeout was 3600 → 300, and is by now 60 → 300.",
    ):
        assert words in told(refused), words

    call(
        environment,
        f"/v2/databases/{clusters(environment)['valkey']}/config",
        "PATCH",
        {"config": {"valkey_timeout": 3600}},
    )
    call(environment, f"/v2/databases/{clusters(environment)['pg']}/users", "POST", {"name": "fisioflow_backup"})
    applied = play(environment, "site", plan=str(file), **wanted)
    assert applied.returncode == 0, applied.printed[-3000:]
    firewalls = [f"PUT /v2/databases/{cluster}/firewall" for cluster in clusters(environment).values()]
    assert set(applied.write_list) == {
        f"PATCH {network(environment)}",
        f"PATCH /v2/databases/{clusters(environment)['valkey']}/config",
        f"PUT /v2/apps/{app(environment)['id']}",
        # "meanwhile the databases let the whole private network in"
        *firewalls,
    }
    assert closed(environment)

    again = play(environment, PLAN, **wanted)
    assert (again.returncode, again.write_list) == (0, [])
    assert "Plan · local · nothing to change · $83.15 a month" in again.printed
    assert kept(environment)[1]["resources"] == []


def test_a_plan_of_everything_needs_a_token_that_may_only_read_and_is_the_same_twice(
    cloud: LocalCloud, baseline: Baseline
) -> None:
    """Applied, it creates what a run without a plan creates, by as many writes."""
    env = {
        "DO_API_TOKEN": cloud.admin.token(scopes=READING),
        "FISIOFLOW_ENCRYPTION_KEY": "sentinel6encryption6key6value666",
    }
    plans = []
    for _time in range(2):
        run = play(cloud, PLAN, env=env)
        assert (run.returncode, run.write_list) == (2, []), run.printed[-3000:]
        file, plan, page = kept(cloud)
        plans.append(json.dumps({**plan, "made_at": ""}))
        for form in (run.printed, page, plans[-1]):
            assert not [secret for secret in (NEXTAUTH_SECRET, env["FISIOFLOW_ENCRYPTION_KEY"]) if secret in form]
    assert plans[0] == plans[1]
    assert set(marks(plan).values()) == {"create"}
    assert {"app", "network", "postgresql", "spaces uploads", "project", "valkey"} <= set(marks(plan))
    assert "Plan · local · 41 to create · $0.00 → $71.15 a month" in run.printed
    assert "spec.services[web]" in run.printed
    assert "(secret, new value)" in page

    del env["DO_API_TOKEN"]
    other = play(
        cloud, "site", env=env | {"FISIOFLOW_ENCRYPTION_KEY": "other9encryption9key9value999999"}, plan=str(file)
    )
    assert (other.returncode, other.write_list) == (2, [])
    assert "a secret that the plan calls new has by now another value" in told(other)
    applied = play(cloud, "site", env=env, plan=str(file))
    assert applied.returncode == 0, applied.printed[-3000:]
    assert sorted(map(nameless, applied.write_list)) == sorted(map(nameless, baseline.run.writes))


def test_what_cannot_be_is_told_beside_the_rest_and_no_run_applies_it(environment: LocalCloud) -> None:
    wanted = {"postgresql_version": "16", "network_description": "other"}
    run = play(environment, PLAN, **wanted)
    assert (run.returncode, run.write_list) == (2, [])
    file, plan, _page = kept(environment)
    assert marks(plan) == {"network": "change", "postgresql": "cannot"}
    assert "! postgresql Could not change database cluster" in told(run)
    assert "1 to change, 1 impossible" in run.printed
    assert "next:" not in run.printed
    refused = play(environment, "site", plan=str(file), network_description="other")
    assert (refused.returncode, refused.write_list) == (2, [])
    assert f"Nothing was changed. {file} cannot be applied: it holds what is impossible (postgresql)" in told(refused)
    elsewhere = play(environment, "playbooks/deploy", plan=str(file))
    assert (elsewhere.returncode, elsewhere.write_list) == (2, [])
    assert "A plan is applied by site.yml, as a whole" in told(elsewhere)
    # A plan that could not be made leaves none of before.
    assert play(environment, PLAN, app_instance_count=100).returncode == 2
    assert "fisioflow_plan" not in kept(environment)[1]


def test_what_is_no_resource_is_in_the_plan_too(environment: LocalCloud) -> None:
    """What a run does in a database, and Droplets that a pool leaves as they were made."""
    run = play(environment, PLAN, postgresql_control_addresses=["127.0.0.1"], edge_permissions_policy="camera=()")
    assert (run.returncode, run.write_list) == (2, []), run.printed[-3000:]
    file, plan, page = kept(environment)
    assert marks(plan) == {"postgresql privileges": "change", "edge proxies": "change", "edge renewal": "change"}
    names = [row["name"] for row in call(environment, "/v2/droplets")["droplets"]]
    for words in ("Would let 127.0.0.1 in for a moment", f"not of its template: {', '.join(sorted(names))}"):
        assert words in " ".join(told(run).split()), words
        assert words in page
    unasked = play(environment, "site", plan=str(file), deploy_dump=True)
    assert (unasked.returncode, unasked.write_list) == (2, [])
    assert "was made for no new version, and dump first is asked for" in told(unasked)


def test_a_plan_that_fails_tells_of_no_change_that_it_only_predicted(environment: LocalCloud) -> None:
    wanted = {"network_description": "other", "app_instance_count": 2}
    assert play(environment, PLAN, **wanted).returncode == 2
    file = kept(environment)[0]
    environment.admin.fault("status", method="PATCH", path=network(environment), status=422)
    failed = play(environment, "site", plan=str(file), **wanted)
    assert failed.returncode == 2, failed.printed[-3000:]
    report = max(file.parent.glob("*.json"), key=lambda path: path.stat().st_mtime)
    assert json.loads(report.read_text())["changes"] == [], report.name
