# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uptime checks that really ask, and alerts that really fire."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import trustme

from tests.localcloud_api import Api

pytestmark = pytest.mark.xdist_group("plane")

ZONE = "clinic.example"
PATIENCE = 20
REGIONS = ["us_east", "eu_west"]
HOOK = "https://hooks.example/T0/secret"
WHO = {"email": ["ops@clinic.example"], "slack": [{"channel": "#ops", "url": HOOK}]}


class Target(ThreadingHTTPServer):
    daemon_threads = True
    status, wait = 200, 0.0


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Target)
        time.sleep(self.server.wait)
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def target() -> Iterator[Target]:
    server = Target(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def until(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, condition
        time.sleep(0.05)
    return found


def check(api: Api, url: str, **more: Any) -> str:
    body = {"name": "app", "type": url.partition(":")[0], "target": url, "regions": REGIONS, "enabled": True, **more}
    return str(api.ok("POST", "/uptime/checks", body)["check"]["id"])


def alert(api: Api, id: str, kind: str, **more: Any) -> None:
    body = {"name": kind, "type": kind, "period": "2m", "notifications": WHO, **more}
    api.ok("POST", f"/uptime/checks/{id}/alerts", body)


def state(api: Api, id: str, status: str) -> Any:
    """The state of the check once all regions say so."""

    def found() -> Any:
        told = api.ok("GET", f"/uptime/checks/{id}/state")["state"]
        return told if {one["status"] for one in told["regions"].values()} == {status} else None

    return until(found)


def told(api: Api) -> list[dict[str, Any]]:
    file = api.cloud.home / "alerts.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_target_that_breaks_down_is_told_once_and_its_mending_too(api: Api, target: Target) -> None:
    before = len(told(api))
    api.ok("POST", "/domains", {"name": ZONE})
    api.ok("POST", f"/domains/{ZONE}/records", {"type": "A", "name": "@", "data": "127.0.0.1"})
    id = check(api, f"http://{ZONE}:{target.server_port}/api/health")
    assert set(state(api, id, "UP")["regions"]) == set(REGIONS)
    # A period of the clock: it has not passed when the alert's condition begins to hold.
    api.admin.settings(speed="real")
    alert(api, id, "down")
    api.admin.advance(60)
    target.status = 503
    api.admin.advance(60)
    state(api, id, "DOWN")
    assert len(told(api)) == before
    api.admin.advance(121)
    [event] = until(lambda: told(api)[before:])
    assert (event["state"], event["type"], event["about"], event["period"]) == ("firing", "uptime down", "app", "2m")
    assert event["told"] == ["ops@clinic.example", "slack #ops"]
    assert HOOK not in (api.cloud.home / "alerts.jsonl").read_text()
    assert [one["name"] for one in api.admin.status()["alerts"]] == ["down"]
    target.status = 200
    api.admin.advance(60)
    outage = state(api, id, "UP")["previous_outage"]
    assert (outage["region"], outage["duration_seconds"] >= 121) == ("us_east", True)
    until(lambda: [one["state"] for one in told(api)[before:]] == ["firing", "resolved"])
    assert api.admin.status()["alerts"] == []
    api.ok("DELETE", f"/domains/{ZONE}")


def test_a_slow_target_and_a_certificate_that_ends_soon(api: Api, target: Target) -> None:
    before = len(told(api))
    target.wait = 0.3
    id = check(api, f"http://127.0.0.1:{target.server_port}/")
    alert(api, id, "latency", threshold=200, comparison="greater_than")
    [event] = until(lambda: told(api)[before:])
    assert (event["type"], event["threshold"]) == ("uptime latency", 200)
    assert 300 <= event["value"] < 5000
    # The API itself has a certificate of the instance's authority, which lasts long.
    other = check(api, f"{api.cloud.url}/", name="api")
    alert(api, other, "ssl_expiry", threshold=1_000_000, comparison="less_than")
    until(lambda: [one for one in told(api)[before:] if one["type"] == "uptime ssl_expiry"])
    # What is deleted while it fires is no longer told of.
    assert {one["type"] for one in api.admin.status()["alerts"]} == {"uptime latency", "uptime ssl_expiry"}
    for one in (id, other):
        api.ok("DELETE", f"/uptime/checks/{one}")
    until(lambda: api.admin.status()["alerts"] == [])
    assert [one["state"] for one in told(api)[before:]].count("withdrawn") == 2


def test_a_target_whose_certificate_nobody_trusts_is_down(api: Api, target: Target) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    target.socket = tls.wrap_socket(target.socket, server_side=True)
    state(api, check(api, f"https://127.0.0.1:{target.server_port}/"), "DOWN")


def test_nobody_asks_what_is_elsewhere(api: Api) -> None:
    id = check(api, "https://somebody.example/")

    def line() -> str:
        return "".join(line for run in api.admin.status()["runs"] if id in run["key"] for line in run["lines"])

    until(lambda: "nobody asks: somebody.example is in no domain of this account" in line())
    assert state(api, id, "UP")


def test_a_busy_cluster_and_busy_droplets_are_told(api: Api) -> None:
    before = len(told(api))
    droplet = {"region": "fra1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64", "tags": ["edge"]}
    api.ok("POST", "/tags", {"name": "edge"})
    api.ok("POST", "/droplets", {"name": "one", **droplet})
    policy = {
        "type": "v1/insights/droplet/cpu", "description": "busy", "compare": "GreaterThan", "value": 80, "window": "5m",
        "entities": [], "tags": ["edge"], "alerts": WHO, "enabled": True,
    }  # fmt: skip
    api.ok("POST", "/monitoring/alerts", policy)
    api.admin.utilization(cpu=0.93)
    [event] = until(lambda: told(api)[before:])
    assert (event["state"], event["about"], event["value"], event["threshold"]) == ("firing", "one", 93, 80)
    api.admin.utilization(cpu=0.2)
    until(lambda: [one["state"] for one in told(api)[before:]] == ["firing", "resolved"])


def balancer(api: Api) -> Any:
    """One with no Droplet behind it."""
    rule = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 80}
    body = {"name": "edge", "region": "fra1", "forwarding_rules": [rule]}
    path = f"/load_balancers/{api.ok('POST', '/load_balancers', body)['load_balancer']['id']}"
    return until(lambda: (one := api.ok("GET", path)["load_balancer"])["status"] == "active" and one)


def test_a_load_balancer_that_answers_with_errors_is_told(api: Api) -> None:
    before = len(told(api))
    found = balancer(api)
    policy = {
        "type": "v1/insights/lbaas/increase_in_http_error_rate_percentage_5xx", "description": "errors", "value": 5,
        "compare": "GreaterThan", "window": "5m", "entities": [found["id"]], "tags": [], "alerts": WHO, "enabled": True,
    }  # fmt: skip
    api.ok("POST", "/monitoring/alerts", policy)
    assert told(api)[before:] == []
    connection = http.client.HTTPConnection(found["ip"], timeout=PATIENCE)
    connection.request("GET", "/")
    # There is no Droplet behind it.
    assert connection.getresponse().status == 503
    connection.close()
    [event] = until(lambda: told(api)[before:])
    assert (event["state"], event["about"], event["value"]) == ("firing", "edge", 100)


def test_a_load_balancer_that_is_busy_is_told(api: Api) -> None:
    before = len(told(api))
    found = balancer(api)
    policy = {
        "compare": "GreaterThan", "window": "5m", "entities": [found["id"]], "tags": [], "alerts": WHO, "enabled": True,
    }  # fmt: skip
    busy = {"avg_cpu_utilization_percent": 0.5, "connection_utilization_percent": 0.15}
    for name, value in busy.items():
        more = {"type": f"v1/insights/lbaas/{name}", "description": name, "value": value}
        api.ok("POST", "/monitoring/alerts", {**policy, **more})
    # Of 10,000 that one node can hold.
    held = [socket.create_connection((found["ip"], 80), timeout=PATIENCE) for _connection in range(20)]

    def names() -> set[str]:
        with closing(http.client.HTTPConnection(found["ip"], timeout=PATIENCE)) as connection:
            for _request in range(200):
                connection.request("GET", "/")
                connection.getresponse().read()
        return {event["name"] for event in told(api)[before:] if event["state"] == "firing"}

    until(lambda: names() == busy.keys())
    assert [event["value"] for event in told(api)[before:] if "connection" in event["name"]] == [0.2]
    for one in held:
        one.close()
    until(lambda: {event["name"] for event in told(api)[before:] if event["state"] == "resolved"} == busy.keys())


def test_an_app_that_is_busy_and_its_deployments_are_told(api: Api) -> None:
    before = len(told(api))
    alert = {"rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 80, "window": "FIVE_MINUTES"}
    web = {
        "name": "web",
        "image": {"registry_type": "GHCR", "registry": "fisioflow", "repository": "fisioflow", "tag": "1"},
        "http_port": 3000,
        "instance_count": 1,
        "instance_size_slug": "apps-s-1vcpu-1gb",
        "health_check": {"http_path": "/api/ping"},
        "alerts": [alert],
    }
    spec = {"name": "clinic", "region": "fra", "services": [web], "alerts": [{"rule": "DEPLOYMENT_LIVE"}]}
    id = api.ok("POST", "/apps", {"spec": spec})["app"]["id"]
    until(lambda: [one["name"] for one in told(api)[before:]] == ["DEPLOYMENT_LIVE"])
    cpu = next(one for one in api.ok("GET", f"/apps/{id}/alerts")["alerts"] if one["spec"]["rule"] == alert["rule"])
    api.ok(
        "POST", f"/apps/{id}/alerts/{cpu['id']}/destinations", {"emails": WHO["email"], "slack_webhooks": WHO["slack"]}
    )
    api.admin.utilization(app="clinic", cpu=0.93)
    until(lambda: len(told(api)) == before + 2)
    fired = told(api)[-1]
    assert (fired["state"], fired["name"], fired["about"], fired["value"]) == (
        "firing",
        alert["rule"],
        "clinic web",
        93,
    )
    assert fired["told"] == ["ops@clinic.example", "slack #ops"]
    api.admin.utilization(app="clinic", cpu=0.1)
    until(lambda: [one["state"] for one in told(api)[before:]] == ["told", "firing", "resolved"])
