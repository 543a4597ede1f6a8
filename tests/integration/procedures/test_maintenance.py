# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page in the place of the app, which no other run takes away or puts there."""

from __future__ import annotations

import http.client

import pytest

from tests.integration.harness.visitor import visiting
from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def comes(running: Environment, path: str, **headers: str) -> tuple[http.client.HTTPResponse, str]:
    with visiting(running.api, visitors=0) as visitor:
        answer, body = visitor.ask(path, headers=headers)
    return answer, body.decode()


def test_visitors_get_a_page_until_it_is_switched_off_and_by_nothing_else(running: Environment) -> None:
    since = running.cloud.admin.seq()
    refused = running.red("maintenance", maintenance="on")
    assert "This would take the app from its visitors. To do so, add -e confirm=local." in refused.printed
    refused = running.red("maintenance", maintenance="maybe", confirm="local")
    assert "maintenance_state" in refused.printed
    assert running.cloud.admin.writes(since) == []

    sources, spec = running.sources(), running.app()["spec"]
    running.green("maintenance", maintenance="on", confirm="local")
    answer, page = comes(running, "/login", **BROWSER)
    assert (answer.status, answer.headers["retry-after"]) == (503, "120")
    assert ("Voltamos já" in page, "Back in a moment" in page) == (True, True)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["strict-transport-security"]
    answer, page = comes(running, "/api/ping", Accept="application/json")
    assert (answer.status, answer.headers["retry-after"], "Voltamos" in page) == (503, "120", False)
    # Who balances is answered as ever.
    assert comes(running, "/edge-health")[0].status == 200

    # What is about something else leaves it, and says that nobody was asked.
    deployed = running.green("deploy", environment_variables={"APP_VERSION": "behind"})
    assert "The app is in maintenance, so nobody asked it whether it is well" in " ".join(deployed.printed.split())
    assert running.app()["spec"]["maintenance"] == {"enabled": True}
    running.green("../site", environment_variables={"APP_VERSION": "behind"})
    assert comes(running, "/login", **BROWSER)[0].status == 503
    again = running.green("maintenance", maintenance="on", confirm="local")
    assert "visitors get a page instead of the app" in again.printed

    # A version that nobody could ask is judged when it opens; one that may not stay does not open.
    closed = running.red("maintenance", maintenance="off", deployment_smoke_headers=["x-not-there"])
    assert "/login lacks the headers x-not-there" in closed.printed
    assert comes(running, "/login", **BROWSER)[0].status == 503
    running.green("maintenance", maintenance="off")
    assert comes(running, "/login", **BROWSER)[0].status == 200
    running.green("deploy", deployment_gate_seconds=0)
    assert comes(running, "/login", **BROWSER)[0].status == 200
    assert (running.sources(), running.app()["spec"]["services"]) == (sources, spec["services"])
    assert not running.app()["spec"].get("maintenance")
