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
from urllib.parse import urlsplit

import boto3
import pytest
import trustme
import uvicorn
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from localcloud.instance.serve import listen
from localcloud.instance.server import Server
from localcloud.ports.auth import default_token
from localcloud.ports.shared import Options
from localcloud.resources.spaces.keys import standing_key
from localcloud.world.hooks import SEEDERS


class Cloud:
    """The running instance: ``api(method, path, body)`` and ``s3(…)``."""

    def __init__(self, home: Path) -> None:
        server = Server(home, Options(rate_limit=False, records_only=True))
        self.shared = server.shared
        authority = trustme.CA()
        self.ca = str(home / "ca.pem")
        authority.cert_pem.write_to_path(self.ca)
        names = ["*.digitaloceanspaces.com", "*.fra1.digitaloceanspaces.com", "*.fra1.cdn.digitaloceanspaces.com"]
        self._certificate = authority.issue_cert("127.0.0.1", *names)
        self._context = ssl.create_default_context(cafile=self.ca)
        self._runners: list[uvicorn.Server] = []
        self._sockets: list[socket.socket] = []
        # Making one costs as much as ten requests.
        self._clients: dict[str, Any] = {}
        self.api_url = self._listen(server.ports["api"])
        self.spaces_url = self._listen(server.ports["spaces"])
        self._thread = threading.Thread(target=self._serve)

    def _listen(self, app: Any) -> str:
        sock = listen(0)
        config = uvicorn.Config(
            app,
            interface="asgi3",
            lifespan="off",
            log_level="critical",
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        config.load()
        config.ssl = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(config.ssl)
        self._runners.append(uvicorn.Server(config))
        self._sockets.append(sock)
        return f"https://127.0.0.1:{sock.getsockname()[1]}"

    def _serve(self) -> None:
        async def both() -> None:
            self._loop = asyncio.get_running_loop()
            await asyncio.gather(*(r.serve([s]) for r, s in zip(self._runners, self._sockets, strict=True)))

        asyncio.run(both())

    def start(self) -> None:
        self._thread.start()
        deadline = time.monotonic() + 60
        while not all(runner.started for runner in self._runners):
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)

    def stop(self) -> None:
        for runner in self._runners:
            runner.should_exit = True
        self._thread.join(60)
        self.shared.close()

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
            with urllib.request.urlopen(request, context=self._context, timeout=60) as answer:
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
        wanted = repr((key, region, style, endpoint, config))
        if wanted not in self._clients:
            access, secret = key or standing_key()
            session = boto3.session.Session(access, secret, region_name=region)
            options = Config(s3={"addressing_style": style}, retries={"total_max_attempts": 1}, **config)
            url = endpoint or self.spaces_url
            self._clients[wanted] = session.client("s3", endpoint_url=url, verify=self.ca, config=options)
        return self._clients[wanted]

    def key(self, *grants: tuple[str, str], name: str = "test") -> tuple[str, str]:
        """A new key with those ``(bucket, permission)``."""
        body = {"name": name, "grants": [{"bucket": bucket, "permission": permission} for bucket, permission in grants]}
        status, answer = self.api("POST", "/v2/spaces/keys", body)
        assert status == 201, answer
        return answer["key"]["access_key"], answer["key"]["secret_key"]

    def put(self, path: str, body: bytes = b"") -> tuple[int, str]:
        """``(status, error code)`` of a signed PUT that boto3 itself would refuse to send."""
        url = self.spaces_url + path
        request = AWSRequest("PUT", url, data=body, headers={"host": urlsplit(url).netloc})
        S3SigV4Auth(Credentials(*standing_key()), "s3", "fra1").add_auth(request)
        status, _headers, answer = self.raw("PUT", url, body, dict(request.headers.items()))
        return status, answer.decode().partition("<Code>")[2].partition("</Code>")[0]

    def seed(self, what: str, count: int) -> None:
        """Somebody else's things."""
        SEEDERS[what](self.shared.world, count)

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """What was noted; an answer may be here before its note is, so the server's loop is let round once."""

        async def read() -> list[dict[str, Any]]:
            return self.shared.journal.since(since)

        return asyncio.run_coroutine_threadsafe(read(), self._loop).result(10)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path_factory.mktemp("home"))
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture
def cloud(running: Cloud) -> Cloud:
    """The instance with an empty account."""
    running.shared.reset()
    return running


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    """A client with full access in fra1."""
    return cloud.s3()


@pytest.fixture
def public_names(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Let ``*.digitaloceanspaces.com`` resolve to loopback; gives the URL of such a host."""
    real = socket.getaddrinfo

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        return real("127.0.0.1" if name.endswith("digitaloceanspaces.com") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    port = cloud.spaces_url.rpartition(":")[2]
    return lambda host: f"https://{host}.digitaloceanspaces.com:{port}"


@pytest.fixture
def code() -> Callable[..., str]:
    """``code(function, **arguments)``: the S3 error code that a call ends in."""
    from botocore.exceptions import ClientError

    def of(function: Callable[..., Any], **arguments: Any) -> str:
        with pytest.raises(ClientError) as caught:
            function(**arguments)
        return str(caught.value.response["Error"]["Code"])

    return of
