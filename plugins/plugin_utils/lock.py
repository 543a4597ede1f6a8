# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock that a process holds as long as it lives: nobody gives it back, and that of a killed one holds nobody up."""

from __future__ import annotations

import fcntl
import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

# Of a process that is dead and has not been buried, as orphans in a container may stay.
DEAD = ("Z", "X")


@dataclass(frozen=True)
class Holder:
    """A process that holds a lock. `began` tells it from a later one of its number; empty where there is no /proc."""

    pid: int
    host: str
    began: str
    procedure: str
    since: str
    # What it works on, where accounts may have things of one name; "" where that is not known.
    account: str = ""

    def is_in_the_way_of(self, other: Holder) -> bool:
        """Whether it still runs, is another process, and works or may work on the same account."""
        apart = "" not in (self.account, other.account) and self.account != other.account
        return self.lives and (self.pid, self.began) != (other.pid, other.began) and not apart

    @property
    def lives(self) -> bool:
        """Whether it still runs. Of another host, as a container is one, nothing can be told: it does not count."""
        if self.host != platform.node():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        state, began = _process(self.pid)
        return state not in DEAD and began == self.began


def _process(pid: int) -> tuple[str, str]:
    """State and time of start in ticks of the clock, both empty where there is no /proc. See proc_pid_stat(5)."""
    try:
        # The name of the command, in brackets, may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return "", ""
    return fields[0], fields[19]


def holder(pid: int, procedure: str, since: str, account: str = "") -> Holder:
    """The process `pid` of this machine."""
    return Holder(pid, platform.node(), _process(pid)[1], procedure, since, account)


def take(path: Path, mine: Holder) -> Holder | None:
    """Lock `path` for `mine`, or return who holds it. What a process holds already, it goes on holding.

    Raises OSError when the file cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Looking and writing are one step for everybody, by a lock of the file itself, which ends with this block.
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        theirs = [other for other in _read(file.read()) if other.lives]
        for other in theirs:
            if other.is_in_the_way_of(mine):
                return other
        others = [other for other in theirs if (other.pid, other.began) != (mine.pid, mine.began)]
        file.seek(0)
        file.truncate()
        file.write(json.dumps([asdict(each) for each in (*others, mine)]))
    return None


def _read(text: str) -> list[Holder]:
    """Who is written in the file: nobody when a run was killed while it wrote."""
    try:
        return [Holder(**row) for row in json.loads(text)]
    except (ValueError, TypeError):
        return []
