# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks: who may get requests is said by so many answers in a row, as DigitalOcean counts them."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from functools import cache

from localcloud import JSON
from localcloud.dataplane.asking import Target, ask
from localcloud.dataplane.work import Work

log = logging.getLogger("localcloud")

# Seconds: no two checks are nearer, however fast the clock is.
SHORTEST = 0.2


class Health:
    """Of the Droplets behind one load balancer. ``changed`` is awaited when others may get requests than before."""

    def __init__(self, name: str, changed: Callable[[], Awaitable[None]]) -> None:
        self._name, self._changed = name, changed
        self._in_a_row: dict[str, int] = {}
        self.healthy: set[str] = set()
        self._check: JSON = {}
        self._source = ""
        self._addresses: dict[str, str] = {}
        self._work = Work()

    def watch(self, check: JSON, source: str, addresses: dict[str, str]) -> None:
        """Ask these (id → address) in this way from now on, from the address ``source``. One that is new has yet to
        show that it is well."""
        self._check, self._source, self._addresses = check, source, addresses
        self.healthy &= addresses.keys()
        self._in_a_row = {id: count for id, count in self._in_a_row.items() if id in addresses}
        self._work.begin(self._run)

    async def stop(self) -> None:
        await self._work.end()

    async def _run(self) -> None:
        while True:
            asked = list(self._addresses)
            answers = await asyncio.gather(*(self._asks(self._addresses[id]) for id in asked))
            before = set(self.healthy)
            for id, well in zip(asked, answers, strict=True):
                if id in self._addresses:
                    self._count(id, well)
            if self.healthy != before:
                log.warning("%s sends requests to %s now", self._name, ", ".join(sorted(self.healthy)) or "nobody")
                await self._changed()
            await asyncio.sleep(max(SHORTEST, self._check["interval"]))

    def _count(self, id: str, well: bool) -> None:
        """Positive: so many good answers in a row; negative: so many bad ones."""
        count = self._in_a_row.get(id, 0)
        count = max(count, 0) + 1 if well else min(count, 0) - 1
        self._in_a_row[id] = count
        if count >= self._check["healthy_threshold"]:
            self.healthy.add(id)
        elif -count >= self._check["unhealthy_threshold"]:
            self.healthy.discard(id)

    async def _asks(self, address: str) -> bool:
        """Whether it takes a connection, and answers 200 to 399 where there is something to ask."""
        check = self._check
        tls = _unverified() if check["protocol"] == "https" else None
        path = "" if check["protocol"] == "tcp" else check["path"]
        target = Target(address, check["port"], address, path, tls, self._source)
        heard = await ask(target, check["response_timeout_seconds"])
        return heard is not None and (not path or 200 <= heard.status < 400)


@cache
def _unverified() -> ssl.SSLContext:
    """Nobody looks at the certificate of a Droplet [D], so no authority is read: that costs more than the check."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
