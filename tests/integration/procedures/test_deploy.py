# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying under visitors: a good version costs none of them anything, a bad one is gone again by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import readme
from tests.integration.harness.visitor import visiting
from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")


def test_a_good_version_is_judged_and_no_visitor_notices(running: Environment) -> None:
    with visiting(running.api) as visitor:
        done = running.green("deploy", environment_variables={"APP_VERSION": "2"})
    assert len(visitor.answers) > 50
    assert (visitor.failed, set(visitor.answers)) == ([], {200})
    gate = running.report("local-2")["gate"]
    assert (gate["requests"], gate["failed"], gate["pages"], gate["problems"]) == (12, 0, 5, [])
    assert 0 < gate["usual_ms"] < 1000
    assert "  answers     0 of 12 requests failed, 95 % of the answers within " in done.printed
    # What deploys nothing has nothing to judge, and takes no time for it.
    again = running.green("deploy", environment_variables={"APP_VERSION": "2"})
    assert "· nothing to change ·" in again.printed
    assert "requests failed" not in again.printed
    running.green("deploy", deployment_gate_seconds=0)


def test_a_version_that_is_given_without_a_value_is_none(running: Environment) -> None:
    """As by a variable of CI that is not set."""
    for options in (["-e", "image_digest="], ["-e", "git_commit=", "-e", "git_branch="]):
        refused = running.red("deploy", *options)
        assert f"{options[1][:-1]} was given without a value" in " ".join(refused.printed.split())
        assert refused.write_list == []


def test_a_dump_comes_before_it_and_without_one_nothing_is_deployed(running: Environment, backups_s3: Any) -> None:
    before = running.active()
    # Where the bucket takes nothing.
    running.cloud.admin.fault("status", method="PUT", path="/*/*.age", port="spaces", status=507)
    try:
        since = running.cloud.admin.seq()
        failed = running.red("deploy", deploy_dump=True, environment_variables={"APP_VERSION": "3"})
        written = [call["path"] for call in running.cloud.admin.writes(since)]
    finally:
        running.cloud.admin.clear_faults()
    assert "507" in failed.printed
    assert [path for path in written if path.startswith("/v2/apps")] == []
    assert (running.active(), running.report("local-2")["dump"]) == (before, "")
    nobody = running.red("deploy", deploy_dump=True, backup_recipients=[], environment_variables={"APP_VERSION": "3"})
    assert "makes a pair" in nobody.printed
    told = readme.scopes("deploy")
    few = running.cloud.admin.token(scopes=sorted(told - {"spaces_key:create_credentials"}))
    since = running.cloud.admin.seq()
    narrow = running.red("deploy", deploy_dump=True, digitalocean_api_token=few)
    assert "the token lacks this scope: spaces_key:create_credentials" in narrow.printed
    assert running.cloud.admin.writes(since) == []
    token = running.cloud.admin.token(scopes=sorted(told))
    done = running.green(
        "deploy", deploy_dump=True, digitalocean_api_token=token, environment_variables={"APP_VERSION": "3"}
    )
    name = running.report("local-2")["dump"]
    assert f"  dump        {name}" in done.printed
    made = backups_s3.head_object(Bucket="fisioflow-local-backups", Key=f"{name}.json")["LastModified"]
    began = running.app()["active_deployment"]["created_at"]
    assert made.isoformat() <= began.replace("Z", "+00:00")
    assert running.active() != before
    running.green("deploy", deployment_gate_seconds=0)


def test_a_migration_that_fails_leaves_the_old_version_serving(running: Environment) -> None:
    before, served = running.active(), running.app()["active_deployment"]["spec"]["services"]
    with visiting(running.api) as visitor:
        done = running.red("deploy", app_migration_command="false")
    assert (visitor.failed, running.app()["active_deployment"]["spec"]["services"]) == ([], served)
    assert "of component migrate" in done.printed
    assert f"Deployment {before} has run all the time, and the app has its spec again." in done.printed
    assert "gate" in running.report("local-2")


@pytest.mark.parametrize(
    ("trouble", "seconds", "told"),
    [("errors=0.5", 6, "requests failed, which is"), ("slow=2.5", 3, "and 2000 ms are the most")],
)
def test_a_bad_version_is_rolled_back_with_its_figures(
    running: Environment, trouble: str, seconds: int, told: str
) -> None:
    before = running.active()
    bad = {"environment_variables": {"TROUBLE": trouble}, "deployment_gate_seconds": seconds}
    with visiting(running.api) as visitor:
        done = running.red("deploy", deployment_probe_delay=1, **bad)
    assert told in done.printed
    assert f"Rolled back to deployment {before}: what it ran is active again." in done.printed
    figures = running.report("local-2")
    assert figures["ok"] is False
    assert told in figures["failure"]
    assert told in " ".join(figures["gate"]["problems"])
    assert [row for row in running.app()["spec"]["services"][0]["envs"] if row["key"] == "TROUBLE"] == []
    # Some have met it; for everybody it was over with the run.
    print(f"{trouble}: {len(visitor.failed)} of {len(visitor.answers)} requests of visitors failed")
    assert [visitor.ask("/login")[0].status for _number in range(5)] == [200] * 5


def test_what_a_killed_run_has_left_unjudged_is_judged_by_the_next(running: Environment) -> None:
    """Its pages take longer than they may, its health check does not."""
    bad = {"environment_variables": {"TROUBLE": "slow=3.5"}, "deployment_probe_delay": 1}
    running.green("deploy", deployment_probe=False, **bad)
    try:
        done = running.red("deploy", **bad)
    finally:
        running.green("deploy", deployment_gate_seconds=0)
    assert re.search(r"answers, but not as it should: /\S* took \d\.\d s, and 3 s are the most", done.printed)
