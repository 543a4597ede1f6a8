# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for what a program says in its log: that it serves, that it has taken a change, or what is wrong."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from localcloud.dataplane.supervisor import Process

POLL = 0.01
PATIENCE = 15.0


def size(logfile: Path) -> int:
    return logfile.stat().st_size if logfile.exists() else 0


async def heard(logfile: Path, since: int, good: str, bad: str, process: Process) -> None:
    """Until a line after the first ``since`` bytes has what is ``good``, an expression.

    RuntimeError with the line that has what is ``bad``, or with the last one when the program ends or says neither.
    """
    until = asyncio.get_running_loop().time() + PATIENCE
    while True:
        ended = not process.running
        with logfile.open("rb") as file:
            # One that had grown too large was begun anew.
            file.seek(since if since <= size(logfile) else 0)
            lines = file.read().decode(errors="replace").splitlines()
        for line in lines:
            if re.search(bad, line):
                raise RuntimeError(line)
            if re.search(good, line):
                return
        if ended or asyncio.get_running_loop().time() > until:
            what = "has ended" if ended else "says nothing"
            raise RuntimeError(f"{process.name} {what}: {lines[-1] if lines else 'without a word'}")
        await asyncio.sleep(POLL)
