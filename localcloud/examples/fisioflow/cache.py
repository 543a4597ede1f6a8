# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions and rate limits: in Valkey, or in memory where there is none, silently, as FisioFlow has it.

Nothing is kept without an end, and nothing needs Lua: a cluster may block scripts.
"""

from __future__ import annotations

import time
from typing import Protocol

from valkey.asyncio import Valkey, from_url

TIMEOUT = 2.0


class Cache(Protocol):
    name: str

    async def ping(self) -> None: ...

    async def put(self, key: str, value: str, seconds: int) -> None: ...

    async def get(self, key: str) -> str | None: ...

    async def count(self, key: str, seconds: int) -> int:
        """How often it was counted within the window that began with the first time."""


class Mock:
    """Of one process only, and gone with it: what makes login limits worthless, so it never calls itself healthy."""

    name = "mock"

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, str]] = {}

    async def ping(self) -> None:
        return

    async def put(self, key: str, value: str, seconds: int) -> None:
        self._kept[key] = (time.monotonic() + seconds, value)

    async def get(self, key: str) -> str | None:
        until, value = self._kept.get(key, (0.0, ""))
        return value if until > time.monotonic() else None

    async def count(self, key: str, seconds: int) -> int:
        until, value = self._kept.get(key, (0.0, "0"))
        if until <= time.monotonic():
            until, value = time.monotonic() + seconds, "0"
        self._kept[key] = (until, str(int(value) + 1))
        return int(value) + 1


class Real:
    name = "valkey"

    def __init__(self, url: str, authority: str) -> None:
        verified = {"ssl_ca_data": authority, "ssl_cert_reqs": "required", "ssl_check_hostname": True}
        self._valkey: Valkey = from_url(  # type: ignore[no-untyped-call]
            url,
            # As ioredis: one that stays, however many ask at once. New ones are refused while a password is rotated.
            single_connection_client=True,
            decode_responses=True,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            **(verified if authority and url.startswith("rediss://") else {}),
        )

    async def ping(self) -> None:
        await self._valkey.ping()

    async def put(self, key: str, value: str, seconds: int) -> None:
        await self._valkey.set(key, value, ex=seconds)

    async def get(self, key: str) -> str | None:
        found: str | None = await self._valkey.get(key)
        return found

    async def count(self, key: str, seconds: int) -> int:
        await self._valkey.set(key, 0, ex=seconds, nx=True)
        return int(await self._valkey.incr(key))


def connect(url: str, authority: str) -> Cache:
    return Real(url, authority) if url else Mock()
