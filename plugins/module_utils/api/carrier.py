# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP exchange, and the way that it goes by itself: the only place that knows pydo, azure-core and requests.

pydo's own pipeline is left out, for three reasons: it repeats POST and PATCH on a 5xx, so that a create can happen
twice; it follows redirects; and its operations return some errors as if they were results. `client.py` decides about
everything else. Runs of the controller path have another way, shared by all of their processes
(plugin_utils/running/broker.py).
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.memory import Memory
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.no_answer import no_answer

# Seconds to establish a connection; an endpoint that takes longer is not there.
CONNECT_TIMEOUT = 10


@dataclass(frozen=True)
class Exchange:
    """What to send, complete; `timeout` in seconds. `endpoint` is what sentences call the other side.

    `recent` says of a read that the answer of a moment ago will do; `ahead`, what it has to do with answers to what the
    run was sure to ask (ahead.py).
    """

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    ca_path: str | None
    timeout: float
    endpoint: str
    recent: bool = False
    ahead: str = ""

    @property
    def writes(self) -> bool:
        """Whether something may be different afterwards."""
        return self.method not in ("GET", "HEAD")

    @property
    def question(self) -> Hashable:
        """What it asks, and as whom."""
        return self.method, self.url, self.whose, self.ca_path

    @property
    def whose(self) -> str:
        """As whom it asks: of what is signed anew for each request, whose key it is."""
        whose = self.headers.get("Authorization", "")
        return whose.partition("/")[0] if self.is_signed else whose

    @property
    def is_signed(self) -> bool:
        """Whether it is one of S3's."""
        return self.headers.get("Authorization", "").startswith("AWS4-")

    @property
    def facts(self) -> dict[str, Any]:
        """What an error tells of it."""
        return {"method": self.method, "path": self.url.removeprefix(self.endpoint).partition("?")[0]}


@dataclass(frozen=True)
class Received:
    """What came back; the names of headers are in small letters. `ahead`: it was asked for before it was wanted."""

    status: int
    headers: dict[str, str]
    content: bytes
    ahead: bool = False


def late(exchange: Exchange) -> str:
    """What happened when its time is over."""
    return f"{exchange.endpoint} did not finish its answer within {exchange.timeout:.0f} s"


# What a shared way brings back, None where there is none, or no more. Raises ConnectionLost, TlsError or ProxyRefused
# when no answer came.
Broker = Callable[[Exchange], "Received | None"]


def no_broker(_exchange: Exchange) -> None:
    """Every exchange goes by itself."""


# Outlives one Api: all items of a loop run in one process.
_memory: Memory[Received] = Memory()


def direct(exchange: Exchange) -> Received:
    """Carry it over the kept-alive connections of this process."""
    if exchange.writes:
        _memory.forget()
        try:
            return _sent(exchange)
        finally:
            _memory.forget()
    while exchange.recent:
        answer, mine = _memory.ask(exchange.question)
        if mine:
            with _memory.bringing(exchange.question, answer) as bring:
                received = _sent(exchange)
                bring(received, received.status == 200)
            return received
        with suppress(ApiError):
            return answer.result()
    return _sent(exchange)


def _sent(exchange: Exchange) -> Received:
    client, errors, request_of = _pydo()
    request = request_of(
        exchange.method,
        exchange.url,
        headers=dict(exchange.headers),
        **({} if exchange.body is None else {"content": exchange.body}),
    )
    try:
        response = client.send_request(
            request,
            connection_timeout=min(CONNECT_TIMEOUT, exchange.timeout),
            read_timeout=exchange.timeout,
            connection_verify=exchange.ca_path or True,
            auth=_as_it_is,
        )
        content = response.read()
    except errors as error:
        raise no_answer(error, exchange.endpoint, **exchange.facts) from None
    return Received(response.status_code, {key.lower(): value for key, value in response.headers.items()}, content)


@cache
def _pydo() -> tuple[Any, type[Exception], Any]:
    """One client for all, its errors and its requests. It knows neither address nor token, so forks share it (5 ms)."""
    try:
        # No policies: neither a retry nor a redirect nor a log line of theirs.
        client = import_module("pydo").Client("none", policies=[]).__enter__()
    except ImportError:
        raise Failure(missing_required_lib("pydo")) from None
    errors: type[Exception] = import_module("azure.core.exceptions").AzureError
    return client, errors, import_module("azure.core.rest").HttpRequest


def _as_it_is(request: Any) -> Any:
    """How requests shall authenticate: not at all. By itself it puts what ~/.netrc says in the token's place."""
    return request


def warm_up() -> None:
    """Load what the first request of a process would load, so that forks need not. Raises Failure without pydo."""
    _pydo()
    import_module("azure.core.rest._requests_basic")
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
