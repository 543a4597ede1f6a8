# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on in the background: begun in one place, and over once it was told to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

Job = Coroutine[Any, Any, None]
# Seconds until what is to end is told once more.
TOLD_AGAIN = 1.0


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel them, and wait until they are over. What they await may lose one cancellation, as asyncio.wait_for does
    when that and what it waits for come at the same time."""
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=TOLD_AGAIN)


class Work:
    """One job at most. An error in it is in the log once it is gone."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self, job: Callable[[], Job]) -> None:
        """Unless one goes on."""
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(job())

    async def end(self) -> None:
        """Of one that never began, too."""
        if self._task is not None:
            await ended(self._task)


async def until_one_ends(*jobs: Job) -> None:
    """All at the same time; the others are cut short, and are over when this is."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await ended(*tasks)
        await asyncio.gather(*tasks, return_exceptions=True)
