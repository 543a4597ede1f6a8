# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process and those that it has started use, as Linux tells it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Seconds of a processor so far, those that have ended included; bytes of memory, what is shared counted once."""

    seconds: float
    bytes: int


def usage(pid: int) -> Usage:
    """OSError when it is not there, or this is no Linux."""
    told = [_of(pid)]
    for child in _below(pid):
        # It may have ended meanwhile.
        with suppress(OSError):
            told.append(_of(child))
    private = sum(own for _seconds, own, _shared in told)
    return Usage(sum(seconds for seconds, *_memory in told), private + max(shared for *_own, shared in told))


def _below(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield child
            yield from _below(child)


def _of(pid: int) -> tuple[float, int, int]:
    """Seconds, its own memory, memory that it shares."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    # Of itself and of its children that have ended, in user and in system mode each.
    seconds = sum(map(int, fields[11:15])) / _TICKS
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    own, shared = (int(status.get(name, "0").split()[0]) << 10 for name in ("RssAnon", "RssShmem"))
    return seconds, own, shared
