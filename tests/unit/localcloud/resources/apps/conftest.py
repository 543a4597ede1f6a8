# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real application in this process, in strict contract mode, without sockets; App Platform in short words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from localcloud.instance.foreground import find_spec
from localcloud.instance.server import Server
from localcloud.ports.auth import add_token, default_token
from localcloud.ports.shared import Options
from localcloud.world import hooks

DIGEST = "sha256:" + "ab" * 32
IMAGE = {"registry_type": "GHCR", "registry": "fisioflow", "repository": "web", "digest": DIGEST}


@dataclass
class Answer:
    status: int
    body: Any


class Cloud:
    """Calls of the API below ``/v2``, the clock, and short ways to what most tests need."""

    def __init__(self, server: Server) -> None:
        self.shared = server.shared
        self.world = self.shared.world
        self._api = server.ports["api"]

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
        raw = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {token or default_token()}", "content-type": "application/json"}
        status, text = self._send(method, f"/v2{path}", headers, raw)
        return Answer(status, json.loads(text) if text else None)

    def fetch(self, url: str) -> tuple[int, str]:
        """What anybody gets from an address, without a token of the API: ``(status, text)``."""
        status, text = self._send("GET", url.removeprefix("https://127.0.0.1"), {}, b"")
        return status, text.decode()

    def _send(self, method: str, path: str, headers: dict[str, str], raw: bytes) -> tuple[int, bytes]:
        bare, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "scheme": "https",
            "path": bare,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "state": {},
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self._api(scope, receive, send))
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        """The body of an answer, which for apps is always a 200."""
        answer = self.call(method, path, body)
        assert answer.status == 200, answer
        return answer.body

    def refused(self, method: str, path: str, body: Any = None, status: int = 400) -> str:
        """The message of a refusal by a handler (not by the contract check)."""
        answer = self.call(method, path, body)
        assert answer.status == status, answer
        assert answer.body["id"] != "contract_violation", answer
        return str(answer.body["message"])

    def scoped(self, *scopes: str) -> str:
        text = "dop_v1_" + "-".join(scopes)
        add_token(self.world, text, "scoped", scopes)
        return text

    # -- apps ------------------------------------------------------------------------------------------------------

    def create(self, spec: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self.ok("POST", "/apps", {"spec": spec, **more})["app"]

    def deployed(self, spec: dict[str, Any]) -> dict[str, Any]:
        """A new app as it is after its first deployment (at speed ``instant``)."""
        return self.app(self.create(spec)["id"])

    def app(self, id: str) -> dict[str, Any]:
        return self.ok("GET", f"/apps/{id}")["app"]

    def update(self, id: str, spec: dict[str, Any]) -> dict[str, Any]:
        return self.ok("PUT", f"/apps/{id}", {"spec": spec})["app"]

    def deployments(self, id: str, query: str = "") -> list[dict[str, Any]]:
        return self.ok("GET", f"/apps/{id}/deployments{query}")["deployments"]

    def latest(self, id: str) -> dict[str, Any]:
        return self.deployments(id)[0]

    def slow(self) -> None:
        """From now on things take their real time, which only ``advance`` lets pass (but for a blink)."""
        self.world.clock.set_speed("real")

    def advance(self, seconds: float) -> None:
        self.world.advance(seconds)

    def step(self) -> None:
        """Let the next thing happen that is waited for, and no more: exact, however busy the machine is."""
        due = min(entry["due"] for entry in self.world.timers)
        self.advance(max(0.0, due - self.world.now().timestamp()))

    def vpc(self, region: str, name: str = "net") -> str:
        made = self.call("POST", "/vpcs", {"name": name, "region": region})
        assert made.status == 201, made
        return str(made.body["vpc"]["id"])

    def seed(self, **counts: int) -> None:
        for name, count in counts.items():
            hooks.SEEDERS[name](self.world, count)

    @staticmethod
    def service(**more: Any) -> dict[str, Any]:
        return {"name": "web", "image": dict(IMAGE), "instance_size_slug": "apps-s-1vcpu-1gb", **more}

    @classmethod
    def spec(cls, **more: Any) -> dict[str, Any]:
        """The smallest spec that is of use: one service that runs an image, in Frankfurt."""
        return {"name": "fisio", "region": "fra", "services": [cls.service()], **more}

    @classmethod
    def with_service(cls, **more: Any) -> dict[str, Any]:
        return cls.spec(services=[cls.service(**more)])


@pytest.fixture(scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    return Server(tmp_path_factory.mktemp("home"), Options(spec=find_spec(None), rate_limit=False, records_only=True))


@pytest.fixture
def cloud(_server: Server) -> Iterator[Cloud]:
    """An empty account; at the end nothing may have violated the API description."""
    _server.shared.contract.violations.clear()
    _server.shared.world.clock.set_speed("instant")
    _server.shared.reset()
    yield Cloud(_server)
    assert not list(_server.shared.contract.violations)
