# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real application in this process, in strict contract mode, without sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from localcloud.instance.foreground import find_spec
from localcloud.instance.server import Server
from localcloud.ports.auth import add_token, default_token
from localcloud.ports.shared import Options

# A day on which a Standard cluster still got standbys and read-only nodes.
BEFORE = datetime(2026, 11, 1, 3, tzinfo=UTC)
MINIMAL = {"engine": "pg", "size": "db-s-1vcpu-1gb", "region": "fra1", "num_nodes": 1}


@dataclass
class Answer:
    status: int
    body: Any

    @property
    def message(self) -> str:
        return self.body["message"]


class Cloud:
    """Calls of the API below ``/v2``, the clock, and short ways to what most tests need."""

    def __init__(self, server: Server) -> None:
        self.shared = server.shared
        self.world = self.shared.world
        self._api = server.ports["api"]
        self.token = default_token()

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
        bare, _, query = f"/v2{path}".partition("?")
        headers = [(b"authorization", f"Bearer {token or self.token}".encode()), (b"content-type", b"application/json")]
        scope = {
            "type": "http",
            "method": method,
            "scheme": "https",
            "path": bare,
            "query_string": query.encode(),
            "headers": headers,
            "state": {},
        }
        sent: list[Any] = []
        raw = b"" if body is None else json.dumps(body).encode()

        async def receive() -> Any:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self._api(scope, receive, send))
        text = b"".join(message.get("body", b"") for message in sent)
        return Answer(sent[0]["status"], json.loads(text) if text else None)

    def ok(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        answer = self.call(method, path, body)
        assert answer.status < 400, answer
        assert status is None or answer.status == status, answer
        return answer.body

    def refused(self, method: str, path: str, body: Any = None, status: int = 422) -> str:
        """The message of a refusal by a handler (not by the contract check)."""
        answer = self.call(method, path, body)
        assert answer.status == status, answer
        assert answer.body["id"] != "contract_violation", answer
        return answer.message

    def database(self, name: str = "main", **options: Any) -> str:
        """The id of a new cluster, online with its first backup (at speed ``instant``)."""
        made = self.ok("POST", "/databases", self.wish(name, **options), 201)["database"]
        self.world.run_timers()
        return f"/databases/{made['id']}"

    @staticmethod
    def wish(name: str = "main", **options: Any) -> dict[str, Any]:
        """The body of a creation."""
        return {**MINIMAL, "name": name, **options}

    def at(self, moment: datetime) -> None:
        """Set the clock, be it back."""
        self.world.clock.advance((moment - self.world.now()).total_seconds())

    def scoped(self, *scopes: str) -> str:
        text = "dop_v1_" + "-".join(scopes)
        add_token(self.world, text, "scoped", scopes)
        return text


@pytest.fixture(scope="session")
def spec() -> Path | None:
    """The API description, None when there is none at hand."""
    return find_spec(None)


@pytest.fixture(scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory, spec: Path | None) -> Server:
    return Server(tmp_path_factory.mktemp("home"), Options(spec=spec, rate_limit=False, records_only=True))


@pytest.fixture
def cloud(_server: Server) -> Iterator[Cloud]:
    """An empty account; at the end nothing may have violated the API description."""
    _server.shared.contract.violations.clear()
    _server.shared.world.clock.set_speed("instant")
    _server.shared.reset()
    made = Cloud(_server)
    made.at(BEFORE)
    yield made
    assert not list(_server.shared.contract.violations)
