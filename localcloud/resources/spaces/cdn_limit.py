# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit on purged files: 50 in 20 seconds over all CDN endpoints (the API description's prose)."""

from __future__ import annotations

import math
from collections import deque
from weakref import WeakKeyDictionary

from localcloud.ports.errors import ApiError
from localcloud.world import hooks
from localcloud.world.world import World

MOST, SECONDS = 50, 20.0

# (moment, files) of each purge; not worth keeping over a restart.
_PURGES: WeakKeyDictionary[World, deque[tuple[float, int]]] = WeakKeyDictionary()


@hooks.on_reset
def clear(world: World) -> None:
    _PURGES.pop(world, None)


def count(world: World, files: int) -> None:
    """Count the files of one purge; 429 when they are too many (they then do not count)."""
    now = world.now().timestamp()
    purges = _PURGES.setdefault(world, deque())
    while purges and purges[0][0] <= now - SECONDS:
        purges.popleft()
    if sum(number for _moment, number in purges) + files > MOST:
        wait = purges[0][0] + SECONDS - now if purges else SECONDS
        raise ApiError(429, "CDN purge rate limit exceeded.", headers={"retry-after": str(max(1, math.ceil(wait)))})
    purges.append((now, files))
