# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""200 requests a second through edge, app and all stores, while it is deployed, rolled back and scaled.

How many there were is told, not held: a machine that has more to do sends less, and none may fail all the same.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.integration.procedures.conftest import running
from tests.integration.procedures.environment import Environment
from tests.integration.procedures.visitors import DOMAIN

__all__ = ["running"]
EACH_SECOND = 200.0
SECONDS = 60.0
VISITORS = 50
# Of so many requests of a visitor one is an upload, and one comes by a connection of its own.
UPLOADS_EACH, ANEW_EACH = 20, 10
PATIENCE = 30.0
FILE = b"x" * 2048


class _GoneError(Exception):
    """A connection that was kept was ended before there was a word of an answer."""


@dataclass
class Browser:
    """One who keeps his connection, and asks again by another when that was ended meanwhile, as browsers do."""

    at: tuple[str, int]
    host: str
    tls: ssl.SSLContext
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, str]:
        """Status, body and cookie."""
        if self._streams is not None:
            with suppress(_GoneError):
                return await self._ask(method, path, body, headers)
            self.leave()
        self._streams = await asyncio.open_connection(
            *self.at, ssl=self.tls, server_hostname=self.host.partition(":")[0]
        )
        return await self._ask(method, path, body, headers)

    def leave(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        assert self._streams is not None
        reader, writer = self._streams
        told = {"Host": self.host, "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {told[name]}" for name in told)]
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            first = await reader.readline()
        except ConnectionError:
            first = b""
        if not first:
            raise _GoneError
        found: dict[str, str] = {}
        while line := (await reader.readline()).decode().strip():
            name, _colon, value = line.partition(":")
            found[name.lower()] = value.strip()
        if "chunked" in found.get("transfer-encoding", ""):
            answer = b""
            while size := int(await reader.readline(), 16):
                answer += (await reader.readexactly(size + 2))[:-2]
            await reader.readline()
        else:
            answer = await reader.readexactly(int(found.get("content-length", 0)))
        if found.get("connection") == "close":
            self.leave()
        return int(first.split()[1]), answer, found.get("set-cookie", "").partition(";")[0]


@dataclass
class Traffic:
    """``answers``: what was asked and what came of it → how often."""

    edge: tuple[str, int]
    tls: ssl.SSLContext
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    begun: float = 0.0

    def run(self, over: threading.Event) -> None:
        asyncio.run(self._run(over))

    async def _run(self, over: threading.Event) -> None:
        status, _body, self._cookie = await Browser(self.edge, DOMAIN, self.tls).ask(
            "POST", "/api/login", b'{"name": "load"}', Content_Type="application/json"
        )
        assert status == 200, status
        self.begun = time.monotonic()
        await asyncio.gather(*(self._visit(number, over) for number in range(VISITORS)))

    async def _visit(self, number: int, over: threading.Event) -> None:
        browser, pause = Browser(self.edge, DOMAIN, self.tls), VISITORS / EACH_SECOND
        due, turn = self.begun + pause * number / VISITORS, number
        while not over.is_set():
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due, turn = due + pause, turn + 1
            if turn % ANEW_EACH == 0:
                browser.leave()
            what = "upload" if turn % UPLOADS_EACH == 0 else "patients"
            since = time.monotonic()
            try:
                async with asyncio.timeout(PATIENCE):
                    came = await (self._upload if what == "upload" else self._patients)(browser)
            except (OSError, _GoneError, EOFError, ValueError, TimeoutError) as error:
                came = repr(error)
                browser.leave()
            self.seconds.append(time.monotonic() - since)
            self.answers[what, came] += 1
        browser.leave()

    async def _patients(self, browser: Browser) -> str:
        """By a session, which is Valkey's, from PostgreSQL."""
        status, body, _cookie = await browser.ask("GET", "/api/patients", Cookie=self._cookie)
        return str(status if status != 200 or json.loads(body)["patients"] else "nobody")

    async def _upload(self, browser: Browser) -> str:
        """An address from the app, and the file to the Space, as a browser sends it."""
        asked = b'{"type": "text/plain"}'
        given = {"Cookie": self._cookie, "Content_Type": "application/json"}
        status, body, _cookie = await browser.ask("POST", "/api/uploads", asked, **given)
        if status != 201:
            return str(status)
        url = urlsplit(json.loads(body)["url"])
        space = Browser((url.hostname or "", url.port or 443), url.netloc, self.tls)
        status, _body, _cookie = await space.ask("PUT", f"{url.path}?{url.query}", FILE, Content_Type="text/plain")
        space.leave()
        return f"201, {status}"


@contextmanager
def traffic(running: Environment) -> Iterator[Traffic]:
    balancers = running.api.ok("GET", "/load_balancers")["load_balancers"]
    tls = ssl.create_default_context(cafile=running.cloud.ca)
    found, over = Traffic((balancers[0]["ip"], 443), tls), threading.Event()
    asking = threading.Thread(target=found.run, args=[over])
    asking.start()
    try:
        yield found
    finally:
        over.set()
        asking.join()


def test_nobody_notices_a_deployment_a_rollback_and_a_scaling(
    running: Environment, figures: Callable[[str], None]
) -> None:
    instances = running.app()["spec"]["services"][0]["instance_count"]
    # All come from one address, whose share of requests would soon be spent.
    unlimited = {"RATE_LIMIT_ENABLED": "false"}
    running.green("deploy", environment_variables=unlimited, deployment_gate_seconds=0)
    running.ask("INSERT INTO patients (name) VALUES ('nobody')")
    with traffic(running) as found:
        began = time.monotonic()
        running.green("deploy", environment_variables={**unlimited, "APP_VERSION": "2"}, deployment_gate_seconds=0)
        running.green("rollback", deployment_gate_seconds=0)
        running.green("scale", scale_app_instance_count=instances + 1)
        time.sleep(max(0.0, SECONDS - (time.monotonic() - began)))
        took = time.monotonic() - began
    assert set(found.answers) == {("patients", "200"), ("upload", "201, 200")}, found.answers
    count = found.answers.total()
    slowest = sorted(found.seconds)
    figures(
        f"{count} requests in {took:.0f} s ({count / took:.0f}/s), {found.answers['upload', '201, 200']} uploads, none "
        f"failed; p95 {slowest[count * 95 // 100] * 1000:.0f} ms, slowest {slowest[-1] * 1000:.0f} ms"
    )
