# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must happen once although the answer to it may get lost: a creation, a deployment, a failover.

The client never repeats such a call (a POST, or whatever is asked for with `repeatable=False`). Whoever makes it says
here how its effect is seen, so that it is looked for before it is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock

T = TypeVar("T")

# How often it is asked for while the outcome stays uncertain, and the pauses (seconds) before the looks in between: the
# API shows what it has accepted within a few seconds.
TRIES = 4
LOOKS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2)


def once(
    clock: Clock,
    ask: Callable[[], T],
    effect: Callable[[], T | None],
    *,
    named: bool = False,
    take: Callable[[T], T | None] = lambda found: found,
) -> T:
    """Ask for something, and return what came of it: the answer to `ask`, or what `effect` sees of a lost one.

    `effect` returns None while nothing is to be seen; after a while without, it is asked for again. What is `named` may
    be refused because the name is taken, be it by an earlier try or by somebody else: that is looked for as well.
    `take` makes use of what was found; None: it is of no use and gone, so another one is asked for. Raises the last
    ApiError.
    """
    for remaining in reversed(range(TRIES)):
        try:
            return ask()
        except ApiError as error:
            taken = named and error.name_is_taken
            if not (error.uncertain or taken):
                raise
            found = look_for(clock, effect)
            outcome = None if found is None else take(found)
            if outcome is not None:
                return outcome
            if taken or not remaining:
                raise
    raise AssertionError("the last try has returned or raised")


def look_for(clock: Clock, effect: Callable[[], T | None]) -> T | None:
    """What `effect` sees, which may take a moment to be seen."""
    for pause in LOOKS:
        clock.sleep(pause)
        found = effect()
        if found is not None:
            return found
    return None
