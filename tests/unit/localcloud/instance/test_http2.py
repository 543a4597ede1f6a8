# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API over HTTP/2, asked by httpcore, of a real instance."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpcore
import pytest

from localcloud.ports.api import Api
from tests.localcloud_fixtures import LocalCloud, start_localcloud

# More than a server lets a client have at once.
MANY = 150


class Client:
    """Of one connection, so that requests at once are streams of it."""

    def __init__(self, cloud: LocalCloud, pool: httpcore.AsyncConnectionPool) -> None:
        self._cloud = cloud
        self._pool = pool

    async def __call__(self, method: str, path: str, content: bytes | None = None, **headers: str) -> Any:
        said = {"authorization": f"Bearer {self._cloud.token}", "content-type": "application/json", **headers}
        extensions = {"timeout": {"connect": 30, "read": 30, "write": 30, "pool": 30}}
        return await self._pool.request(
            method, f"{self._cloud.url}{path}", headers=said, content=content, extensions=extensions
        )


def over_http2(cloud: LocalCloud, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def all_of_it() -> Any:
        trust = ssl.create_default_context(cafile=cloud.ca)
        async with httpcore.AsyncConnectionPool(trust, max_connections=1, http1=False, http2=True) as pool:
            return await work(Client(cloud, pool))

    return asyncio.run(all_of_it())


@contextmanager
def fault(cloud: LocalCloud, **rule: Any) -> Iterator[None]:
    cloud.admin.fault(**rule)
    try:
        yield
    finally:
        cloud.admin.clear_faults()


def body(answer: Any) -> Any:
    return json.loads(answer.content)


def test_an_answer_is_that_of_http_1(cloud: LocalCloud) -> None:
    async def work(ask: Client) -> Any:
        return [await ask(method, path) for method, path in (("GET", "/v2/vpcs"), ("HEAD", "/v2/vpcs"))]

    got, head = over_http2(cloud, work)
    assert (got.status, got.extensions["http_version"], body(got)["vpcs"]) == (200, b"HTTP/2", [])
    names = [name for name, _value in got.headers]
    assert names == [name.lower() for name in names]
    assert not {b"connection", b"transfer-encoding", b"keep-alive"} & set(names)
    assert dict(got.headers)[b"content-length"] == str(len(got.content)).encode()
    assert (head.status, head.content) == (200, b"")
    assert dict(head.headers)[b"content-length"] == str(len(got.content)).encode()


def test_what_is_made_is_deleted_without_a_word(cloud: LocalCloud) -> None:
    async def work(ask: Client) -> Any:
        wanted = json.dumps({"name": "edge", "region": "fra1"}).encode()
        made = body(await ask("POST", "/v2/vpcs", wanted))["vpc"]
        other = body(await ask("POST", "/v2/vpcs", wanted.replace(b"edge", b"other")))["vpc"]
        return made, await ask("DELETE", f"/v2/vpcs/{other['id']}")

    made, gone = over_http2(cloud, work)
    assert made["name"] == "edge"
    assert (gone.status, gone.content) == (204, b"")
    assert b"content-length" not in dict(gone.headers)


def test_many_are_answered_at_once_over_one_connection(cloud: LocalCloud) -> None:
    async def work(ask: Client) -> Any:
        return await asyncio.gather(*(ask("GET", f"/v2/vpcs?page={number + 1}") for number in range(MANY)))

    since, before = cloud.admin.seq(), cloud.admin.status()["connections"]["api"].get("h2", 0)
    assert {answer.status for answer in over_http2(cloud, work)} == {200}
    assert cloud.admin.status()["connections"]["api"]["h2"] == before + 1
    assert len({entry["connection"] for entry in cloud.admin.journal(since)}) == 1


def test_a_body_that_is_too_large_is_refused_before_it_has_come(cloud: LocalCloud) -> None:
    async def work(ask: Client) -> Any:
        refused = await ask("POST", "/v2/vpcs", b" " * (Api.max_body + 1_000_000))
        return refused, await ask("GET", "/v2/vpcs")

    refused, after = over_http2(cloud, work)
    assert (refused.status, after.status) == (413, 200)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_drop_is_of_the_stream(cloud: LocalCloud, when: str) -> None:
    async def work(ask: Client) -> Any:
        await ask("GET", "/v2/vpcs")
        hanging = asyncio.ensure_future(ask("GET", "/v2/regions"))
        wanted = json.dumps({"name": "edge", "region": "fra1"}).encode()
        with pytest.raises(httpcore.RemoteProtocolError, match="StreamReset"):
            await ask("POST", "/v2/vpcs", wanted)
        return (await hanging).status, body(await ask("GET", "/v2/vpcs"))["vpcs"]

    since = cloud.admin.seq()
    with (
        fault(cloud, kind="drop", method="POST", when=when, count=1),
        fault(cloud, kind="latency", path="/v2/regions", seconds=0.3),
    ):
        status, vpcs = over_http2(cloud, work)
    assert (status, len(vpcs)) == (200, 0 if when == "before" else 1)
    entries = cloud.admin.journal(since)
    assert len({entry["connection"] for entry in entries}) == 1
    assert [entry["status"] for entry in entries if entry["fault"] == "drop"] == [0]


def test_a_cut_takes_all_along(cloud: LocalCloud) -> None:
    async def work(ask: Client) -> Any:
        await ask("GET", "/v2/vpcs")
        asked = (ask("GET", "/v2/regions"), ask("GET", "/v2/account"))
        return [type(one) for one in await asyncio.gather(*asked, return_exceptions=True)]

    with (
        fault(cloud, kind="hang", path="/v2/regions", count=1),
        fault(cloud, kind="latency", path="/v2/account", seconds=0.3),
        fault(cloud, kind="cut", path="/v2/account", count=1),
    ):
        met = over_http2(cloud, work)
    assert all(issubclass(one, httpcore.NetworkError | httpcore.RemoteProtocolError) for one in met), met


@pytest.mark.parametrize("rule", [{"kind": "drip", "seconds": 0.002}, {"kind": "hang", "seconds": 0.5}])
def test_who_is_slow_keeps_nobody_waiting(cloud: LocalCloud, rule: Any) -> None:
    order: list[str] = []

    async def work(ask: Client) -> None:
        async def one(path: str) -> None:
            assert (await ask("GET", path)).status == 200
            order.append(path)

        await ask("GET", "/v2/vpcs")
        await asyncio.gather(one("/v2/account"), one("/v2/vpcs"))

    with fault(cloud, path="/v2/account", count=1, **rule):
        over_http2(cloud, work)
    assert order == ["/v2/vpcs", "/v2/account"]


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    with start_localcloud(tmp_path / "home", "--no-http2") as old:
        assert _agreed(old, old.url) == "http/1.1"
        assert old.admin.status()["http2"] is False
        assert old.admin.status()["connections"]["api"].keys() == {"http/1.1"}


def test_what_a_port_speaks(localcloud: LocalCloud) -> None:
    assert _agreed(localcloud, localcloud.url) == "h2"
    assert _agreed(localcloud, localcloud.spaces_url) == "http/1.1"


def _agreed(cloud: LocalCloud, url: str) -> str | None:
    async def ask() -> str | None:
        trust = ssl.create_default_context(cafile=cloud.ca)
        trust.set_alpn_protocols(["h2", "http/1.1"])
        _reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]), ssl=trust)
        agreed: str | None = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        writer.close()
        return agreed

    return asyncio.run(ask())
