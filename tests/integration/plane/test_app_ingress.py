# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way in to an app: which rule a request takes and what its program gets of it, a program of the user's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.plane.apps import App, spec
from tests.localcloud_api import Api

pytestmark = pytest.mark.xdist_group("plane")

ECHO = """\
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Echo(BaseHTTPRequestHandler):
    def do_GET(self):
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({"who": os.environ["WHO"], "path": self.path, "headers": headers, "seen": sorted(os.environ)})
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())
    do_OPTIONS = do_GET
ThreadingHTTPServer((os.environ["HOSTNAME"], int(os.environ["PORT"])), Echo).serve_forever()
"""


@pytest.fixture
def program(api: Api, tmp_path: Path) -> Iterator[None]:
    """``acme/echo`` runs a program of the user's; of ``acme/secret`` only the record is kept."""
    (tmp_path / "bin").mkdir()
    echo = tmp_path / "bin/echo-server"
    echo.write_text(f"#!/bin/sh\nexec {sys.executable} {tmp_path}/echo.py\n")
    echo.chmod(0o755)
    (tmp_path / "echo.py").write_text(ECHO)
    mapping = api.cloud.home / "images.json"
    mapping.write_text(
        json.dumps({"acme/echo": {"folder": str(tmp_path), "command": "echo-server"}, "acme/*": None}),
    )
    yield
    mapping.unlink()


def service(name: str, repository: str = "echo") -> dict[str, Any]:
    image = {"registry_type": "GHCR", "registry": "acme", "repository": repository, "tag": "1"}
    size = {"instance_size_slug": "apps-s-1vcpu-0.5gb", "instance_count": 1}
    return {"name": name, "image": image, **size, "envs": [{"key": "WHO", "value": name}]}


def component(prefix: str, name: str, **more: Any) -> dict[str, Any]:
    return {"match": {"path": {"prefix": prefix}}, "component": {"name": name, **more}}


@pytest.mark.usefixtures("program")
def test_requests_take_the_rule_that_is_most_exact(api: Api) -> None:
    rules = [
        component("/", "site"),
        component("/api", "api"),
        component("/api/v2", "api", preserve_path_prefix=True),
        component("/old", "api", rewrite="/new"),
        component("/hidden", "hidden"),
        {"match": {"path": {"prefix": "/moved"}}, "redirect": {"uri": "/here", "redirect_code": 308}},
        {
            "match": {"path": {"prefix": "/shared"}},
            "component": {"name": "api"},
            "cors": {
                "allow_origins": [{"exact": "https://clinic.example"}, {"regex": "https://.*[.]friend[.]example"}],
                "allow_methods": ["GET", "PUT"],
                "allow_headers": ["X-Trace"],
                "max_age": "60s",
                "allow_credentials": True,
            },
        },
    ]
    services = [service("site"), service("api"), service("hidden", "secret")]
    app = App(api, spec(*services, ingress={"rules": rules}))
    app.deployed()

    def reached(path: str) -> tuple[str, str]:
        status, body, _headers = app.ask(path)
        assert status == 200, body
        return body["who"], body["path"]

    assert reached("/apiary?x=1") == ("site", "/apiary?x=1")
    assert reached("/api/patients?x=1&y=%2F") == ("api", "/patients?x=1&y=%2F")
    assert reached("/api") == ("api", "/")
    assert reached("/api/v2/patients") == ("api", "/api/v2/patients")
    assert reached("/old/a?b=c") == ("api", "/new/a?b=c")
    assert app.ask("/hidden")[0] == 503
    status, _body, headers = app.ask("/moved/far?x=1")
    assert (status, headers["location"].partition("//")[2].partition("/")[2]) == (308, "here")
    _status, body, _headers = app.ask("/", X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")
    sent = body["headers"]
    assert sent["x-forwarded-for"].split(", ")[0] == sent["do-connecting-ip"] == "203.0.113.7"
    assert (sent["x-forwarded-proto"], sent["host"]) == ("https", app.host())
    assert not [name for name in body["seen"] if "LOCALCLOUD" in name or "TOKEN" in name or name == "PYTHONPATH"]

    friend = {"Origin": "https://a.friend.example"}
    asked = app.ask("/shared/x", "OPTIONS", Access_Control_Request_Method="PUT", **friend)
    assert (asked[0], asked[2]["access-control-allow-methods"]) == (204, "GET, PUT")
    assert (asked[2]["access-control-max-age"], asked[2]["access-control-allow-headers"]) == ("60", "X-Trace")
    given = app.ask("/shared/x", **friend)
    assert (given[0], given[2]["access-control-allow-origin"]) == (200, friend["Origin"])
    assert given[2]["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in app.ask("/shared/x", Origin="https://friend.example.evil")[2]


@pytest.mark.usefixtures("program")
def test_in_maintenance_a_page_stands_in_the_place_of_the_app_which_runs_on(api: Api) -> None:
    app = App(api, spec(service("site"), maintenance={"enabled": True}))
    app.deployed()
    status, body, headers = app.ask("/api/x")
    assert (status, headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "offline" in str(body)
    assert [run["state"] for run in api.admin.status()["runs"] if run["key"][:11] == "deployment/"] == ["up"]
    api.ok("PUT", f"/apps/{app.id}", {"spec": spec(service("site"))})
    app.deployed()
    assert app.ask("/api/x")[0] == 200
