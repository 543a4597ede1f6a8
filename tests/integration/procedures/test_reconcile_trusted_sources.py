# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`reconcile_trusted_sources.yml`: whom it lets in and out, and that the app feels it."""

from __future__ import annotations

import time

import pytest

from tests.integration.procedures.environment import CLUSTER, Environment

pytestmark = pytest.mark.xdist_group("procedures")
VALKEY = "fisioflow-local-valkey"
NOBODYS = {"type": "ip_addr", "value": "203.0.113.77"}


def database_of_the_app(running: Environment) -> str:
    """What the app's health check says of it."""
    [app] = running.api.ok("GET", "/apps")["apps"]
    answer = running.api.session.get(f"{app['default_ingress']}/api/health", timeout=30)
    return str(answer.json()["checks"]["database"]["status"])


def until(running: Environment, status: str) -> None:
    deadline = time.monotonic() + 40
    while (found := database_of_the_app(running)) != status:
        assert time.monotonic() < deadline, f"the app's database is {found}, not {status}"
        time.sleep(0.5)


def put(running: Environment, cluster: str, rules: list[dict[str, str]]) -> None:
    running.api.ok("PUT", f"/databases/{running.cluster(cluster)['id']}/firewall", {"rules": rules})


def test_it_lets_in_who_shall_be_in_and_nobody_else(running: Environment) -> None:
    right = {name: sorted(running.sources(name)) for name in (CLUSTER, VALKEY)}
    # A deployment by other means: the app's address is another one now. And a list that somebody emptied.
    put(running, CLUSTER, [NOBODYS])
    put(running, VALKEY, [])
    foretold = running.green("reconcile_trusted_sources", "--check")
    assert foretold.write_list == []
    assert "Trusted sources · local · 6 would change" in foretold.printed
    assert running.sources() == [NOBODYS["value"]]
    running.green("reconcile_trusted_sources")
    assert {name: sorted(running.sources(name)) for name in (CLUSTER, VALKEY)} == right
    until(running, "healthy")
    told = running.report("local-trusted-sources")
    rows = {(row["cluster"], row["value"]): (row["action"], row["who"]) for row in told["sources"]}
    assert rows[CLUSTER, NOBODYS["value"]] == ("removed", "not told by a description")
    assert rows[VALKEY, "0.0.0.0/0"] == ("removed", "whoever has a password, from everywhere")
    assert sorted(action for action, _who in rows.values()) == ["added"] * 4 + ["removed"] * 2
    again = running.green("reconcile_trusted_sources")
    assert again.write_list == []
    assert "right as they were" in again.printed
    assert {row["action"] for row in running.report("local-trusted-sources")["sources"]} == {"stays"}


def test_it_guesses_nothing(running: Environment) -> None:
    nobody = running.red("reconcile_trusted_sources", trusted_sources_app_name="fisioflow-elsewhere")
    assert "Nothing was changed. There is no app fisioflow-elsewhere" in " ".join(nobody.printed.split())
    assert nobody.write_list == []
