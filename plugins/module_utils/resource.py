# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources: things that shall be there, be so and so, or not be there.

How to add a module
===================
1. Add its `Kind` to kinds.py: where it lives and what it is called.
2. Write plugins/modules/<name>.py: DOCUMENTATION (with the fragments `common`, `lifecycle`, `attributes`), EXAMPLES, RETURN
   with a real sample, and one class named like the module in CamelCase:

       class Vpc(Resource):
           kind = VPC
           options = {"name": {"type": "str", "required": True}, …}      # as AnsibleModule takes them
           attributes = {                                                # what the module manages
               "name": Attribute(),
               "region": Attribute(fixed="Create another VPC there.", required=True),
           }
           computed = {"id": UNKNOWN, "urn": UNKNOWN}                    # what only the API knows, for check mode

           @changes("name", "description")
           def patch(self, change: Change) -> Data | None: …             # which call changes what, in order

       def main() -> None:
           run_module(Vpc)

3. Add it to `action_groups` and `plugin_routing` in meta/runtime.yml and to tests/integration/law/table.py.

Everything else is here: look-up, comparison, diff, check mode, waiting, retries, errors, masking. A resource that differs
overrides the hook of its difference, and only that: `wanted` (what shall be, when it is more than the options), `check`
(refuse before any write), `enrich` (attributes with an address of their own), `fetch`/`read` (how to find it), `body` and
`create`, `delete`, `state`/`ready`/`failed` (when it is usable), `plan_<state>` (a further `state`, or a further step).
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ansible_collections.fisioflow.digitalocean.plugins.module_utils import arguments
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.attributes import Attribute, Change, Updater
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.compare import merge, plain, prune
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.errors import (
    ApiError,
    Conflict,
    Failure,
    Forbidden,
    NotFound,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.module import UNKNOWN, Module, only_one
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wait import Look, wait_until

# Seconds within which the API shows what it has accepted. Seen in the wild: a few; see facts.md §5.
CONSISTENT_WITHIN = 60.0
# Seconds to look for the effect of a create whose answer was lost, before it is repeated.
LOOK_FOR_EFFECT = 8.0
CREATE_TRIES = 4


@dataclass(frozen=True)
class Step:
    """One thing to do. `doing` continues "Could not …"; `run` gets the resource and may return a newer one."""

    doing: str
    run: Callable[[Data], Data | None]


@dataclass
class Plan:
    """The difference between what is and what shall be, known before anything is written."""

    # The managed attributes in normal form; {} when the resource is not there.
    before: Data
    after: Data
    # The whole resource as it will be.
    predicted: Data
    steps: list[Step] = field(default_factory=list)
    # The values by which the result is verified.
    wanted: Data = field(default_factory=dict)


class Resource(Module):
    """A module that makes one resource be as described. See the top of this file."""

    attributes: ClassVar[dict[str, Attribute]]
    # What only the API can tell before the resource exists, in the shape of its answer.
    computed: ClassVar[Data] = {"id": UNKNOWN}
    states: ClassVar[tuple[str, ...]] = ("present", "absent")
    # The values of `state(resource)` that mean usable (none: it is usable at once) and that mean it never will be.
    ready: ClassVar[frozenset[str]] = frozenset()
    failed: ClassVar[frozenset[str]] = frozenset()
    updaters: ClassVar[tuple[Updater, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.updaters = tuple({name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()
                              if isinstance(value, Updater)}.values())
        changeable = {name for updater in cls.updaters for name in updater.names}
        stuck = [name for name, attribute in cls.attributes.items() if not attribute.fixed and name not in changeable]
        if stuck or changeable - cls.attributes.keys():
            raise TypeError(f"{cls.__name__}: neither fixed nor changed by an updater, or no attribute: "
                            f"{stuck + sorted(changeable - cls.attributes.keys())}")

    @classmethod
    def own_options(cls) -> Data:
        """Adds state, wait and wait_timeout."""
        return {**arguments.lifecycle(cls.states), **cls.options}

    # ── Hooks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def wanted(self, current: Data | None) -> Data:  # noqa: ARG002 - for those who look at what is there
        """The attributes that shall be so; what the user left out is not among them."""
        return prune({name: self.params.get(name) for name in self.attributes})

    def check(self, current: Data | None, wanted: Data) -> None:
        """Refuse with a Failure what the API would refuse late or not at all. Called before any write, in check mode too."""

    def enrich(self, resource: Data) -> Data:
        """Add attributes that the API keeps at addresses of their own."""
        return resource

    def state(self, resource: Data) -> str:
        """The state in the API's words."""
        return str(resource.get("status") or "")

    def body(self, wanted: Data) -> Data:
        """The body of the create call."""
        return {name: value for name, value in wanted.items() if self.attributes[name].at_creation}

    def create(self, wanted: Data) -> Data:
        """Make it, once: whoever calls this looks after uncertain outcomes."""
        return self.unwrap(self.api.post(self.kind.collection(self.parent_id), self.body(wanted)))

    def recover(self, found: Data) -> Data | None:
        """A create without an answer has made `found`. None: it is of no use and removed, make another one."""
        return found

    def delete(self, current: Data) -> None:
        """Remove it."""
        self.api.delete(self.location(current))

    def fetch(self, key: str) -> Data | None:
        """Read the one whose address ends in `key`."""
        try:
            answer = self.api.get(self.kind.location(key, self.parent_id))
        except NotFound:
            return None
        return self.enrich(self.unwrap(answer))

    def find(self) -> list[Data]:
        """All that carry the identity which the user gave."""
        rows = self.api.rows(self.kind.collection(self.parent_id), self.kind.many, fresh=self.api.wrote)
        return [row for row in rows
                if all(plain(row.get(name)) == plain(self.params[name]) for name in self.kind.identity)]

    def read(self) -> Data | None:
        """The resource as it is now, or None."""
        if self.kind.parent is not None and not self.parent_id:
            return None
        key = self.params.get(self.kind.key)
        if self.kind.singleton or key:
            return None if self.check_mode and key == UNKNOWN else self.fetch(str(key or ""))
        found = only_one(self.find(), self.kind, self.subject, self.kind.key)
        return self.enrich(found) if found else None

    # ── Plans ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def plan_present(self, current: Data | None) -> Plan:
        """Create it, or change what differs."""
        wanted = self.wanted(current)
        if current is None:
            return self._plan_create(wanted)
        differing = self.differing(current, wanted)
        self._refuse_fixed(current, wanted, differing)
        self.check(current, wanted)
        before, after = self._views(current, wanted)
        plan = Plan(before, after, current, wanted=wanted)
        if differing:
            plan.predicted = {**current, **self._values_after(current, wanted)}
            plan.steps.append(Step(f"change {', '.join(differing)} of", lambda now: self._adjust(now, wanted)))
        return plan

    def plan_absent(self, current: Data | None) -> Plan:
        """Remove it, if it is there."""
        if current is None:
            return Plan({}, {}, {})
        before = {name: attribute.normal(current.get(name)) for name, attribute in self.attributes.items()
                  if name in current}
        return Plan(before, {}, {}, [Step("delete", self._remove)])

    def _plan_create(self, wanted: Data) -> Plan:
        key = self.params.get(self.kind.key)
        if self.kind.parent is not None and not self.parent_id and not self.check_mode:
            raise Failure(f"Could not find {self.subject.split(' of ', 1)[-1]}: create it first, or correct its name.")
        if key and self.kind.key not in self.kind.identity and key != UNKNOWN:
            raise Failure(f'There is no {self.kind.noun} with the {self.kind.key} "{key}": leave {self.kind.key} out to '
                          f"find it by {' and '.join(self.kind.identity)} or to create it.")
        missing = [name for name, attribute in self.attributes.items() if attribute.required and name not in wanted]
        if missing:
            raise Failure(f"{self.subject[:1].upper()}{self.subject[1:]} does not exist: to create it, set also "
                          f"{', '.join(missing)}.")
        self.check(None, wanted)
        predicted = merge({**dict.fromkeys(self.attributes), **self.computed}, wanted)
        return Plan({}, self._views({}, wanted)[1], predicted,
                    [Step("create", lambda _: self._create_once(wanted))], wanted)

    # ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> Data:
        """Read, plan, and unless in check mode do it. The result has the same keys on every path."""
        current = self.read()
        plan: Plan = getattr(self, f"plan_{self.params['state']}")(current)
        result: Data = {"changed": bool(plan.steps)}
        if self.invocation.diff:
            result["diff"] = {"before": plan.before, "after": plan.after}
        resource = plan.predicted
        if not self.check_mode:
            resource = self._apply(plan, current or {})
        result[self.kind.name] = self._shown(resource)
        return result

    def _apply(self, plan: Plan, current: Data) -> Data:
        for step in plan.steps:
            self.doing = f"{step.doing} {self.subject}"
            current = step.run(current) or current
        self.doing = f"read {self.subject}"
        if not plan.predicted:
            if plan.steps and self.params["wait"]:
                self._wait_until_gone(current)
            return {}
        if not plan.steps and (not self.params["wait"] or self._is_ready(current)):
            return current
        if not self.params["wait"]:
            return self.refresh(current) or current
        return self.settle(current, plan.wanted)

    def _create_once(self, wanted: Data) -> Data:
        """Create it although answers may get lost: never blindly again."""
        created: Data | None = None
        for remaining in reversed(range(CREATE_TRIES)):
            try:
                created = self.create(wanted)
            except ApiError as error:
                if not (error.uncertain or error.name_is_taken):
                    raise
                found = self._look_for_effect()
                created = self.recover(found) if found else None
                if created is None and (error.name_is_taken or not remaining):
                    raise
            if created is not None:
                break
        assert created is not None  # noqa: S101 - the last try has returned or raised
        later = {name: value for name, value in wanted.items() if not self.attributes[name].at_creation}
        return self._adjust(self.settle(created), later) if later else created

    def _look_for_effect(self) -> Data | None:
        """What a create without an answer has made, if it has made something."""
        def look() -> Look[Data | None]:
            found = self.read()
            late = self.clock.now() - start >= LOOK_FOR_EFFECT
            return Look(found, "", found is not None or late)

        start = self.clock.now()
        return wait_until(look, what=self.subject, goal="there", timeout=2 * LOOK_FOR_EFFECT, clock=self.clock,
                          progress=self.progress, next_step="")

    def _adjust(self, current: Data, wanted: Data) -> Data:
        """Change in place what differs, each attribute by its call."""
        differing = self.differing(current, wanted)
        for updater in self.updaters:
            names = [name for name in updater.names if name in differing]
            if not names:
                continue
            self.doing = f"change {', '.join(names)} of {self.subject}"
            if not self._is_ready(current):
                current = self.settle(current)
            after = self._values_after(current, wanted)
            values = {name: after.get(name, current.get(name)) for name in updater.names}
            change = Change(current, {name: value for name, value in values.items() if value is not None},
                            {name: after[name] for name in names})
            try:
                answer = self._once_free(lambda: updater.method(self, change))  # noqa: B023 - called at once
            except ApiError as error:
                # The refusal may be the echo of an earlier try that got through and whose answer was lost.
                answer = self.refresh(current) if error.follows_uncertain else None
                if answer is None or set(names) & set(self.differing(answer, wanted)):
                    raise
            current = {**current, **(answer or {})}
            if self.ready and answer is None:
                # Such calls are accepted and carried out later; what is known of the state is of before.
                current = self.refresh(current) or current
        return current

    def _remove(self, current: Data) -> None:
        self._once_free(lambda: self.delete(current))

    def _once_free(self, call: Callable[[], Data | None]) -> Data | None:
        """Make a call, again while the API says that the resource is in use or busy."""
        def look() -> Look[Data | None]:
            try:
                return Look(call(), "", True)
            except (Conflict, Forbidden) as error:
                if isinstance(error, Forbidden) and error.lacks_scope:
                    raise
                return Look(None, f"in use ({error.message.rstrip('.')})", False)

        return wait_until(look, what=self.subject, goal="free", timeout=self.params["wait_timeout"], clock=self.clock,
                          progress=self.progress,
                          next_step="Remove what depends on it, or raise wait_timeout, and run again.")

    # ── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────

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
                    raise Failure(f"{self.subject[:1].upper()}{self.subject[1:]} has disappeared while it was waited for: "
                                  "find out who removed it, and run again.")
                return Look(resource, "not visible yet", False)
            if self.state(found) in self.failed:
                raise Failure(self.failure(found))
            stale = self.differing(found, wanted or {})
            usable = self._is_ready(found)
            return Look(found, self.state(found), usable and not (stale and young))

        goal = " or ".join(sorted(self.ready)) or "readable"
        settled = wait_until(look, what=self.subject, goal=goal, timeout=self.params["wait_timeout"], clock=self.clock,
                             progress=self.progress,
                             next_step="It may still get there: run again to keep waiting, or raise wait_timeout.")
        if stale:
            self.warn(f"The API accepted {', '.join(stale)} of {self.subject} but shows another value: "
                      "look at the resource before the next run.")
        self.doing = doing
        return settled

    def failure(self, resource: Data) -> str:
        """The sentence for a resource in a state from which it does not come back."""
        return f"{self.subject[:1].upper()}{self.subject[1:]} went into the state {self.state(resource)}: see its events."

    def _wait_until_gone(self, current: Data) -> None:
        def look() -> Look[None]:
            found = self.refresh(current)
            return Look(None, self.state(found or {}) or "there", found is None)

        wait_until(look, what=self.subject, goal="gone", timeout=self.params["wait_timeout"], clock=self.clock,
                   progress=self.progress, next_step="Run again to keep waiting, or raise wait_timeout.")

    def _is_ready(self, resource: Data) -> bool:
        return not self.ready or self.state(resource) in self.ready

    # ── Small parts ──────────────────────────────────────────────────────────────────────────────────────────────────

    def refresh(self, resource: Data) -> Data | None:
        """Read the same one again."""
        return self.fetch(str(resource.get(self.kind.key, "")))

    def location(self, resource: Data) -> str:
        """The path of this one."""
        return self.kind.location(str(resource.get(self.kind.key, "")), self.parent_id)

    def unwrap(self, answer: Data) -> Data:
        """The resource inside the API's envelope."""
        return dict(answer[self.kind.one]) if self.kind.one else answer

    def differing(self, current: Data, wanted: Data) -> list[str]:
        """The names of the attributes that are not as they shall be."""
        before, after = self._views(current, wanted)
        return [name for name in wanted if before[name] != after[name]]

    def _views(self, current: Data, wanted: Data) -> tuple[Data, Data]:
        pairs = {name: self.attributes[name].view(current.get(name), value) for name, value in wanted.items()}
        return {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}

    def _values_after(self, current: Data, wanted: Data) -> Data:
        return {name: self.attributes[name].after(current.get(name), value) for name, value in wanted.items()}

    def _refuse_fixed(self, current: Data, wanted: Data, differing: list[str]) -> None:
        before, after = self._views(current, wanted)
        refused = [f"{name} is {before[name]!r} and cannot become {after[name]!r} ({self.attributes[name].fixed.rstrip('.')})"
                   for name in differing if self.attributes[name].fixed]
        if refused:
            raise Failure(f"Could not change {self.subject}, nothing was done: {'; '.join(refused)}.")

    def _shown(self, resource: Data) -> Data:
        """As the result has it: with the id of what it lives below, {} when it is not there."""
        if not resource or self.kind.parent is None:
            return resource
        return {**resource, f"{self.kind.parent.short}_id": self.parent_id or UNKNOWN}
