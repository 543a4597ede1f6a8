# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance uses, again and again, as shares of its size."""

from __future__ import annotations

import time
from collections import deque

from localcloud import JSON
from localcloud.dataplane.usage import Usage, usage

# So many samples are remembered.
KEPT = 60


class Meter:
    """Samples of an instance of that size: ``[Unix time, per cent of its CPUs, per cent of its memory]``."""

    def __init__(self, size: JSON) -> None:
        self._cpus, self._bytes = int(size.get("cpus", 1)), int(size.get("memory_bytes", 2**30))
        self._last: tuple[int, float, Usage] | None = None
        self.samples: deque[list[float]] = deque(maxlen=KEPT)

    def read(self, pid: int, moment: float) -> None:
        """Look again; of a process that is new there is nothing to compare with yet, of one that has gone nothing."""
        try:
            now = (pid, time.monotonic(), usage(pid))
        except OSError:
            self._last = None
            return
        if self._last and self._last[0] == pid:
            _pid, since, before = self._last
            cpu = 100 * (now[2].seconds - before.seconds) / max(now[1] - since, 1e-6) / self._cpus
            self.samples.append([round(moment, 1), round(cpu, 3), round(100 * now[2].bytes / self._bytes, 3)])
        self._last = now
