# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module that may change something does: look, plan, and unless in check mode do what is planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ahead import OfBeforeError
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look, wait_until
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import arguments
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, Module

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """One thing to do. `doing` continues "Could not …"; `run` gets what is there and may return a newer view of it."""

    doing: str
    run: Callable[[Data], Data | None]


@dataclass
class Plan:
    """The difference between what is and what shall be, known before anything is written; without steps there is none.

    `before` and `after` are the diff, in normal form; {} for what is not there. `predicted` is what the result will
    show, whole.
    """

    before: Data
    after: Data
    predicted: Data
    steps: list[Step] = field(default_factory=list)
    # The values by which the result is verified.
    wanted: Data = field(default_factory=dict)

    def also(self, before: Data, after: Data, *steps: Step) -> None:
        """Further lines of the diff, and what makes them so."""
        self.before, self.after = {**self.before, **before}, {**self.after, **after}
        self.steps.extend(steps)


class Planned(Module):
    """The frame. For each state that a user may ask for there is a method `plan_<state>`: what there is → a Plan."""

    # To see that nothing is to be done, what was read ahead is enough; for steps it reads again (OfBeforeError).
    looks_ahead = True
    # The first is the default.
    states: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def own_options(cls) -> Data:
        """Adds state, wait and wait_timeout."""
        return {**arguments.lifecycle(cls.states), **cls.options}

    def read(self) -> Data | None:
        """What there is now, None for nothing."""
        raise NotImplementedError

    def run(self) -> Data:
        """Read, plan, and unless in check mode do it. The result has the same keys on every path."""
        current = self.read()
        plan: Plan = getattr(self, f"plan_{self.params.get('state', self.states[0])}")(current)
        if plan.steps and self.invocation.ahead.took:
            raise OfBeforeError
        self.invocation.ahead.acts()
        result: Data = {"changed": bool(plan.steps)}
        if self.invocation.diff:
            result["diff"] = {"before": plan.before, "after": plan.after}
        outcome = plan.predicted if self.check_mode else self.apply(plan, current or {})
        return {**result, self.kind.name: self.shown(outcome)}

    def apply(self, plan: Plan, current: Data) -> Data:
        """Take the steps, each from where the one before it has led."""
        for step in plan.steps:
            self.doing = f"{step.doing} {self.subject}"
            current = step.run(current) or current
        return current

    def shown(self, outcome: Data) -> Data:
        """As the result has it: with the id of what it lives below, {} when it is not there."""
        if not outcome or self.kind.parent is None:
            return outcome
        return {**outcome, f"{self.kind.parent.short}_id": self.parent_id or UNKNOWN}

    def wait_until(self, look: Callable[[], Look[T]], *, goal: str, next_step: str, timeout: float | None = None) -> T:
        """Wait for the subject, for `timeout` instead of `wait_timeout` seconds if given; see wait.py."""
        return wait_until(
            look,
            what=self.subject,
            goal=goal,
            clock=self.clock,
            progress=self.progress,
            timeout=self.params["wait_timeout"] if timeout is None else timeout,
            next_step=next_step,
        )
