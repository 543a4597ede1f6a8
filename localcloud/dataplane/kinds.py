# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kind of software says of itself.

A kind says what of it should run, by looking at the world (``wanted``), and makes the things that do. A thing is
brought in line with its specification, as often as that changes; what a specification holds is its kind's business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from localcloud import JSON
from localcloud.dataplane.ground import Ground
from localcloud.world.plane import Look
from localcloud.world.world import World


class FailedError(Exception):
    """It cannot be brought in line, and trying again would not help; ``reason`` is for the one who waits."""

    def __init__(self, message: str, **reason: str) -> None:
        super().__init__(message)
        self.look = Look("failed", {"message": message, **reason})


class Thing(ABC):
    """Something that runs. ``key`` is ``<kind>/<id>``; ``again`` asks for another ``bring``, when it has died, say.

    One that ``lingers`` has work to finish when it is to end: no request waits for that.
    """

    lingers = False

    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        self.ground, self.key, self.again = ground, key, again

    @abstractmethod
    async def bring(self, spec: JSON) -> None:
        """Bring it in line: start what does not run, change what differs. Done once it can be used.

        FailedError ends it there until its specification changes; any other error is noted and tried again.
        """

    @abstractmethod
    async def end(self, *, forget: bool) -> None:
        """Stop it; ``forget`` removes its data too. Also of one that was never brought anywhere."""

    async def measure(self) -> Mapping[str, float]:
        """What it uses, by what its kind calls it: asked for every second while it is up."""
        return {}

    def describe(self) -> list[str]:
        """Lines for ``localcloud status``: where it is, in a form that can be pasted."""
        return []


class Kind(ABC):
    name: str

    def missing(self) -> str:
        """Which software is not at hand, in a few words; then it stays a record."""
        return ""

    def env(self) -> dict[str, str]:
        """Variables that lead clients to what there is one of; their names stand in ``home.VARIABLES`` too."""
        return {}

    def hosts(self, world: World) -> dict[str, str]:  # noqa: ARG002
        """Names that lead to an address of this machine."""
        return {}

    @abstractmethod
    def wanted(self, world: World) -> dict[str, JSON]:
        """Id → specification of everything that should run. Plain JSON, made anew at each call: it is compared."""

    @abstractmethod
    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        """A thing of this kind that does not run yet."""
