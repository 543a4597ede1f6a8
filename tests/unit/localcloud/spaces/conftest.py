# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole localcloud on two ports of its own, and boto3 clients for it."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import trustme
import uvicorn
from botocore.config import Config

from localcloud.auth import default_token
from localcloud.server import Options, Server
from localcloud.spaces.keys import standing_key


class Cloud:
    """The running instance: ``api(method, path, body)`` and ``s3(…)``."""

    def __init__(self, home: Path) -> None:
        self.server = Server(home, Options(rate_limit=False))
        authority = trustme.CA()
        self.ca = str(home / "ca.pem")
        authority.cert_pem.write_to_path(self.ca)
        self._certificate = authority.issue_cert("127.0.0.1", "localhost", "*.localhost", "*.digitaloceanspaces.com")
        self._context = ssl.create_default_context(cafile=self.ca)
        self._runners: list[uvicorn.Server] = []
        self._sockets: list[socket.socket] = []
        self.api_url = self._listen(self.server.api)
        self.spaces_url = self._listen(self.server.spaces)
        self._thread = threading.Thread(target=self._serve)

    def _listen(self, app: Any) -> str:
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, interface="asgi3", lifespan="off", log_level="warning", proxy_headers=False)
        config.load()
        config.ssl = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(config.ssl)
        self._runners.append(uvicorn.Server(config))
        self._sockets.append(sock)
        return f"https://127.0.0.1:{sock.getsockname()[1]}"

    def _serve(self) -> None:
        async def both() -> None:
            await asyncio.gather(*(r.serve([s]) for r, s in zip(self._runners, self._sockets, strict=True)))

        asyncio.run(both())

    def start(self) -> None:
        self._thread.start()
        deadline = time.monotonic() + 10
        while not all(runner.started for runner in self._runners):
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)

    def stop(self) -> None:
        for runner in self._runners:
            runner.should_exit = True
        self._thread.join(10)
        self.server.close()

    def api(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """``(status, JSON)`` of a call with the default token."""
        headers = {"Authorization": f"Bearer {default_token()}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        status, _headers, raw = self.raw(method, self.api_url + path, data, headers)
        return status, json.loads(raw) if raw else None

    def raw(
        self, method: str, url: str, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, bytes]:
        request = urllib.request.Request(url, data, headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, context=self._context, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def s3(
        self,
        key: tuple[str, str] | None = None,
        region: str = "fra1",
        style: str = "path",
        endpoint: str | None = None,
        **config: Any,
    ) -> Any:
        """A boto3 client with the standing key or another."""
        access, secret = key or standing_key()
        session = boto3.session.Session(access, secret, region_name=region)
        options = Config(s3={"addressing_style": style}, retries={"total_max_attempts": 1}, **config)
        return session.client("s3", endpoint_url=endpoint or self.spaces_url, verify=self.ca, config=options)

    def key(self, *grants: tuple[str, str], name: str = "test") -> tuple[str, str]:
        """A new key with those ``(bucket, permission)``."""
        body = {"name": name, "grants": [{"bucket": bucket, "permission": permission} for bucket, permission in grants]}
        status, answer = self.api("POST", "/v2/spaces/keys", body)
        assert status == 201, answer
        return answer["key"]["access_key"], answer["key"]["secret_key"]

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        return self.server.journal.since(since)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path_factory.mktemp("home"))
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture
def cloud(running: Cloud) -> Cloud:
    """The instance with an empty account."""
    running.server.reset()
    return running


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    """A client with full access in fra1."""
    return cloud.s3()


@pytest.fixture
def code() -> Callable[..., str]:
    """``code(function, **arguments)``: the S3 error code that a call ends in."""
    from botocore.exceptions import ClientError

    def of(function: Callable[..., Any], **arguments: Any) -> str:
        with pytest.raises(ClientError) as caught:
            function(**arguments)
        return str(caught.value.response["Error"]["Code"])

    return of
