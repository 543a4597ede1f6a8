# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request of HTTP to an address, as health checks and probes send it."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Target:
    """``host``: what it is called in TLS and in the request; an empty ``path`` asks for nothing but a connection."""

    address: str
    port: int
    host: str
    path: str
    tls: ssl.SSLContext | None = None
    source: str = ""


@dataclass(frozen=True)
class Heard:
    """``status`` is 0 where nothing was asked for."""

    status: int = 0
    certificate_until: datetime | None = None


async def ask(target: Target, seconds: float) -> Heard | None:
    """What it answers; None when it does not, or not in so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await _ask(target)
    except (OSError, ValueError, IndexError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None  # OSError: TimeoutError and what TLS refuses, too


async def _ask(target: Target) -> Heard:
    reader, writer = await asyncio.open_connection(
        target.address,
        target.port,
        ssl=target.tls,
        server_hostname=target.host if target.tls else None,
        local_addr=(target.source, 0) if target.source else None,
    )
    try:
        certificate = writer.get_extra_info("peercert") or {}
        until = certificate.get("notAfter")
        end = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC) if until else None
        if not target.path:
            return Heard(certificate_until=end)
        head = f"GET {target.path} HTTP/1.1\r\nHost: {target.host}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        return Heard(int((await reader.readuntil(b"\r\n")).split()[1]), end)
    finally:
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            writer.transport.abort()
