# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to an app, on the wire: load balancer and proxies as real software behind the API's records."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

from tests.integration.plane.cloud_init import user_data
from tests.localcloud_api import Api

pytestmark = pytest.mark.xdist_group("plane")

ROOT = Path(__file__).resolve().parents[3]
DOMAIN = "fisioflow.example"
PATIENCE = 20
SAID = "for {http.request.header.X-Forwarded-For} by {http.request.header.X-Forwarded-Proto} as {host}"
DROPLET = {"region": "fra1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64", "tags": ["edge"]}
CHECK = {"protocol": "https", "port": 443, "path": "/edge-health", "healthy_threshold": 2, "unhealthy_threshold": 2}
RULES = [
    {"entry_protocol": "https", "entry_port": 443, "target_protocol": "https", "target_port": 443},
    {"entry_protocol": "http", "entry_port": 80, "target_protocol": "https", "target_port": 443},
    {"entry_protocol": "http3", "entry_port": 443, "target_protocol": "http", "target_port": 80},
    {"entry_protocol": "tcp", "entry_port": 5443, "target_protocol": "tcp", "target_port": 443},
]


def until(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, condition
        time.sleep(0.05)
    return found


def runs(api: Api, kind: str) -> list[dict[str, Any]]:
    return [one for one in api.admin.status()["runs"] if one["key"].startswith(kind)]


def lines(api: Api, kind: str) -> list[str]:
    return [line for one in runs(api, kind) for line in one["lines"]]


def balancer(api: Api, **more: Any) -> dict[str, Any]:
    """One with a certificate for the domain, once it is active."""
    api.ok("POST", "/tags", {"name": "edge"})
    api.ok("POST", "/domains", {"name": DOMAIN})
    certificate = {"name": "edge", "type": "lets_encrypt", "dns_names": [DOMAIN]}
    id = api.ok("POST", "/certificates", certificate)["certificate"]["id"]
    ended = ("https", "http3")
    rules = [{**rule, "certificate_id": id} if rule["entry_protocol"] in ended else rule for rule in RULES]
    body = {"name": "edge", "region": "fra1", "tag": "edge", "forwarding_rules": rules, "health_check": CHECK, **more}
    made = api.ok("POST", "/load_balancers", body)["load_balancer"]
    path = f"/load_balancers/{made['id']}"
    return until(lambda: (found := api.ok("GET", path)["load_balancer"])["status"] != "new" and found)


def get(api: Api, address: str, path: str = "/", *, port: int = 443, verify: bool = True) -> tuple[int, str, str]:
    """Status, body and ``location`` of what ``DOMAIN`` answers at that address."""
    if port == 80:
        connection = http.client.HTTPConnection(address, port, timeout=PATIENCE)
    else:
        tls = ssl.create_default_context(cafile=api.cloud.ca)
        tls.check_hostname, tls.verify_mode = verify, ssl.CERT_REQUIRED if verify else ssl.CERT_NONE
        connection = http.client.HTTPSConnection(DOMAIN, port, timeout=PATIENCE, context=tls)
        sock = socket.create_connection((address, port), PATIENCE)
        connection.sock = tls.wrap_socket(sock, server_hostname=DOMAIN)
    with closing(connection):
        connection.request("GET", path, headers={"Host": DOMAIN, "X-Forwarded-For": "198.51.100.7"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("location", "")


def certificate_end(api: Api, address: str) -> str:
    tls = ssl.create_default_context(cafile=api.cloud.ca)
    with tls.wrap_socket(socket.create_connection((address, 443), PATIENCE), server_hostname=DOMAIN) as sock:
        seconds = ssl.cert_time_to_seconds(str((sock.getpeercert() or {})["notAfter"]))
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def healthy(api: Api, count: str) -> bool:
    return f"{count} Droplets healthy" in lines(api, "load_balancer")


def test_visitors_reach_droplets_that_are_well_and_by_the_load_balancer_alone(api: Api) -> None:
    found = balancer(api, redirect_http_to_https=True)
    address = found["ip"]
    assert (found["status"], address.split(".")[0]) == ("active", "127")
    assert get(api, address)[0] == 503
    sources = {"load_balancer_uids": [found["id"]]}
    rule = {"protocol": "tcp", "ports": "443", "sources": sources}
    api.ok("POST", "/firewalls", {"name": "edge", "tags": ["edge"], "inbound_rules": [rule]})
    body = {"names": ["one", "two"], **DROPLET, "user_data": user_data(SAID)}
    droplets = api.ok("POST", "/droplets", body)["droplets"]
    until(lambda: healthy(api, "2 of 2"))

    # What the client claims stands before what the load balancer has seen.
    assert get(api, address)[:2] == (200, f"for 198.51.100.7, 127.0.0.1 by https as {DOMAIN}")
    [certificate] = api.ok("GET", "/certificates")["certificates"]
    assert certificate_end(api, address) == certificate["not_after"]
    # TLS that the load balancer does not end.
    assert get(api, address, port=5443, verify=False)[:2] == (200, f"for 198.51.100.7 by  as {DOMAIN}")
    assert get(api, address, "/a?b=1", port=80)[::2] == (307, f"https://{DOMAIN}/a?b=1")
    own = [line.partition(":")[0] for line in lines(api, "droplet") if line.endswith(":443")]
    assert len(own) == 2
    for one in own:
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            get(api, one, verify=False)

    api.ok("POST", f"/droplets/{droplets[0]['id']}/actions", {"type": "power_off"})
    until(lambda: healthy(api, "1 of 2"))
    assert [get(api, address)[0] for _ in range(4)] == [200] * 4
    log = "\n".join(api.admin.log(f"load_balancer/{found['id']}"))
    assert "GET /a 307" in log
    assert "b=1" not in log

    page = api.session.get(api.admin.status()["page_url"], timeout=PATIENCE).text
    assert f'<a href="https://{address}" rel="noreferrer">' in page
    assert " MB · " in page

    api.ok("DELETE", f"/load_balancers/{found['id']}")
    with pytest.raises(ConnectionRefusedError):
        get(api, address)


def test_a_visitor_comes_back_to_the_droplet_that_his_cookie_names(api: Api) -> None:
    sticky = {"type": "cookies", "cookie_name": "DO-LB", "cookie_ttl_seconds": 300}
    address = balancer(api, sticky_sessions=sticky)["ip"]
    for name in ("one", "two"):
        own = user_data(SAID).replace("for {", f"{name} {{", 1)
        api.ok("POST", "/droplets", {"name": name, **DROPLET, "user_data": own})
    until(lambda: healthy(api, "2 of 2"))

    def visit(cookie: str = "") -> tuple[str, str]:
        """Who answered, and the cookie that he set."""
        tls = ssl.create_default_context(cafile=api.cloud.ca)
        with closing(http.client.HTTPSConnection(DOMAIN, timeout=PATIENCE, context=tls)) as connection:
            sock = socket.create_connection((address, 443), PATIENCE)
            connection.sock = tls.wrap_socket(sock, server_hostname=DOMAIN)
            connection.request("GET", "/", headers={"Cookie": cookie})
            answer = connection.getresponse()
            return answer.read().decode().split()[0], (answer.headers["set-cookie"] or "").partition(";")[0]

    seen = dict(visit() for _ in range(6))
    assert set(seen) == {"one", "two"}
    for who, cookie in seen.items():
        assert [visit(cookie) for _ in range(4)] == [(who, cookie)] * 4
    assert {visit("DO-LB=of-somebody-who-has-gone")[0] for _ in range(6)} == {"one", "two"}


def test_a_droplet_that_answers_badly_gets_no_requests(api: Api) -> None:
    address = balancer(api)["ip"]
    ill = user_data(SAID).replace("respond /edge-health 200", "respond /edge-health 500")
    api.ok("POST", "/droplets", {"name": "ill", **DROPLET, "user_data": ill})
    api.ok("POST", "/droplets", {"name": "well", **DROPLET, "user_data": user_data(SAID).replace("for {", "well {", 1)})
    until(lambda: healthy(api, "1 of 2"))
    assert {get(api, address)[1].split()[0] for _ in range(4)} == {"well"}


@pytest.mark.parametrize(
    ("user_data", "why"),
    [
        ("#!/bin/sh\ntrue", "it stays a record: user data that is no #cloud-config is not run"),
        (
            user_data(SAID).replace("[systemctl, restart, caddy]", "docker run app"),
            "it stays a record: the command docker is not",
        ),
        (user_data(SAID).replace("default_sni edge", "no_such_word"), "its Caddyfile is wrong: caddy failed"),
    ],
    ids=["script", "command", "Caddyfile"],
)
def test_a_droplet_that_cannot_be_run_says_why(api: Api, user_data: str, why: str) -> None:
    api.ok("POST", "/tags", {"name": "edge"})
    id = api.ok("POST", "/droplets", {"name": "odd", **DROPLET, "user_data": user_data})["droplet"]["id"]
    [found] = until(lambda: [one for one in runs(api, "droplet") if one["state"] == "failed"])
    assert (found["key"], found["reason"][: len(why)]) == (f"droplet/{id}", why)
    assert api.ok("GET", f"/droplets/{id}")["droplet"]["status"] == "active"


def proxies(origin: str) -> str:
    """The user data of the role edge, before the app at that address."""
    source = yaml.safe_load((ROOT / "roles/edge/vars/main/proxy.yml").read_text())
    inputs = yaml.safe_load((ROOT / "roles/edge/defaults/main.yml").read_text())
    inputs |= {"edge_domains": [DOMAIN], "edge_origin_secret": "s" * 32, "__edge_origin": origin}
    file = jinja2.Template(source["__edge_caddyfile"]).render(inputs)
    return jinja2.Template(source["__edge_user_data"]).render(inputs, __edge_caddyfile=file)


def test_the_whole_way_from_a_name_to_an_app(api: Api) -> None:
    """Domain → load balancer → the role's proxies → the app's ingress → its process, as an uptime check goes it too."""
    web = {
        "name": "web",
        "image": {"registry_type": "GHCR", "registry": "fisioflow", "repository": "fisioflow", "tag": "1"},
        "http_port": 3000,
        "instance_count": 1,
        "instance_size_slug": "apps-s-1vcpu-1gb",
        "health_check": {"http_path": "/api/ping"},
    }
    spec = {"name": "clinic", "region": "fra", "services": [web]}
    path = f"/apps/{api.ok('POST', '/apps', {'spec': spec})['app']['id']}"
    app = until(lambda: (found := api.ok("GET", path)["app"]).get("active_deployment") and found)
    address = balancer(api, redirect_http_to_https=True)["ip"]
    api.ok("POST", f"/domains/{DOMAIN}/records", {"type": "A", "name": "@", "data": address})
    user_data = proxies(app["default_ingress"].removeprefix("https://"))
    api.ok("POST", "/droplets", {"names": ["one", "two"], **DROPLET, "user_data": user_data})
    until(lambda: healthy(api, "2 of 2"))
    assert get(api, address, "/api/ping")[0] == 200
    assert get(api, address, "/.env")[0] == 404
    check = {"name": "app", "type": "https", "target": f"https://{DOMAIN}/api/ping", "regions": ["us_east"]}
    id = api.ok("POST", "/uptime/checks", {**check, "enabled": True})["check"]["id"]
    until(lambda: f"https://{DOMAIN}/api/ping: up (200" in "".join(lines(api, f"uptime/{id}")))
    # One of the two breaks down, and nobody notices.
    caddy = next(line for line in lines(api, "droplet") if line.startswith("pid "))
    os.kill(int(caddy.removeprefix("pid ")), signal.SIGKILL)
    assert {get(api, address, "/api/ping")[0] for _ in range(20)} == {200}
    until(lambda: caddy not in lines(api, "droplet") and healthy(api, "2 of 2"))
