# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollback that cannot end, and one that takes over what a killed run has left."""

from __future__ import annotations

from tests.integration.procedures.conftest import running
from tests.integration.procedures.environment import Environment

__all__ = ["running"]


def test_what_an_interrupted_run_has_pinned_is_not_judged_by_itself(running: Environment) -> None:
    """A bad version that a killed run has left pinned is reverted; the databases are closed also when that fails."""
    sources = running.sources()
    running.green("deploy", environment_variables={"TROUBLE": "errors=0.5"}, deployment_probe=False)
    bad = running.active()
    running.green("deploy", deployment_gate_seconds=0)
    running.api.ok("POST", f"/apps/{running.app()['id']}/rollback", {"deployment_id": bad, "skip_pin": False})
    judging = {"deployment_gate_seconds": 6, "deployment_probe_delay": 1}

    running.cloud.admin.fault("status", method="POST", path="/v2/apps/*/rollback/revert", status=403)
    try:
        done = running.red("rollback", **judging)
    finally:
        running.cloud.admin.clear_faults()
    assert f"The rollback to deployment {bad} failed: " in done.printed
    assert "It has not ended: Could not revert the rollback of app" in done.printed
    assert (running.sources(), bool(running.app().get("pinned_deployment"))) == (sources, True)

    done = running.red("rollback", **judging)
    assert f"The rollback to deployment {bad} failed: " in done.printed
    assert "What ran before was deployed again." in done.printed
    assert (running.sources(), bool(running.app().get("pinned_deployment"))) == (sources, False)
    envs = running.app()["active_deployment"]["spec"]["services"][0]["envs"]
    assert [row for row in envs if row["key"] == "TROUBLE"] == []
