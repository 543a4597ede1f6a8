# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources: things that shall be there, be so and so, or not be there.

How to add a module
===================
1. Its `Kind` in api/kinds.py: where it lives in the API, what it is called, and the noun of its scopes.
2. plugins/modules/<name>.py: DOCUMENTATION (with the fragments `common`, `lifecycle`, `attributes`), EXAMPLES, RETURN
   with a real sample, and one class named like the module in CamelCase (database_pool.py is a small one to begin with):

       class Vpc(Resource):
           '''A VPC: its name changes in place, its region never.'''

           kind = VPC
           attributes = {                                                # what the module manages, each with its option
               "name": Attribute(required=True),
               "region": Attribute(fixed="create another VPC there", needed=True),
               "default": Attribute("bool", at_creation=False),
           }
           options = {"id": {"type": "str"}}                             # the others, as AnsibleModule takes them
           computed = {"id": UNKNOWN, "urn": UNKNOWN}                    # what only the API knows, for check mode
           patch = patches("name", "default")                            # which call changes what, in order


       def main() -> None:
           '''Run as an ordinary module.'''
           run_module(Vpc)

3. plugins/modules/<name>_info.py: `class VpcInfo(Info)` with its `kind` (info.py).
4. Both in `action_groups` and `plugin_routing` of meta/runtime.yml, the first in tests/integration/law/table.py.
   tests/unit/house/test_modules.py tells what is missing.

Everything else is written once: look-up and comparison (reading.py), waiting (waiting.py), check mode and diff
(planned.py), planning and writing (here), retries (client.py), lost answers (once.py), errors (errors.py), masking
(secrets.py). What is no resource but is done to one is an `Action` (action.py).

What a class says: `kind`, `attributes`, `options`, `computed`, and its calls by `patches`, `puts` or `@changes`
(attributes.py); where it differs, `states`, `ready` and `failed` (reading.py), `rules`, `reveals` and `finders`
(module.py).

The hooks
=========
A resource that differs overrides the hook of its difference, and only that. Each is described where it is defined.

    to read        find, fetch, read        by identity, by key, or in a way of its own: rows, one or None, one or None.
                                            By what is worked out from an option: `read` is `self.fetch(…)`, or else
                                            super's. `absent` compares nothing: what must match stands in `read`
                   enrich, unwrap           add attributes that have an address of their own; open the API's envelope
                   state, failure           the state in the API's words (see `ready`); what to say of one that failed
    to plan        wanted                   what shall be, when it is more than the options
                   check                    refuse what can be told without asking, by `raise self.refusal(doing, why)`
                   unoffered                refuse what is not on offer: one sentence for each
                   undeletable, held        why it can never be deleted; what would be lost with it, without `force`
                   plan_<state>             a further state, or with `Plan.also` a further step
    to write       body, create             what the create call sends; the call itself
                   recover                  what to do with what a create without an answer has made
                   delete                   the delete call
                   apply                    the steps of a plan, and the wait for what comes of them
    to tell        shown, run               the resource in the result; the whole result

