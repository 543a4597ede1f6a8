# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy a load balancer is: its processor, and the connections that it holds."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from localcloud.dataplane.usage import usage

# Of one node, at the same time [D].
MOST_CONNECTIONS = 10_000
ESTABLISHED = "01"


class Load:
    def __init__(self) -> None:
        self._last: tuple[int, float, float] | None = None

    def read(self, pid: int, address: str, ports: set[int], nodes: int) -> dict[str, float]:
        """``cpu``: per cent of a processor since the last look, ``connections``: per cent of what its nodes can hold.

        OSError when it has ended, or this is no Linux.
        """
        now, seconds = time.monotonic(), usage(pid).seconds
        spent = 0.0
        if self._last and self._last[0] == pid:
            spent = (seconds - self._last[2]) / max(now - self._last[1], 1e-6)
        self._last = (pid, now, seconds)
        held = _connections(address, ports)
        return {"cpu": min(100.0, 100 * spent), "connections": 100 * held / (MOST_CONNECTIONS * nodes)}


def _connections(address: str, ports: set[int]) -> int:
    """How many the kernel knows to these ports of that address."""
    own = socket.inet_aton(address)[::-1].hex().upper()
    ends = {f"{own}:{port:04X}" for port in ports}
    lines = (line.split(None, 4) for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(fields[1] in ends and fields[3] == ESTABLISHED for fields in lines)
