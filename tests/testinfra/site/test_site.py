# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything, as users and the app meet it: with real software behind localcloud's records."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import valkey

SITE = "https://fisioflow.example"


def ask(account: Any, url: str, host: str = "") -> tuple[int, dict[str, str], str]:
    """Status, headers by their names in small letters, and body."""
    at = urlsplit(url)
    tls = ssl.create_default_context(cafile=account.env["DIGITALOCEAN_CA_PATH"])
    kinds = {"https": lambda: http.client.HTTPSConnection(at.hostname, at.port, timeout=30, context=tls)}
    connection = kinds.get(at.scheme, lambda: http.client.HTTPConnection(at.hostname, at.port, timeout=30))()
    try:
        connection.request("GET", at.path or "/", headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def test_the_app_answers_and_reaches_its_stores(account: Any) -> None:
    app = account.app()
    assert app["active_deployment"]["phase"] == "ACTIVE"
    status, _headers, body = ask(account, f"{app['live_url']}/api/health")
    assert status == 200
    assert json.loads(body)["status"] == "healthy"


def test_the_load_balancer_sends_visitors_to_https(account: Any) -> None:
    [balancer] = account.rows("/v2/load_balancers", "load_balancers")
    status, headers, _body = ask(account, f"http://{balancer['ip']}/login", urlsplit(SITE).hostname)
    assert (status, headers["location"]) == (307, f"{SITE}/login")


def test_everything_is_in_the_project(account: Any, only: Any) -> None:
    project = only(account.rows("/v2/projects", "projects"), name="fisioflow-local")
    urns = {row["urn"] for row in account.rows(f"/v2/projects/{project['id']}/resources", "resources")}
    assert urns == {
        f"do:app:{account.app()['id']}",
        f"do:dbaas:{account.cluster('postgresql')['id']}",
        f"do:dbaas:{account.cluster('valkey')['id']}",
        "do:space:fisioflow-local-uploads",
        "do:space:fisioflow-local-assets",
        "do:domain:fisioflow.example",
        f"do:loadbalancer:{account.rows('/v2/load_balancers', 'load_balancers')[0]['id']}",
    }


@pytest.mark.parametrize("name", ["postgresql", "valkey"])
def test_a_database_lets_the_app_in_and_nobody_else(account: Any, name: str, tmp_path: Path) -> None:
    cluster = account.cluster(name)
    rules = account.get(f"/v2/databases/{cluster['id']}/firewall")["rules"]
    assert ("app", account.app()["id"]) in [(rule["type"], rule["value"]) for rule in rules]
    assert [rule["value"] for rule in rules if "/" in rule["value"]] == []
    where = cluster["connection"]
    socket.create_connection((where["host"], where["port"]), timeout=10).close()
    ca = tmp_path / "ca.crt"
    ca.write_text(account.authority(cluster))
    enter = {
        "postgresql": lambda: psycopg.connect(where["uri"], sslrootcert=ca, sslmode="verify-full", connect_timeout=10),
        "valkey": lambda: valkey.Valkey.from_url(where["uri"], ssl_ca_certs=str(ca), socket_timeout=10).ping(),
    }
    with pytest.raises((psycopg.OperationalError, valkey.ConnectionError)):
        enter[name]()
