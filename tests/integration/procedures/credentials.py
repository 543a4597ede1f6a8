# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds of an environment's credentials before and after a rotation."""

from __future__ import annotations

import time
from typing import Any

import valkey

from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.integration.procedures.environment import OURS, Environment
from tests.integration.procedures.visitors import HEALTH, visited

VALKEY = "fisioflow-local-valkey"


def app(running: Environment) -> dict[str, Any]:
    found: dict[str, Any] = running.api.ok("GET", "/apps")["apps"][0]
    return found


def in_force(running: Environment) -> str:
    """The user that the app works with, which all agree about, and no rotation is under way."""
    tags = [row["name"] for row in running.api.ok("GET", "/tags?per_page=200")["tags"]]
    assert [tag for tag in tags if "-rotating-" in tag] == []
    spec, pools = app(running)["spec"], running.api.ok("GET", f"/databases/{running.cluster()['id']}/pools")["pools"]
    user = next(row["db_user"] for row in spec["databases"] if row["name"] == "db")
    assert [(pool["user"], pool["size"]) for pool in pools] == [(user, 15)]
    return str(user)


def cache_password(running: Environment) -> str:
    return str(running.cluster(VALKEY)["connection"]["password"])


def assert_site_keeps_it(running: Environment, env: dict[str, str] | None = None) -> None:
    again = playbook(running.cloud, "site", env={**PROVIDED, **(env or {})})
    assert (again.returncode, again.recap["changed"], again.write_list) == (0, 0, []), again.printed[-3000:]


def assert_the_app_gets_into_valkey_anew(running: Environment) -> None:
    """By what it holds: all connections of before are cut."""
    there = running.cluster(VALKEY)
    at, path = there["connection"], f"/databases/{there['id']}/firewall"
    before = running.api.ok("GET", path)["rules"]
    running.api.ok("PUT", path, {"rules": [*before, {"type": "ip_addr", "value": OURS}]})
    told = {"host": at["host"], "port": at["port"], "username": at["user"], "password": at["password"]}
    try:
        with valkey.Valkey(**told, ssl=True, ssl_ca_certs=running.cloud.ca) as client:
            assert client.client_kill_filter(_type="normal", skipme=True) > 0
    finally:
        running.api.ok("PUT", path, {"rules": before})
    with visited(running, HEALTH) as answers:
        time.sleep(1)
    assert len(answers) > 5
    assert set(answers) == {200}
