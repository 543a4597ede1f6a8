# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a resource: until it is usable, until it is free, until it is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import (
    Conflict,
    Failure,
    Forbidden,
    capital,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.reading import ReadableResource

T = TypeVar("T")

# Seconds within which the API shows what it has accepted. Seen in the wild: a few; see facts.md §5.
CONSISTENT_WITHIN = 60.0


class WaitingResource(ReadableResource):
    """The waits of a resource, all bounded by `wait_timeout`."""

    def settle(self, resource: Data, wanted: Data | None = None) -> Data:
        """Read it until it is usable and shows `wanted`; a resource that is not visible yet is waited for."""
        doing, self.doing = self.doing, f"wait for {self.subject}"
        start = self.clock.now()
        stale: list[str] = []

        def look() -> Look[Data]:
            nonlocal stale
            young = self.clock.now() - start < CONSISTENT_WITHIN
            found = self.refresh(resource)
            if found is None:
                if not young:
                    raise Failure(
                        f"{capital(self.subject)} has disappeared while it was waited for: find out who "
                        "removed it, and run again."
                    )
                return Look(resource, "not visible yet", False)
            if self.state(found) in self.failed:
                raise Failure(self.failure(found))
            stale = self.differing(found, wanted or {})
            usable = self.is_ready(found)
            return Look(found, self.state(found), usable and not (stale and young))

        goal = " or ".join(sorted(self.ready)) or "readable"
        settled = self.wait_until(
            look, goal=goal, next_step="It may still get there: run again to keep waiting, or raise wait_timeout."
        )
        if stale:
            self.warn(
                f"The API accepted {', '.join(stale)} of {self.subject} but shows another value: "
                "look at the resource before the next run."
            )
        self.doing = doing
        return settled

    def failure(self, resource: Data) -> str:
        """The sentence for a resource in a state from which it does not come back."""
        return f"{capital(self.subject)} went into the state {self.state(resource)}: see its events."

    def _wait_until_gone(self, current: Data) -> None:
        def look() -> Look[None]:
            found = self.refresh(current)
            return Look(None, self.state(found or {}) or "there", found is None)

        self.wait_until(look, goal="gone", next_step="Run again to keep waiting, or raise wait_timeout.")

    def when_free(self, call: Callable[[], Data | None], *, deletes: bool = False) -> Data | None:
        """Make a call, again while the API says that the resource is in use or busy.

        With 403 it says so to a deletion only, of what has members.
        """

        def look() -> Look[Data | None]:
            try:
                return Look(call(), "", True)
            except (Conflict, Forbidden) as error:
                if isinstance(error, Forbidden) and (error.lacks_scope or not deletes):
                    raise
                return Look(None, f"in use ({error.message.rstrip('.')})", False)

        return self.wait_until(
            look, goal="free", next_step="Remove what depends on it, or raise wait_timeout, and run again."
        )

    def _when_possible(self, create: Callable[[], Data]) -> Data:
        """Make a create call, again while the API says that what it shall live in is not ready for it."""

        def look() -> Look[Data]:
            try:
                return Look(create(), "", True)
            except Conflict as error:
                # 409 says that something is in the way, which does not go by itself.
                if error.status == 409 or error.name_is_taken or self.kind.parent is None or not self.params["wait"]:
                    raise
                return Look({}, f"refused ({error.message.rstrip('.')})", False)

        return self.wait_until(look, goal="created", next_step="Run again to keep waiting, or raise wait_timeout.")
