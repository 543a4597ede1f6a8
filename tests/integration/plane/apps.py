# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apps of the API that run, for tests that open them."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.integration.plane.conftest import until
from tests.localcloud_api import Api

JSON = dict[str, Any]
TOKEN = "open sesame"
IMAGE = {"registry_type": "GHCR", "registry": "fisioflow", "repository": "fisioflow", "tag": "1"}


def variables(**given: str) -> list[JSON]:
    return [{"key": key, "value": value} for key, value in given.items()]


def web(count: int = 1, **given: str) -> JSON:
    """The service of FisioFlow; variables by their names."""
    return {
        "name": "web",
        "image": IMAGE,
        "http_port": 3000,
        "instance_count": count,
        "instance_size_slug": "apps-s-1vcpu-1gb",
        "run_command": "node server.js",
        "health_check": {"http_path": "/api/ping"},
        "liveness_health_check": {"http_path": "/api/ping"},
        "envs": [
            {"key": "STATUS_CHECK_TOKEN", "value": TOKEN, "type": "SECRET"},
            *variables(RATE_LIMIT_ENABLED="false", NEXTAUTH_URL="${APP_URL}", **given),
        ],
    }


def spec(*services: JSON, **more: Any) -> JSON:
    return {"name": "clinic", "region": "fra", "services": list(services or (web(),)), **more}


class App:
    def __init__(self, api: Api, wanted: JSON) -> None:
        self.api = api
        self.id = api.ok("POST", "/apps", {"spec": wanted})["app"]["id"]

    def read(self) -> JSON:
        found: JSON = self.api.ok("GET", f"/apps/{self.id}")["app"]
        return found

    def update(self, wanted: JSON) -> None:
        self.api.ok("PUT", f"/apps/{self.id}", {"spec": wanted})

    def last(self) -> JSON:
        found: JSON = self.api.ok("GET", f"/apps/{self.id}/deployments")["deployments"][0]
        return found

    def ended(self) -> JSON:
        """The last deployment, once it has come to an end."""
        ends = ("ACTIVE", "ERROR", "CANCELED")
        found: JSON = until(lambda: (row := self.last())["phase"] in ends and row, "the deployment has ended")
        return found

    def deployed(self) -> JSON:
        found = self.ended()
        assert found["phase"] == "ACTIVE", self.log(found)
        return found

    def log(self, deployment: JSON) -> str:
        found = self.api.ok("GET", f"/apps/{self.id}/deployments/{deployment['id']}/logs")
        address = urlsplit(found["historic_urls"][0])
        return str(self.api.call("GET", f"{address.path}?{address.query}", prefix="").body)

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, Any, JSON]:
        """Status, body (read, when it is JSON) and headers, by a connection of its own."""
        where = urlsplit(self.read()["live_url"])
        tls = ssl.create_default_context(cafile=self.api.cloud.ca)
        connection = http.client.HTTPSConnection(where.hostname or "", where.port, timeout=30, context=tls)
        with closing(connection):
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, None if body is None else json.dumps(body), given)
            answer = connection.getresponse()
            text, found = answer.read().decode(), dict(answer.getheaders())
        read = json.loads(text) if "json" in found.get("content-type", found.get("Content-Type", "")) else text
        return answer.status, read, {name.lower(): value for name, value in found.items()}

    def host(self) -> str:
        return urlsplit(self.read()["live_url"]).netloc

    def answers(self) -> bool:
        try:
            return self.ask("/api/ping")[0] == 200
        except OSError:
            return False

    def version(self) -> str:
        return str(self.ask("/api/health")[1]["version"])

    @contextmanager
    def asked_all_the_time(self) -> Iterator[list[int | str]]:
        """The statuses of what several visitors get meanwhile, or why there is none."""
        where = urlsplit(self.read()["live_url"])
        tls = ssl.create_default_context(cafile=self.api.cloud.ca)
        statuses: list[int | str] = []
        over = threading.Event()

        def visit() -> None:
            while not over.is_set():
                try:
                    connection = http.client.HTTPSConnection(where.hostname or "", where.port, timeout=30, context=tls)
                    with closing(connection):
                        connection.request("GET", "/login")
                        statuses.append(connection.getresponse().status)
                except OSError as error:
                    statuses.append(repr(error))

        visitors = [threading.Thread(target=visit) for _ in range(3)]
        for visitor in visitors:
            visitor.start()
        try:
            yield statuses
        finally:
            over.set()
            for visitor in visitors:
                visitor.join()
