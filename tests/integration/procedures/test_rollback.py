# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Back to an earlier deployment, judged like a new one; and out of each place where a run was interrupted."""

from __future__ import annotations

import pytest

from tests.integration.harness.visitor import visiting
from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")


def version(running: Environment) -> str:
    envs = running.app()["active_deployment"]["spec"]["services"][0]["envs"]
    return next((row["value"] for row in envs if row["key"] == "APP_VERSION"), "")


def test_back_and_no_further_and_by_name_to_and_fro(running: Environment) -> None:
    first = running.active()
    running.green("deploy", environment_variables={"APP_VERSION": "wrong"}, deployment_gate_seconds=0)
    second = running.active()
    sources = running.sources()

    since = running.cloud.admin.seq()
    foretold = running.green("rollback", "--check")
    assert f"rolled back to deployment {first}" in foretold.printed
    assert [row for row in running.cloud.admin.writes(since) if row["effect"]] == []

    with visiting(running.api) as visitor:
        done = running.green("rollback")
    assert (visitor.failed, version(running), running.sources()) == ([], "", sources)
    assert "Migrations are not undone, and 1 ran since" in done.printed
    figures = running.report("rollback")
    assert (figures["ok"], figures["did"]) == (True, f"rolled back to deployment {first}")
    assert (figures["deployment_before"], figures["deployment"]) == (second, running.active())
    assert [row["deployment"] for row in figures["migrations_not_undone"]] == [second]
    assert (figures["gate"]["failed"], figures["gate"]["problems"]) == (0, [])
    assert not running.app().get("pinned_deployment")

    # Once more is no way back to what was left.
    since = running.cloud.admin.seq()
    again = running.green("rollback")
    assert f"kept deployment {first}" in again.printed
    assert running.cloud.admin.writes(since) == []

    refused = running.red("rollback", deployment="00000000-0000-4000-8000-000000000000")
    assert "deployment 00000000-0000-4000-8000-000000000000 is none of its newest ones" in refused.printed

    # A run that was killed has left the app pinned to a rollback that nobody has judged: the next one ends it.
    running.api.ok("POST", f"/apps/{running.app()['id']}/rollback", {"deployment_id": second, "skip_pin": False})
    ended = running.green("rollback")
    assert f"judged the rollback to deployment {second}" in ended.printed
    assert (version(running), bool(running.app().get("pinned_deployment"))) == ("wrong", False)
    assert running.app()["spec"] == running.app()["active_deployment"]["spec"]

    running.green("rollback", deployment=first, deployment_gate_seconds=0)
    assert (version(running), running.sources()) == ("", sources)


@pytest.mark.soak
def test_what_may_not_stay_is_reverted(running: Environment) -> None:
    """To a version that its gate refuses: what ran before is deployed again, and the app is not left pinned."""
    before = running.active()
    sources = running.sources()
    running.green("deploy", environment_variables={"APP_VERSION": "3"}, deployment_gate_seconds=0)
    done = running.red("rollback", deployment=before, deployment_smoke_headers=["x-not-there"])
    assert f"The rollback to deployment {before} failed: deployment" in done.printed
    assert "/login lacks the headers x-not-there. What ran before was deployed again." in done.printed
    assert (version(running), bool(running.app().get("pinned_deployment"))) == ("3", False)
    assert running.report("rollback")["ok"] is False
    assert running.sources() == sources
    running.green("rollback", deployment=before, deployment_gate_seconds=0)
    assert version(running) == ""
