# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New processes of the same version, which no visitor notices."""

from __future__ import annotations

import re

import pytest

from tests import readme
from tests.integration.harness.visitor import visiting
from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")


def processes(running: Environment) -> set[str]:
    runs = [run for run in running.cloud.admin.status()["runs"] if run["key"] == f"deployment/{running.active()}"]
    return set(re.findall(r"pid (\d+)", " ".join(line for run in runs for line in run["lines"])))


def test_all_instances_are_replaced_and_no_request_fails(running: Environment) -> None:
    before, spec, sources = processes(running), running.app()["spec"], running.sources()
    assert before
    with visiting(running.api, visitors=4) as visitor:
        done = running.green("restart", component="web")
    assert len(visitor.answers) > 100
    assert visitor.failed == []
    print(f"{len(visitor.answers)} requests of visitors, none failed")
    assert before & processes(running) == set()
    assert (running.app()["spec"], running.sources()) == (spec, sources)
    figures = running.report("restart")
    assert (figures["ok"], figures["restarted"]) == (True, "web")
    assert figures["deployment"] == running.active() != figures["deployment_before"]
    assert "restarted web." in done.printed


def test_what_is_not_there_is_refused_and_a_check_changes_nothing(running: Environment) -> None:
    since = running.cloud.admin.seq()
    refused = running.red("restart", component="wbe")
    assert "it has no component wbe that runs, but web" in refused.printed
    running.green("restart", "--check")
    assert running.cloud.admin.writes(since) == []


@pytest.mark.parametrize("procedure", ["restart", "maintenance", "rollback"])
def test_a_token_that_may_not_change_the_app_is_refused_before_the_databases_open(
    running: Environment, procedure: str
) -> None:
    env = {"DO_API_TOKEN": running.cloud.admin.token(scopes=sorted(readme.scopes(procedure) - {"app:update"}))}
    refused = running.red(procedure, env=env, maintenance="on", confirm="local")
    assert "Nothing was changed: the token lacks this scope: app:update." in refused.printed
    assert refused.write_list == []
