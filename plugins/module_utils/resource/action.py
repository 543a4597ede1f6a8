# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions: what is done to something that is there, and leaves nothing that could be described; beside `Resource`.

A deployment, a failover, a garbage collection, what is done to a Droplet. (What is done to a resource in passing, such
as purging a cache or resetting a password, is a further step of the resource's own module: `Plan.also`.)

How to add a module
===================
1. Add its `Kind` to kinds.py: its `parent` is what it is done to.
2. Write plugins/modules/<name>.py, documented as a resource is (see resource.py, fragment `lifecycle.waiting`), with
   one class and a `plan_<state>` for each thing to do:

       class DatabaseFailover(Action):
           kind = DATABASE_FAILOVER
           states = ("failed_over",)

           def plan_failed_over(self, cluster: Data) -> Plan:             # the cluster as it is now; {} in check mode
               if cluster.get("num_nodes") == 1:                          #   while it is yet to come
                   raise Failure(f"{capital(self.subject)} has no standby …")       # refused before any write
               before, after = {"primary": cluster.get("primary")}, {"primary": "a standby"}    # the diff
               return Plan(before, after, {**cluster, "primary": UNKNOWN}, [Step("fail over", self._fail_over)])

           def _fail_over(self, cluster: Data) -> Data:
               ask = partial(self.api.post, f"{DATABASE_CLUSTER.location(cluster['id'])}/failover", {})
               return once(self.clock, ask, lambda: self._taken_over(cluster))   # never twice, see once.py

           def follow(self, cluster: Data, failover: Data) -> Data:
               return self.wait_until(lambda: Look(…), goal="online", next_step="Run again to keep waiting.")

   What is done already is a plan without steps: `Plan(before, before, what_is_shown)`; it is not done twice, and the
   task reports no change.
3. As for a resource, meta/runtime.yml. The law is about what shall be; what an action does has a test of its own (see
   tests/integration/test_app_deployment.py), which tests/unit/house/test_modules.py names.

Check mode, diff, errors, masking and waiting are written once, as for resources (planned.py). The hooks are `target`
(how to get what it is done to), `follow`, and `shown` (its outcome in the result).
"""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.planned import Plan, Planned


class Action(Planned):
    """A module that does something to what its kind's parent is. See the top of this file."""

    @property
    def subject(self) -> str:
        """How sentences call what it is done to: an action has no name."""
        return self.parent_subject

    # ── Hooks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def target(self) -> Data | None:
        """What it is done to, as it is now; None when it is not there."""
        parent = self.kind.parent
        if parent is None or not self.parent_id:
            return None
        try:
            return parent.unwrap(self.api.get(parent.location(self.parent_id), parent.promise), self.parent_id)
        except NotFound:
            return None

    def follow(self, target: Data, done: Data) -> Data:  # noqa: ARG002
        """Wait for the end of what was begun, or was under way, and return it as it is then."""
        return done

    # ── The frame ────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self) -> Data:
        """The target, which must be there; in check mode, it may be yet to come."""
        found = self.target()
        if not found and not self.check_mode:
            raise Failure(f"There is no {self.subject}: create it first, or correct its name.")
        return found or {}

    def apply(self, plan: Plan, current: Data) -> Data:
        """Do it, if it is not done, and wait for what comes of it. The step returns that."""
        done = super().apply(plan, current) if plan.steps else plan.predicted
        if self.params["wait"] and done:
            self.doing = f"wait for the {self.kind.noun} of {self.subject}"
            done = self.follow(current, done)
        return done
