# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Live logs as the vendor's command line reads them: through a websocket to ``live_url``."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

IMAGE = {"registry_type": "DOCKER_HUB", "registry": "library", "repository": "nginx", "tag": "1"}
SPEC = {"name": "fisio", "region": "fra", "services": [{"name": "web", "image": IMAGE}]}
KEY = base64.b64encode(b"sixteen bytes..!").decode()


class Socket:
    """The client's half of a websocket that only listens."""

    def __init__(self, url: str, ca: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        raw = socket.create_connection((parts.hostname, parts.port or 443), timeout=60)
        self._socket = ssl.create_default_context(cafile=ca).wrap_socket(raw, server_hostname=parts.hostname)
        head = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
        more = f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
        self._socket.sendall((head + more).encode())
        self._file = self._socket.makefile("rb")
        self.head = b"".join(iter(self._file.readline, b"\r\n")).decode()

    def messages(self) -> Iterator[str]:
        """The data of each message, until the server ends the conversation as it should."""
        while True:
            kind, length = self._file.read(2)
            if length == 126:
                length = int.from_bytes(self._file.read(2))
            payload = self._file.read(length)
            if kind == 0x88:
                assert payload == (1000).to_bytes(2)
                return
            assert kind == 0x81
            yield json.loads(payload)["data"]

    def close(self) -> None:
        self._socket.close()


def _live_url(api: Any, query: str) -> str:
    app = api.ok("GET", "/apps")["apps"][0]
    deployment = (app.get("active_deployment") or app.get("in_progress_deployment") or app["pending_deployment"])["id"]
    return str(api.ok("GET", f"/apps/{app['id']}/deployments/{deployment}/logs?{query}")["live_url"])


@pytest.mark.parametrize("kind", ["BUILD", "DEPLOY", "RUN"])
def test_what_was_logged_is_pushed_and_the_conversation_ended(api: Any, kind: str) -> None:
    api.ok("POST", "/apps", {"spec": SPEC})
    api.ok("GET", "/apps")
    url = _live_url(api, f"type={kind}&follow=false&tail_lines=-1")
    client = Socket(url, api.cloud.ca)
    accept = base64.b64encode(hashlib.sha1(f"{KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()
    assert client.head.startswith("HTTP/1.1 101 Switching Protocols\r\n")
    assert f"Sec-WebSocket-Accept: {accept}" in client.head
    assert "".join(client.messages()) == api.session.get(url, timeout=60).text
    client.close()


def test_a_deployment_is_followed_to_its_end(api: Any) -> None:
    api.admin.settings(speed="real")
    api.ok("POST", "/apps", {"spec": SPEC})
    client = Socket(_live_url(api, "type=DEPLOY&follow=true"), api.cloud.ca)
    lines = client.messages()
    assert ": ACTIVE" not in next(lines)  # that takes a minute
    api.admin.advance(300)
    assert list(lines)[-1].endswith(": ACTIVE\n")
    client.close()
    entry = next(entry for entry in reversed(api.admin.journal()) if entry["path"].startswith("/logs/"))
    assert (entry["status"], "hidden" in entry["query"]) == (101, True)


def test_a_client_that_goes_is_not_pushed_to_any_more(api: Any) -> None:
    api.ok("POST", "/apps", {"spec": SPEC})
    api.ok("GET", "/apps")
    client = Socket(_live_url(api, "type=RUN&follow=true"), api.cloud.ca)
    next(client.messages())
    assert api.admin.status()["under_way"]
    client.close()
    client._file.close()
    deadline = time.monotonic() + 60
    while api.admin.status()["under_way"]:
        assert time.monotonic() < deadline


def test_a_socket_without_the_token_is_refused(api: Any) -> None:
    api.ok("POST", "/apps", {"spec": SPEC})
    api.ok("GET", "/apps")
    client = Socket(_live_url(api, "type=RUN").partition("?")[0], api.cloud.ca)
    assert client.head.startswith("HTTP/1.1 403 ")
    client.close()
