# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`test_load.yml`: users work with the app, what they make is gone again, and a slow app is told."""

from __future__ import annotations

import pytest

from tests.integration.procedures.environment import Environment
from tests.integration.site.outside import play, told
from tests.localcloud_fixtures import LocalCloud

pytestmark = pytest.mark.xdist_group("procedures")

MARKED = "SELECT count(*) FROM patients WHERE name = 'fisioflow-load-test'"
# Few: the app lets an address log in five times in a quarter of an hour.
FEW = {"load_users": 2, "load_spawn_rate": 2, "load_seconds": 6}


def test_users_work_leave_nothing_and_what_takes_too_long_is_told(running: Environment) -> None:
    sources = running.sources()
    before = running.ask("SELECT count(*) FROM patients")
    would = running.green("test_load", "--check", **FEW)
    assert "2 users would work with https://fisioflow.example" in would.printed

    running.ask("INSERT INTO patients (name) VALUES ('fisioflow-load-test')")  # of a run that was killed
    running.green("test_load", **FEW)
    found = running.report("local-load")
    assert (found["ok"], found["failures"], found["findings"]) == (True, 0, []), found["reasons"]
    assert {"login", "patients"} <= {row["name"] for row in found["pages"]}
    assert found["requests"] >= 6
    assert running.ask(MARKED) == [(0,)]
    assert running.ask("SELECT count(*) FROM patients") == before
    assert running.sources() == sources
    assert "<html" in (running.reports / "local-load-locust.html").read_text()
    assert "Load test" in (running.reports / "local-load.html").read_text()

    red = running.red("test_load", **FEW | {"load_users": 1, "load_limits": {"latency": 1, "errors": 5}})
    assert running.report("local-load")["findings"][0]["metric"] == "latency"
    assert "1 over their threshold" in red.printed
    assert running.ask(MARKED) == [(0,)]

    refused = running.red("test_load", project_environment="Production")
    assert "-e confirm=local" in refused.printed
    assert "There is no /nowhere/locust" in running.red("test_load", load_program="/nowhere/locust").printed


def test_who_cannot_take_the_rows_away_again_makes_none(cloud: LocalCloud) -> None:
    done = play(cloud, "playbooks/test_load", load_control_addresses=[], load_disturbs=False)
    assert done.returncode == 2
    assert "could not be taken out of fisioflow-local" in told(done)
