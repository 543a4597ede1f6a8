# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The broker's connections: the only place that knows httpcore. HTTP/2 where the server speaks it."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import (
    CONNECT_TIMEOUT,
    Exchange,
    Received,
    late,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import THREADS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ConnectionLost
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.no_answer import no_answer

# Without them the broker's process ends, and so there is no broker.
with suppress(ImportError):
    import certifi
    import httpcore

# To one host: as many as a module asks at once. With HTTP/2 it is one.
MOST_CONNECTIONS = THREADS
# To Spaces, which speaks HTTP/1.1: while a pool hopes for HTTP/2, it makes one connection after the other, since the
# first could do for all.
MOST_TO_SPACES = 5
# Seconds that an idle one is kept.
KEPT_FOR = 60.0

# The host, the proxy on the way, the certificate authorities, and whether HTTP/2 is to be hoped for.
Way = tuple[str, str, str, bool]


class Connections:
    """All of a run."""

    def __init__(self) -> None:
        self._pools: dict[Way, httpcore.AsyncConnectionPool] = {}

    async def carry(self, exchange: Exchange, proxy: str) -> Received:
        """What came back. Raises ConnectionLost, TlsError or ProxyRefused."""
        way = (urlsplit(exchange.url).netloc, proxy, exchange.ca_path or certifi.where(), not exchange.is_signed)
        never_sent = False

        async def watch(event: str, _facts: dict[str, Any]) -> None:
            nonlocal never_sent
            never_sent = never_sent or event == "connection.connect_tcp.failed"

        asked = self._pool(way).request(
            exchange.method,
            exchange.url,
            headers=list(exchange.headers.items()),
            content=exchange.body,
            # No time for the next byte: who is late on a shared connection would take all others along.
            extensions={"trace": watch, "timeout": {"connect": min(CONNECT_TIMEOUT, exchange.timeout)}},
        )
        try:
            response = await asyncio.wait_for(asked, exchange.timeout)
        except TimeoutError:
            # Perhaps nothing comes through any more: others begin anew.
            self._pools.pop(way, None)
            raise ConnectionLost(late(exchange), executed=True) from None
        except Exception as error:
            raise no_answer(_as_urllib3(error), exchange.endpoint, never_sent=never_sent) from None
        return Received(response.status, _headers(response.headers), response.content)

    def _pool(self, way: Way) -> httpcore.AsyncConnectionPool:
        if way not in self._pools:
            _host, proxy, ca, http2 = way
            authorities: dict[str, Any] = {"capath" if Path(ca).is_dir() else "cafile": ca}
            self._pools[way] = httpcore.AsyncConnectionPool(
                ssl_context=ssl.create_default_context(**authorities),
                proxy=_proxy(proxy) if proxy else None,
                max_connections=MOST_CONNECTIONS if http2 else MOST_TO_SPACES,
                keepalive_expiry=KEPT_FOR,
                http2=http2,
            )
        return self._pools[way]


def _proxy(address: str) -> httpcore.Proxy:
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return httpcore.Proxy(f"{parts.scheme}://{parts.hostname}{port}", auth=auth)


def _headers(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in small letters; several values of one name in one."""
    headers: dict[str, str] = {}
    for name, value in ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in pairs):
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _as_urllib3(error: Exception) -> Exception:
    """What a proxy said, in urllib3's words."""
    return (
        httpcore.ProxyError(f"Tunnel connection failed: {error}") if isinstance(error, httpcore.ProxyError) else error
    )
