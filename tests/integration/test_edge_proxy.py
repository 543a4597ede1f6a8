# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on a proxy of the edge, run by a real Caddy before an app of the test's own."""

from __future__ import annotations

import http.client
import json
import re
import shlex
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from tests.integration.site.account import tables_of
from tests.integration.site.fixtures import Baseline, baseline

__all__ = ["baseline"]

CADDY = Path(sys.executable).parent / "caddy"
DOMAIN = "fisioflow.example"
# A word that stands for a patient's name.
PATIENT = "maria-da-silva"
# What the load balancer hands on of somebody who claims to be somebody else.
CLAIMED, CLIENT = "198.51.100.66", "203.0.113.7"
PATIENCE = 20


class App(ThreadingHTTPServer):
    daemon_threads = True


class Told(BaseHTTPRequestHandler):
    """It tells back what it was sent, and breaks down over records."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/records"):
            self.close_connection = True
            return
        if self.path == "/away":
            self.send_response(503)
            self.send_header("content-length", "4")
            self.end_headers()
            self.wfile.write(b"away")
            return
        body = json.dumps({"path": self.path, "headers": {key.lower(): value for key, value in self.headers.items()}})
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.send_header("server", "the app")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Proxy:
    """A Caddy that runs with the file of a real proxy, but for its ports and folder, and an app behind it."""

    port: int
    origin: str
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    def get(self, path: str, host: str = DOMAIN, **more: str) -> tuple[int, dict[str, str], bytes]:
        tls = ssl.create_default_context()
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
        with closing(http.client.HTTPSConnection("127.0.0.1", self.port, context=tls, timeout=PATIENCE)) as connection:
            headers = {
                "Host": host,
                "X-Forwarded-For": f"{CLAIMED}, {CLIENT}",
                "Referer": f"https://{DOMAIN}/?name={PATIENT}",
                **more,
            }
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def proxy(baseline: Baseline, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    data = yaml.safe_load(next(iter(tables_of(baseline.created)["droplets"].values()))["_user_data"])
    [file] = data["write_files"]
    # As the Droplet makes its certificate.
    [certify] = [command for command in data["runcmd"] if command.startswith("openssl ")]
    subprocess.run(
        shlex.split(certify.replace("/etc/caddy", str(folder))), check=True, capture_output=True, timeout=PATIENCE
    )
    app, authority = App(("127.0.0.1", 0), Told), trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    app.socket = tls.wrap_socket(app.socket, server_side=True)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    port, log = free_port(), folder / "caddy.log"
    text = file["content"].replace("/etc/caddy", str(folder))
    [origin] = re.findall(r"reverse_proxy https://(\S+)", text)
    text = text.replace(f"reverse_proxy https://{origin}", f"reverse_proxy https://127.0.0.1:{app.server_port}")
    text, found = re.subn(r"^:443 \{", f":{port} {{", text, flags=re.MULTILINE)
    assert found == 1
    (folder / "Caddyfile").write_text(text)
    environment = {"HOME": str(folder), "SSL_CERT_FILE": str(folder / "authority.pem")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [CADDY, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"],
            stdout=out, stderr=out, env=environment, cwd=folder,
        )  # fmt: skip
    made = Proxy(port, origin, log, process)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError, http.client.HTTPException):
                made.get("/edge-health")
                break
            time.sleep(0.05)
        assert process.poll() is None, log.read_text()
        yield made
    finally:
        process.terminate()
        process.wait(PATIENCE)
        app.shutdown()
        app.server_close()


def test_the_app_gets_what_it_needs_and_nobody_can_claim_to_be_another(proxy: Proxy) -> None:
    status, headers, body = proxy.get("/api/ping?x=1")
    assert status == 200
    told = json.loads(body)
    assert told["path"] == "/api/ping?x=1"
    sent = told["headers"]
    assert sent["host"] == proxy.origin
    assert sent["x-forwarded-host"] == DOMAIN
    assert sent["x-forwarded-proto"] == "https"
    assert sent["x-forwarded-for"] == CLIENT
    assert len(sent["x-origin-secret"]) >= 32
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "geolocation" in headers["permissions-policy"]
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/.env", "/.git/config", "/sub/.ENV.local", "/%2eenv"])
def test_what_should_not_be_there_is_not_there(proxy: Proxy, path: str) -> None:
    assert proxy.get(path)[0] == 404


def test_it_answers_for_the_domain_and_to_the_load_balancer(proxy: Proxy) -> None:
    assert proxy.get("/", host="somebody.example")[0] == 421
    assert proxy.get("/", host=f"www.{DOMAIN}")[0] == 200
    assert proxy.get("/edge-health", host="10.20.0.5")[0] == 200


def test_where_the_app_is_away_people_get_a_page_and_programs_what_it_said(proxy: Proxy) -> None:
    status, headers, body = proxy.get("/away", Accept="text/html,*/*")
    assert (status, headers["retry-after"], headers["content-type"]) == (503, "120", "text/html; charset=utf-8")
    assert (headers["cache-control"], headers["x-frame-options"]) == ("no-store", "DENY")
    assert "Voltamos já" in body.decode()
    assert "Back in a moment" in body.decode()
    assert "{" not in body.decode()
    status, headers, body = proxy.get("/away", Accept="application/json")
    assert (status, headers["retry-after"], body) == (503, "120", b"away")


def test_nothing_of_a_patient_is_in_its_log(proxy: Proxy) -> None:
    assert proxy.get(f"/patients?name={PATIENT}")[0] == 200
    # Errors are told in a log of their own.
    assert proxy.get(f"/records?name={PATIENT}")[0] == 502
    until = time.monotonic() + PATIENCE
    while "/records" not in (log := proxy.log.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert "/patients" in log
    assert "/records" in log
    assert PATIENT not in log
