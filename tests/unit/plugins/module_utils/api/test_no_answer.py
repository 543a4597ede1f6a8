# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that bring no answer, through the real libraries: all ways to an API judge them alike."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import errors
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Broker, no_broker
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import RestTransport
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running import broker as running
from tests.localcloud_fixtures import LocalCloud
from tests.unit.plugins.module_utils.scripted import StoppedClock

Handler = Callable[[socket.socket], None]


@contextmanager
def listening(handler: Handler) -> Iterator[str]:
    """Its address; each connection is handled and closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _peer = server.accept()
                except OSError:
                    return
                with connection:
                    handler(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def cut(connection: socket.socket) -> None:
    """The greeting of TLS is read, and not answered."""
    connection.recv(4096)


def reset(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def refuse(connection: socket.socket) -> None:
    """As a proxy that wants to know who asks."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")


def rest(
    url: str, ca: str | None = None, *, timeout: float = 20, clock: Any = None, broker: Broker = no_broker
) -> Callable[[], Any]:
    transport = RestTransport(token="t", url=url, ca_path=ca, agent="tests", broker=broker)
    api = Api(transport, timeout=timeout, secrets=Secrets(), clock=clock or StoppedClock())  # type: ignore[arg-type]
    return lambda: api.get("/v2/vpcs", ACKNOWLEDGED)


def s3(
    url: str, ca: str | None = None, *, timeout: float = 20, clock: Any = None, broker: Broker = no_broker
) -> Callable[[], Any]:
    params = {
        "access_key": "DO00A",
        "secret_key": "s",
        "region": "fra1",
        "spaces_url": url,
        "ca_path": ca,
        "timeout": timeout,
    }
    client = spaces.connect(params, secrets=Secrets(), clock=clock or StoppedClock(), broker=broker)  # type: ignore[arg-type]
    return lambda: client.call("get_bucket_acl", Bucket="clinic")


@pytest.fixture(params=["rest", "s3", "rest brokered", "s3 brokered"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def call(way: str, broker: running.Broker) -> Any:
    made = s3 if "s3" in way else rest
    return partial(made, broker=broker.carry) if "brokered" in way else made


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("handler", [cut, reset])
def test_a_handshake_that_is_cut_says_nothing_of_the_certificate_and_is_tried_again(
    call: Any, handler: Handler
) -> None:
    met: list[str] = []

    def count(connection: socket.socket) -> None:
        met.append("")
        handler(connection)

    with listening(count) as address, pytest.raises(errors.ConnectionLost) as lost:
        call(f"https://{address}")()
    assert f"https://{address} did not answer (" in lost.value.sentence("read")
    assert "ca_path" not in lost.value.sentence("read")
    assert len(met) > 2


def test_an_address_where_nobody_listens_cannot_be_reached(call: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(errors.ConnectionLost) as lost:
        call(f"https://{address}")()
    assert not lost.value.uncertain
    assert f"https://{address} cannot be reached (" in lost.value.sentence("read")


def test_a_name_that_nobody_knows_cannot_be_reached(call: Any) -> None:
    with pytest.raises(errors.ConnectionLost) as lost:
        call("https://nobody.invalid")()
    assert not lost.value.uncertain


def test_a_certificate_of_an_unknown_authority_is_told_at_once(localcloud: LocalCloud, way: str, call: Any) -> None:
    url = localcloud.spaces_url if "s3" in way else localcloud.url
    with pytest.raises(errors.TlsError, match="certificate verify failed") as refused:
        call(url)()
    assert "Set ca_path" in refused.value.sentence("read")


def test_a_proxy_that_wants_to_know_who_asks_is_named(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(refuse) as address:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        with pytest.raises(errors.ProxyRefused) as refused:
            call("https://api.example")()
    assert "the proxy on the way answered 407 (Proxy Authentication Required)" in refused.value.sentence("read")
    assert "HTTPS_PROXY" in refused.value.sentence("read")


def test_an_answer_that_comes_byte_by_byte_ends_with_the_timeout(cloud: LocalCloud, way: str, call: Any) -> None:
    """A time-out for the next byte only would wait for all of them."""
    cloud.admin.fault("drip", seconds=0.3)
    url = cloud.spaces_url if "s3" in way else cloud.url
    with pytest.raises(errors.ConnectionLost, match="did not finish its answer within"):
        call(url, cloud.ca, timeout=2, clock=Clock())()
