# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`site.yml` from an empty account to a whole environment and back: what it predicts, does and leaves alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.harness.playbooks import NEXTAUTH_SECRET
from tests.integration.site.account import APP, duplicates, keys, tables_of, usable
from tests.integration.site.fixtures import Baseline
from tests.integration.site.outside import app, call, closed, clusters
from tests.integration.site.proofs import DESTROY, converged, emptied, good
from tests.integration.site.runs import NO_SPACES_KEY, SiteRun, run
from tests.localcloud_fixtures import LocalCloud

BOOTSTRAP = f"{APP}-bootstrap"
# Tasks that go on with what an earlier one began.
SAME = {
    "Apply the spec and wait for the deployment": "Compare the app with what is wanted",
}


def subjects(done: SiteRun) -> set[str]:
    """The tasks and items that changed something, without those that only finish what another began.

    Items go without their task: a first run makes some of them together with others.
    """
    found = set()
    for task in done.changed_tasks:
        name = task.removeprefix("fisioflow.digitalocean.")
        if item := re.search(r"\(([^()]+)\)$", name):
            name = item[1]
        for later, first in SAME.items():
            name = name.replace(later, first)
        found.add(name)
    return found


def test_the_first_run_builds_everything(baseline: Baseline) -> None:
    assert duplicates(baseline.created) == []
    tables = tables_of(baseline.created)
    counts = {name: len(rows) for name, rows in tables.items() if not name.startswith("app_")}
    assert counts["databases"] == 2
    assert counts["apps"] == counts["vpcs"] == counts["cdn_endpoints"] == 1
    assert sorted(tables["spaces_buckets"]) == [f"{APP}-assets", f"{APP}-uploads"]
    assert [row["phase"] for row in tables["app_deployments"].values()] == ["ACTIVE"]


def test_what_stands_before_the_app_is_made_beside_its_clusters_and_not_after_it(baseline: Baseline) -> None:
    """But the proxies, which are told where it is."""
    made = [write.partition(" ")[2] for write in baseline.run.writes if write.startswith("POST ")]
    order = [
        made.index(path) for path in ("/v2/certificates", "/v2/load_balancers", "/v2/apps", "/v2/droplets/autoscale")
    ]
    assert order == sorted(order)
    assert [
        made.count(f"/v2/{kind}") for kind in ("certificates", "load_balancers", "firewalls", "droplets/autoscale")
    ] == [1] * 4


def test_everything_is_in_the_project_and_the_databases_are_closed(environment: LocalCloud) -> None:
    [project] = [row for row in call(environment, "/v2/projects")["projects"] if row["name"] == APP]
    rows = call(environment, f"/v2/projects/{project['id']}/resources?per_page=100")["resources"]
    assert {row["urn"] for row in rows} == {
        f"do:app:{app(environment)['id']}",
        *(f"do:dbaas:{id}" for id in clusters(environment).values()),
        f"do:space:{APP}-uploads",
        f"do:space:{APP}-assets",
        "do:domain:fisioflow.example",
        *(f"do:loadbalancer:{row['id']}" for row in call(environment, "/v2/load_balancers")["load_balancers"]),
    }
    assert len(clusters(environment)) == 2
    assert closed(environment)


def headline(done: SiteRun) -> str:
    """The line of the summary that says what a run did."""
    [found] = re.findall(r"^FisioFlow on localcloud · (.*)$", done.printed, re.MULTILINE)
    return str(found)


def test_the_output_is_what_a_reader_needs(baseline: Baseline) -> None:
    printed = baseline.run.printed
    assert not [line for line in printed.splitlines() if line.startswith(("skipping:", "included:", "ok:", "TASK"))]
    assert len(printed.splitlines()) <= 95, printed
    # One source of the counts, and the address of what now runs.
    assert headline(baseline.run).startswith(f"local (essential) · {len(baseline.run.changed_tasks)} changed · ")
    assert headline(baseline.run).endswith(" · https://fisioflow.example")


def test_check_mode_predicts_the_first_run_and_writes_nothing(cloud: LocalCloud, baseline: Baseline) -> None:
    before = cloud.admin.state()["world"]["tables"]
    predicted = good(run(cloud, "site", "--check", "--diff"))
    assert predicted.writes == []
    assert cloud.admin.state()["world"]["tables"] == before
    happened, foretold = subjects(baseline.run), subjects(predicted)
    assert happened <= foretold
    # What a cluster comes with is not known before it is there: a wish may turn out to be its default.
    assert foretold - happened <= {"foundation : Provide what the app stands on (valkey config)"}
    # The key is made under no_log: it shows no diff.
    assert predicted.printed.count("+++ after") == len(foretold) - 1


