# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an instance is ready for requests, and alive: over HTTP, or by a connection where no path is given."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from localcloud import JSON

# What the platform takes where a check says nothing [G].
READINESS = {"initial_delay_seconds": 0, "period_seconds": 10, "timeout_seconds": 1, "failure_threshold": 9}
LIVENESS = {**READINESS, "initial_delay_seconds": 5, "failure_threshold": 18}


class NobodyError(Exception):
    """Nobody listens there yet, or any more."""


class IllError(Exception):
    """It answers, but not well; the message says what."""


@dataclass(frozen=True)
class Check:
    """Seconds are those of the specification: whoever waits scales them to the clock."""

    port: int
    path: str
    initial: float
    period: float
    timeout: float
    failures: int
    successes: int

    async def ask(self, address: str) -> None:
        """Quietly when all is well, else NobodyError or IllError."""
        try:
            async with asyncio.timeout(self.timeout):
                status = await self._status(address)
        except (ConnectionRefusedError, ConnectionResetError):
            raise NobodyError(f"port {self.port}: connection refused") from None
        except (OSError, ValueError, IndexError) as error:
            why = "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
            raise IllError(f"port {self.port}: {why}") from None
        if not 200 <= status < 400:
            raise IllError(f"{self.path} on port {self.port} answered {status}")

    async def _status(self, address: str) -> int:
        reader, writer = await asyncio.open_connection(address, self.port)
        try:
            if not self.path:
                return 200
            host = f"{address}:{self.port}"
            head = f"GET {self.path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: kube-probe/1\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            return int((await reader.readline()).split()[1])
        finally:
            writer.transport.abort()


def _check(given: JSON, port: int, defaults: dict[str, int]) -> Check:
    known = {**defaults, "success_threshold": 1, **given}
    return Check(
        port=int(given.get("port") or port),
        path=str(given.get("http_path") or ""),
        initial=float(known["initial_delay_seconds"]),
        period=float(known["period_seconds"]),
        timeout=float(known["timeout_seconds"]),
        failures=int(known["failure_threshold"]),
        successes=int(known["success_threshold"]),
    )


def readiness(component: JSON) -> Check | None:
    """Of a service always, of a worker when it asks for one."""
    given, port = component.get("health_check") or {}, component.get("http_port")
    return _check(given, port or 0, READINESS) if port or given.get("port") else None


def liveness(component: JSON) -> Check | None:
    given, port = component.get("liveness_health_check"), component.get("http_port")
    return _check(given, port or 0, LIVENESS) if given and (port or given.get("port")) else None
