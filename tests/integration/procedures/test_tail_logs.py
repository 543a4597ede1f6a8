# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the app really said, without what is nobody's to read."""

from __future__ import annotations

import threading

import pytest

from tests.integration.harness.playbooks import NEXTAUTH_SECRET
from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")


def test_lines_of_what_runs_come_without_secrets_and_a_failed_deployment_tells_why(running: Environment) -> None:
    since = running.cloud.admin.seq()
    done = running.green("tail_logs", component="web", tail_lines=5)
    figures = running.report("tail_logs")
    assert "listens on" in " ".join(figures["lines"])
    assert all(line.startswith("web ") for line in figures["lines"])
    assert (figures["deployment"], len(figures["lines"]) <= 5) == (running.active(), True)
    assert figures["lines"][-1] in done.printed
    assert running.cloud.admin.writes(since) == []

    # A job that tells its secret while it fails.
    told = f"echo mail to maria@clinic.example; echo {NEXTAUTH_SECRET}; exit 3"
    running.red("deploy", app_migration_command=f"sh -c '{told}'")
    rows = running.api.ok("GET", f"/apps/{running.app()['id']}/deployments")["deployments"]
    failed = next(row["id"] for row in rows if row["phase"] == "ERROR")
    done = running.green("tail_logs", component="migrate", deployment=failed)
    lines = " ".join(running.report("tail_logs")["lines"])
    assert "mail to ***" in lines
    assert NEXTAUTH_SECRET not in done.printed + lines

    refused = running.red("tail_logs", component="nobody")
    assert "FAILED" in refused.printed
    refused = running.red("tail_logs", tail_type="everything")
    assert "logs_type" in refused.printed


def test_a_log_is_followed(running: Environment) -> None:
    """What comes while it is followed is told, the line before only once."""
    restarted = threading.Timer(4, lambda: running.api.ok("POST", f"/apps/{running.app()['id']}/restart", {}))
    restarted.start()
    try:
        running.green("tail_logs", tail_type="deploy", tail_seconds=6)
    finally:
        restarted.join()
    lines = running.report("tail_logs")["lines"]
    assert len(lines) == len(set(lines)) > 0
