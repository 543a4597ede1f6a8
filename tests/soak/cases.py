# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The procedures that are killed between two of their tasks, and what each is given."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from tests.integration.procedures.environment import Environment
from tests.soak.arounds import (
    OLD,
    STANDBY,
    Given,
    a_row_lost,
    a_table_left,
    another_version,
    closed,
    full,
    maintained,
    moved,
    older,
    restored,
    scaled,
    uploads,
    watched_again,
    with_a_backup,
    with_a_bundle,
    with_a_dump,
    with_a_standby,
)

Around = Callable[[Environment], AbstractContextManager[Given | None]]
# Whatever it uses is too much, and there is room for one more.
SMALL: Given = {
    "autoscaling_raise_over": 1,
    "autoscaling_lower_under": 0.5,
    "app_most_instances": 2,
    "preflight_budget_usd": 200,
    "deployment_gate_seconds": 1,
}


@dataclass(frozen=True)
class Case:
    procedure: str
    variables: Given = field(default_factory=dict)
    around: Around = lambda _running: nullcontext()
    # What tells it from others of the same procedure.
    called: str = ""
    # How a run that nobody kills ends.
    code: int = 0

    @property
    def name(self) -> str:
        return f"{self.procedure} {self.called}".strip()


CASES = [
    Case("backup_configuration"),
    Case("backup_database"),
    Case("collect_diagnostics"),
    Case("deploy", {"environment_variables": {"APP_VERSION": "3"}}, another_version),
    Case(
        "deploy",
        {"environment_variables": {"APP_VERSION": "3"}, "deploy_dump": True, "deployment_gate_seconds": 0},
        another_version,
        "with a dump",
    ),
    Case("detect_drift"),
    Case("drill_recovery", {}, with_a_backup),
    Case("drill_recovery", {"drill_scenario": "app"}, called="of the app"),
    Case("drill_recovery", {"drill_scenario": "configuration"}, with_a_bundle, "of the configuration"),
    Case("drill_recovery", {"drill_scenario": "region"}, with_a_dump, "of the region"),
    # Nobody kills the primary, so that nothing is proved.
    Case(
        "failover_valkey",
        {"confirm": "local", "failover_cluster": STANDBY, "failover_seconds": 1},
        with_a_standby,
        code=2,
    ),
    Case("maintenance", {"maintenance": "on", "confirm": "local"}, maintained, "on"),
    Case("maintenance", {"maintenance": "off"}, closed, "off"),
    Case("monitor", {"monitoring_error_budget_path": "/api/health/slo"}, watched_again),
    Case("monthly", {"rotate": "spaces_key"}, with_a_backup),
    Case("plan"),
    Case("purge_cdn"),
    Case("reconcile_trusted_sources"),
    Case("renew_certificates", {"renew_within_days": 1000}),
    Case("replicate_spaces", {}, uploads),
    Case("report_compliance"),
    Case("report_costs"),
    Case("report_metrics"),
    Case("restart"),
    Case("restore_database", {}, restored),
    Case("restore_database", {"restore_cut_over": True, "confirm": "local"}, moved, "with the app"),
    Case("restore_spaces", {"restore_all": True, "restore_from": "replica"}, uploads),
    Case("restore_table", {"table": "visits", "confirm": "visits"}, a_row_lost),
    Case("restore_table", {"table": "visits", "confirm": "visits", "cleanup": True}, a_table_left, "to drop"),
    Case("rollback", {}, another_version),
    Case("rotate_credentials", {"rotate": "app_database_user,spaces_key"}),
    Case("scale", {"scale_app_instance_count": 2, "deployment_gate_seconds": 1}, scaled),
    Case("scale_on_memory", SMALL, full),
    Case("tail_logs"),
    Case("test_load", {"load_users": 1, "load_spawn_rate": 1, "load_seconds": 4}),
    Case(
        "upgrade_postgresql",
        {"upgrade_cluster": OLD, "confirm": "local", "version": "17", "upgrade_asks_version": True},
        older,
    ),
    Case("verify"),
    Case("verify_backups", {}, with_a_dump),
]
