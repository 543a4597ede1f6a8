# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process and its children use of the machine, by /proc; nothing where there is none."""

from __future__ import annotations

import os
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from localcloud import JSON

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
# So many samples are remembered.
KEPT = 60


@dataclass(frozen=True)
class Usage:
    """At a moment of the machine's clock: CPU seconds so far, and bytes in memory now."""

    at: float
    cpu: float
    memory: int


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def usage(pid: int) -> Usage | None:
    cpu, memory = 0.0, 0
    for one in _family(pid):
        try:
            stat = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            memory += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * PAGE
        except (OSError, IndexError):
            continue
        cpu += (int(stat[11]) + int(stat[12])) / TICKS
    return Usage(time.monotonic(), cpu, memory) if memory else None


class Meter:
    """Samples of an instance of that size: ``[Unix time, per cent of its CPUs, per cent of its memory]``."""

    def __init__(self, size: JSON) -> None:
        self._cpus, self._bytes = int(size.get("cpus", 1)), int(size.get("memory_bytes", 2**30))
        self._pid = 0
        self._last: Usage | None = None
        self.samples: deque[list[float]] = deque(maxlen=KEPT)

    def read(self, pid: int, moment: float) -> None:
        """Look again; of a process that is new there is nothing to compare with yet."""
        before, now = self._last if pid == self._pid else None, usage(pid) if pid else None
        self._pid, self._last = pid, now
        if before and now:
            cpu = 100 * (now.cpu - before.cpu) / max(now.at - before.at, 1e-6) / self._cpus
            self.samples.append([round(moment, 1), round(cpu, 3), round(100 * now.memory / self._bytes, 3)])