def rules(state: dict[str, Any]) -> dict[str, Any]:
    return {row["name"]: row["rules"] for row in tables_of(state)["databases"].values()}


def test_check_mode_predicts_a_change(environment: LocalCloud, baseline: Baseline) -> None:
    wanted = {"app_instance_count": 2, "network_description": "another", "preflight_budget_usd": 0}
    predicted = good(run(environment, "site", "--check", "--diff", variables=wanted))
    assert predicted.writes == []
    real = good(run(environment, "site", "--diff", variables=wanted))
    # Two instances are not the profile's one; opening the databases for a moment is no change.
    assert headline(real).startswith("local · 2 changed · ")
    assert (real.changed, predicted.changed) == (2, 2)
    # A deployment opens the databases to the private network and closes them again: nothing has changed afterwards.
    passing = {name for name in subjects(real) if name.startswith("trusted_sources")}
    assert subjects(predicted) == subjects(real) - passing != set()
    assert rules(environment.admin.state()) == rules(baseline.created)


def test_the_second_run_changes_nothing(environment: LocalCloud, unchanged: Callable[[], SiteRun]) -> None:
    before = environment.admin.state()["world"]["tables"]
    second = unchanged()
    assert environment.admin.state()["world"]["tables"] == before
    # The budget for speed: see docs/decisions/0002.
    assert second.played.recap["ok"] <= 20


def test_verify_finds_no_difference(environment: LocalCloud, tmp_path: Path) -> None:
    stale = [tmp_path / f"local-differences.{ending}" for ending in ("md", "json")]
    for path in stale:
        path.write_text("of an hour ago", encoding="utf-8")
    done = good(run(environment, "playbooks/verify", variables={"fisioflow_report_dir": str(tmp_path)}))
    assert (done.changed, done.writes) == (0, [])
    assert not [path for path in stale if path.exists()]


def test_destroy_leaves_the_account_as_it_was(environment: LocalCloud, baseline: Baseline, tmp_path: Path) -> None:
    # Outside the working directory, so its whole path is told.
    reports = {"fisioflow_report_dir": str(tmp_path / "reports")}
    gone = good(run(environment, "playbooks/destroy", *DESTROY, variables=reports))
    emptied(environment, baseline)
    assert "Destroyed · local · gone" in gone.printed
    [report] = re.findall(r"^.*report: (.*)", gone.printed, re.MULTILINE)
    assert Path(report).is_relative_to(tmp_path)
    assert Path(report).is_file()
    again = good(run(environment, "playbooks/destroy", *DESTROY, variables=reports))
    assert (again.changed, again.writes) == (0, [])
    assert "local · nothing was left" in again.printed


# ── Without a Spaces key of the control node ─────────────────────────────────────────────────────────────────────────


def key_writes(done: SiteRun) -> list[str]:
    """The writes, with the short-lived key's id left out."""
    return [write.split("/DO")[0] for write in done.writes]


def test_without_a_key_only_the_short_lived_one_is_made_and_deleted(
    environment: LocalCloud, baseline: Baseline
) -> None:
    """With it goes what a killed run has left of the name."""
    state = environment.admin.state()
    stray: dict[str, Any] = {
        "name": BOOTSTRAP,
        "access_key": "DO00STRAY00000000000",
        "_secret": "s" * 43,
        "grants": [{"bucket": "", "permission": "fullaccess"}],
        "created_at": "2026-11-24T00:00:00Z",
    }
    tables_of(state)["spaces_keys"][stray["access_key"]] = stray
    environment.admin.load(state)
    done = good(run(environment, env=NO_SPACES_KEY))
    assert key_writes(done) == ["DELETE /v2/spaces/keys", "POST /v2/spaces/keys", "DELETE /v2/spaces/keys"]
    converged(environment, baseline)


def test_without_a_key_check_mode_says_what_it_could_not_compare(environment: LocalCloud) -> None:
    done = good(run(environment, "site", "--check", env=NO_SPACES_KEY))
    assert (done.changed, done.writes) == (0, [])
    # Where it happens, and in the summary, where it is read.
    said = "Without a Spaces key of the control node, check mode cannot compare the buckets."
    assert done.printed.count(said) == 2
    assert f"not compared: {said}" in done.printed


def test_the_short_lived_key_goes_after_a_failure_too(environment: LocalCloud) -> None:
    environment.admin.fault("status", port="spaces", status=403)
    done = run(environment, env=NO_SPACES_KEY)
    assert not done.ok
    assert key_writes(done) == ["POST /v2/spaces/keys", "DELETE /v2/spaces/keys"]
    assert BOOTSTRAP not in {name for name, _secret in keys(environment.admin.state()).values()}


def test_the_app_gets_what_it_needs(baseline: Baseline) -> None:
    assert usable(baseline.created, NEXTAUTH_SECRET) == []