They find the options in `params`, the account in `api` (client.py), and what it is called in sentences in `subject`,
and have `location`, `refresh`, `settle` (wait until it is usable), `when_free` (repeat while it is in use),
`create_once` (whatever happens to the answer), `wait_until`, `warn` and `progress`. What begins with an underscore is
nobody else's.
"""

from __future__ import annotations

from functools import partial

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ahead import OfBeforeError
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import (
    ApiError,
    Failure,
    Forbidden,
    NotFound,
    capital,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import once
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Change
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.compare import merge, plain
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.planned import Plan, Step
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.waiting import WaitingResource

__all__ = ["Plan", "Resource", "Step"]


class Resource(WaitingResource):
    """A module that makes one resource be as described: plan first, then write. See the top of this file."""

    # ── Plans ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def plan_present(self, current: Data | None) -> Plan:
        """Create it, or change what differs."""
        wanted = self.wanted(current)
        differing = [] if current is None else self.differing(current, wanted)
        if (current is None or differing) and self.invocation.ahead.took:
            # Nothing more is asked about what may be different by now.
            raise OfBeforeError
        if current is None:
            return self._plan_create(wanted)
        self._refuse_fixed(current, wanted)
        self.check(current, wanted)
        self.refuse_unoffered(current, {name: wanted[name] for name in differing})
        if differing and self.params["wait"] and not self.check_mode and not self.is_ready(current):
            # What is under way may be just what is wanted.
            return self.plan_present(self.settle(current))
        before, after = self._views(current, wanted)
        plan = Plan(before, after, current, wanted=wanted)
        if differing and self._too_early(current):
            plan.after = before
        elif differing:
            plan.predicted = {**current, **self._values_after(current, wanted)}
            plan.steps.append(Step(f"change {', '.join(differing)} of", lambda _: self._adjust(current, wanted)))
        return plan

    def plan_absent(self, current: Data | None) -> Plan:
        """Remove it, if it is there."""
        if current is None:
            self.refuse_other_case()
            return Plan({}, {}, {})
        if why := self.undeletable(current):
            raise Failure(f"Could not delete {self.subject}: {why}.")
        try:
            self._keep_what_it_holds(current)
        except NotFound:
            # It may have gone since it was found.
            if self.refresh(current) is not None:
                raise
            return Plan({}, {}, {})
        before = {
            name: attribute.normal(current.get(name)) for name, attribute in self.attributes.items() if name in current
        }
        return Plan(before, {}, {}, [Step("delete", self._remove)])

    def _plan_create(self, wanted: Data) -> Plan:
        key = self.params.get(self.kind.key)
        # What there is exactly one of is missing only where its parent is. In check mode, that may be yet to come.
        parentless = self.kind.singleton if self.parent_id else not self.check_mode
        if self.kind.parent is not None and parentless:
            raise Failure(f"Could not find {self.parent_subject}: create it first, or correct its name.")
        if key and self.kind.key not in self.kind.identity and key != UNKNOWN:
            raise Failure(
                f'There is no {self.kind.noun} with the {self.kind.key} "{key}": leave {self.kind.key} out '
                f"to find it by {' and '.join(self.kind.identity)}, or to create it."
            )
        missing = [name for name, attribute in self.attributes.items() if attribute.needed and name not in wanted]
        if missing:
            raise Failure(f"{capital(self.subject)} does not exist: to create it, set also {', '.join(missing)}.")
        self.check(None, wanted)
        self.refuse_unoffered(None, wanted)
        always = (name for name, attribute in self.attributes.items() if not attribute.on_demand)
        predicted = merge({**dict.fromkeys(always), **self.computed}, wanted)
        return Plan(
            {}, self._views({}, wanted)[1], predicted, [Step("create", lambda _: self.create_once(wanted))], wanted
        )

    def refuse_unoffered(self, current: Data | None, asked: Data) -> None:
        """Hold what is planned, if something is, against what the API offers.

        Whether it can be told is up to the token: where it may not look, the API judges when it is asked to write.
        """
        asked = {name: value for name, value in asked.items() if value not in (None, UNKNOWN)}
        if not asked:
            return
        doing, self.doing = self.doing, f"ask what is on offer for {self.subject}"
        try:
            problems = list(self.unoffered(current, asked))
        except Forbidden as error:
            if self.check_mode:
                self.warn(f"Could not {self.doing}, so it was not looked at: {error.what_happened}.")
            return
        finally:
            self.doing = doing
        if problems:
            raise self.refusal(
                "change" if current else "create", "; ".join(problem.rstrip(".") for problem in problems)
            )

    def _refuse_fixed(self, current: Data, wanted: Data) -> None:
        before, after = self._views(current, wanted)
        refused = [
            f"{name} is {before[name]!r} and cannot become {after[name]!r} ({way_out.rstrip('.')})"
            for name in self.differing(current, wanted)
            if (way_out := self.attributes[name].fixed)
        ]
        if refused:
            raise self.refusal("change", "; ".join(refused))

    # ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def apply(self, plan: Plan, current: Data) -> Data:
        """Take the steps, and wait until the resource is usable and shows what was planned, or is gone."""
        current = super().apply(plan, current)
        self.doing = f"read {self.subject}"
        if not plan.predicted:
            if plan.steps and self.params["wait"]:
                self._wait_until_gone(current)
            return {}
        if not plan.steps and (not self.params["wait"] or self.is_ready(current)):
            return current
        if not self.params["wait"]:
            return self.refresh(current) or current
        return self.settle(current, plan.wanted)

    def create_once(self, wanted: Data) -> Data:
        """Create it although answers may get lost: never blindly again."""
        later = {name: value for name, value in wanted.items() if not self.attributes[name].at_creation}

        def take(found: Data) -> Data | None:
            nonlocal later
            recovered = self.recover(found)
            if recovered is not None:
                self._refuse_fixed(recovered, wanted)
                later = wanted
            return recovered

        create = partial(self._when_possible, partial(self.create, wanted))
        made = once(self.clock, create, self.read, named=True, take=take)
        if not later or self._too_early(made):
            return made
        return self._adjust(made if later is wanted else self.settle(made), later)

    def _adjust(self, current: Data, wanted: Data) -> Data:
        """Change in place what differs, each attribute by its call."""
        differing = self.differing(current, wanted)
        for updater in self.updaters:
            names = [name for name in updater.names if name in differing]
            if not names:
                continue
            # A thing that is one attribute and nothing else bears its name already.
            what = "" if names == [self.kind.one] else f"{', '.join(names)} of "
            self.doing = f"change {what}{self.subject}"
            if not self.is_ready(current):
                current = self.settle(current)
            after = self._values_after(current, wanted)
            values = {name: after.get(name, current.get(name)) for name in updater.names}
            change = Change(
                current,
                {name: value for name, value in values.items() if value is not None},
                {name: after[name] for name in names},
            )
            try:
                answer = self.when_free(partial(updater.method, self, change))
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

    def _too_early(self, current: Data) -> bool:
        """A change needs a usable resource; a task that does not wait for one leaves it to the task that does."""
        return not self.params["wait"] and not self.is_ready(current)

    def _remove(self, current: Data) -> None:
        """Look again right before, by id: what a list has shown may be gone by now, or called otherwise."""
        now = self.refresh(current)
        if now is None:
            return
        if renamed := [name for name in self.kind.identity if plain(now.get(name)) != plain(current.get(name))]:
            raise self.refusal(
                "delete", f'its {renamed[0]} is "{now.get(renamed[0])}" now. Correct the name, and run again'
            )
        self.when_free(lambda: self._delete_what_holds_nothing(now), deletes=True)

    def _delete_what_holds_nothing(self, now: Data) -> None:
        """What was planned may have been planned on an older sight."""
        self._keep_what_it_holds(now)
        self.delete(now)

    def _keep_what_it_holds(self, current: Data) -> None:
        if self.params.get("force"):
            return
        doing, self.doing = self.doing, f"look at what would be lost with {self.subject}"
        if held := self.held(current):
            raise self.refusal("delete", f"it holds {held}; set force to true to delete it all the same")
        self.doing = doing
