#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: deploy, restart, cancel, roll back."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_deployment
short_description: Deploy, restart or roll back an app
version_added: 0.1.0
description:
  - Starts a deployment of an app as it is described, restarts it, cancels a deployment, and rolls the app back, for
    good or for the time being.
  - To deploy another image or branch, change the spec with M(fisioflow.digitalocean.app), which deploys it.
author:
  - FisioFlow contributors (@fisioflow)
options:
  state:
    description:
      - V(deployed) deploys the app's spec, pulling the newest commit or image of its sources. Always a change.
      - V(restarted) restarts what runs. Always a change.
      - V(canceled) stops a deployment that is under way; what runs goes on running.
      - V(rolled_back) runs an earlier deployment again, after having asked the API whether that can be done. The app
        is then pinned to it; until the rollback is committed or reverted nothing else can be deployed.
      - V(rollback_committed) makes the deployment rolled back to the app's spec.
      - V(rollback_reverted) deploys the app's spec again, as it was before the rollback.
    type: str
    choices: [deployed, restarted, canceled, rolled_back, rollback_committed, rollback_reverted]
    default: deployed
  deployment_id:
    description:
      - With O(state=canceled) the deployment to cancel; without it, the one that is under way.
      - With O(state=rolled_back) the deployment to run again; without it, the last successful one before the newest
        that ran something else. When the newest deployment failed, that is the one that still runs, and nothing is to
        be done.
    type: str
  force_build:
    description:
      - With O(state=deployed), build from source without the build cache.
    type: bool
    default: false
  components:
    description:
      - With O(state=restarted), restart these components only.
    type: list
    elements: str
  skip_pin:
    description:
      - With O(state=rolled_back), commit the rollback at once.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.app
  - fisioflow.digitalocean.lifecycle.waiting
  - fisioflow.digitalocean.attributes
attributes:
  idempotent:
    description:
      - With O(state=deployed) and O(state=restarted) each run is a deployment. All other states report no change, and
        send no write request, when they are reached already.
    support: partial
seealso:
  - module: fisioflow.digitalocean.app
  - module: fisioflow.digitalocean.app_deployment_info
"""

EXAMPLES = r"""
- name: Build and deploy the newest commit
  fisioflow.digitalocean.app_deployment:
    app: clinic
    force_build: true

- name: Restart the web service only
  fisioflow.digitalocean.app_deployment:
    app: clinic
    state: restarted
    components: [web]

- name: Back to what ran before
  fisioflow.digitalocean.app_deployment:
    app: clinic
    state: rolled_back

- name: Keep it that way
  fisioflow.digitalocean.app_deployment:
    app: clinic
    state: rollback_committed

- name: Stop the deployment that is under way, if there is one
  fisioflow.digitalocean.app_deployment:
    app: clinic
    state: canceled
"""

RETURN = r"""
app_deployment:
  description:
    - The deployment that was started, canceled or rolled back to, as the API gives it and without the values of
      secrets. An empty dictionary when there is none.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 3aa4d20e-5527-4c00-b496-601fbd22520a
    app_id: 4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf
    phase: ACTIVE
    cause: rollback to deployment 991dfa59-6a23-459f-86d6-67dfa2c6f1e3
    cloned_from: 991dfa59-6a23-459f-86d6-67dfa2c6f1e3
    services:
      - {name: web, source_commit_hash: 54d4a727f457231062439895000d45437c7bb405}
    progress: {success_steps: 6, total_steps: 6}
    spec: {name: clinic, region: fra, services: [{name: web, http_port: 3000}]}
    created_at: '2026-11-24T03:30:00Z'
    updated_at: '2026-11-24T03:31:00Z'
deployment:
  description: The deployment that failed.
  returned: when a deployment failed
  type: dict
  sample:
    id: 3aa4d20e-5527-4c00-b496-601fbd22520a
    phase: ERROR
failures:
  description:
    - The steps that failed, each with the end of the C(log) of its component where that can be read.
  returned: when a deployment failed
  type: list
  elements: dict
  sample:
    - component: web
      step: deploy/components/web/wait
      code: DeployContainerHealthChecksFailed
      message: Your container did not respond to health checks.
      log: ['web 2026-11-24T03:04:00Z Error: listen EADDRINUSE: address already in use 0.0.0.0:3000']
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Failure, capital
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP, APP_DEPLOYMENT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED, Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import deployments
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import following as app_follow
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.below import BelowApp
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import scrubbed
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import arguments
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module

STATES = ("deployed", "restarted", "canceled", "rolled_back", "rollback_committed", "rollback_reverted")


@dataclass
class Intent:
    """What a run will do: nothing without `start`, which returns the deployment to follow."""

    before: Data
    after: Data
    # The deployment to show when nothing is done.
    deployment: Data
    start: Callable[[], Data] | None = None
    doing: str = ""


class AppDeployment(BelowApp):
    """One class for all that can be done with deployments; each state has its `_plan_<state>`."""

    kind = APP_DEPLOYMENT
    options = {
        "deployment_id": {"type": "str"},
        "force_build": {"type": "bool", "default": False},
        "components": {"type": "list", "elements": "str"},
        "skip_pin": {"type": "bool", "default": False},
    }

    @classmethod
    def own_options(cls) -> Data:
        """Adds state, wait and wait_timeout."""
        return {**arguments.lifecycle(STATES), **cls.options}

    def run(self) -> Data:
        """Plan, and unless in check mode do it and wait for the deployment."""
        if not self.app and not self.check_mode:
            raise Failure(f"There is no {self.app_subject}: create it first, or correct its name.")
        intent: Intent = getattr(self, f"_plan_{self.params['state']}")()
        deployment = intent.deployment
        if not self.check_mode:
            deployment = self._carry_out(intent)
        result: Data = {"changed": intent.start is not None}
        if self.invocation.diff:
            result["diff"] = {"before": intent.before, "after": intent.after}
        shown = {**scrubbed(deployment), "app_id": self.parent_id or UNKNOWN} if deployment else {}
        return {**result, self.kind.name: shown}

    def _carry_out(self, intent: Intent) -> Data:
        deployment = intent.deployment
        if intent.start is not None:
            self.doing = f"{intent.doing} {self.app_subject}"
            deployment = intent.start()
        if not self.params["wait"] or not deployment or deployments.ended(deployment):
            return deployment
        self.doing = f"wait for the deployment of {self.app_subject}"
        canceling = self.params["state"] == "canceled"
        ended = app_follow.follow(
            self, self.app, deployment, timeout=float(self.params["wait_timeout"]), canceling=canceling
        )
        if canceling and deployments.phase(ended) == "ACTIVE":
            raise Failure(
                f"Deployment {ended['id']} of {self.app_subject} went live before it could be canceled: to go back, "
                "use state rolled_back."
            )
        return ended

    # ── Starting something ───────────────────────────────────────────────────────────────────────────────────────────

    def _plan_deployed(self) -> Intent:
        return self._plan_new("deploy", "deployments", {"force_build": self.params["force_build"]})

    def _plan_restarted(self) -> Intent:
        components = self.params.get("components")
        if not self._active and self.app:
            raise Failure(f"Could not restart {self.app_subject}: nothing of it runs. Deploy it first.")
        return self._plan_new("restart", "restart", {"components": components} if components else {})

    def _plan_new(self, doing: str, action: str, body: Data) -> Intent:
        """A deployment that is a change in any case."""
        if self._pinned:
            raise Failure(
                f"Could not {doing} {self.app_subject}: it is pinned to deployment {self._pinned['id']} by a rollback. "
                "Use state rollback_committed or rollback_reverted first."
            )
        before, after = {"deployment": self._active.get("id", "")}, {"deployment": f"a new one ({doing})"}
        predicted = {"id": UNKNOWN, "phase": "ACTIVE", "spec": self.app.get("spec") or {}}
        return Intent(before, after, predicted, lambda: self._start(action, body), doing)

    def _start(self, action: str, body: Data | None) -> Data:
        known = {str(row.get("id")) for row in app_follow.recent(self, self.parent_id)}
        return app_follow.start(self, self.parent_id, action, body, known)

    # ── Canceling ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _plan_canceled(self) -> Intent:
        wanted = self.params.get("deployment_id")
        found = self._deployment(wanted) if wanted else deployments.under_way(self.app)
        if not found or deployments.ended(found):
            return Intent({"under_way": ""}, {"under_way": ""}, found or {})
        predicted = {**found, "phase": "CANCELED"}
        return Intent({"under_way": found["id"]}, {"under_way": ""}, predicted, lambda: self._cancel(found), "cancel")

    def _cancel(self, deployment: Data) -> Data:
        path = f"{APP_DEPLOYMENT.location(str(deployment['id']), self.parent_id)}/cancel"
        try:
            return APP_DEPLOYMENT.unwrap(self.api.post(path, promise=APP_DEPLOYMENT.promise))
        except ApiError as error:
            now = app_follow.read(self, self.parent_id, str(deployment["id"]))
            if not (error.uncertain or deployments.ended(now)):
                raise
            # It has ended meanwhile, or the answer was lost.
            if now and not deployments.ended(now):
                return APP_DEPLOYMENT.unwrap(self.api.post(path, promise=APP_DEPLOYMENT.promise))
            return now or deployment

    # ── Rolling back ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _plan_rolled_back(self) -> Intent:
        target = self._target()
        shown = {"deployment": self._active.get("id", ""), "pinned": bool(self._pinned)}
        if target is None or deployments.runs_on(self.app, str(target["id"])):
            return Intent(shown, shown, self._pinned or self._active)
        body = {"deployment_id": target["id"], "skip_pin": self.params["skip_pin"]}
        self._validate(target, body)
        after = {"deployment": f"a copy of {target['id']}", "pinned": not self.params["skip_pin"]}
        predicted = {**target, "id": UNKNOWN, "phase": "ACTIVE", "cloned_from": target["id"]}
        doing = f"roll back to deployment {target['id']}"
        return Intent(shown, after, predicted, lambda: self._start("rollback", body), doing)

    def _target(self) -> Data | None:
        """The deployment to run again; None when the app has been rolled back already."""
        wanted = self.params.get("deployment_id")
        if wanted:
            return self._deployment(wanted)
        committed = self.params["skip_pin"] and deployments.is_rollback(self._active)
        if self._pinned or committed or not self.app:
            return None
        target = deployments.rollback_target(app_follow.recent(self, self.parent_id))
        if target is None:
            raise Failure(
                f"Could not roll back {self.app_subject}: it has no earlier successful deployment that ran anything "
                "else."
            )
        return target

    def _validate(self, target: Data, body: Data) -> None:
        """The API tells whether it can be done, and what will be less than exact. Nothing is changed by asking."""
        self.doing = f"validate the rollback of {self.app_subject}"
        answer = self.api.ask(f"{APP.location(self.parent_id)}/rollback/validate", body, Promise("valid", bool))
        if not answer["valid"]:
            raise Failure(
                f"Could not roll back {self.app_subject} to deployment {target['id']}, nothing was done: "
                f"{_condition(answer.get('error') or {})}. Choose another one with deployment_id, or remove the cause."
            )
        for warning in answer.get("warnings") or []:
            self.warn(f"Rollback of {self.app_subject} to deployment {target['id']}: {_condition(warning)}.")

    def _plan_rollback_committed(self) -> Intent:
        pinned = {"pinned": self._pinned.get("id", "")}
        if not self._pinned:
            return Intent(pinned, pinned, self._active)
        return Intent(pinned, {"pinned": ""}, self._pinned, self._commit, "commit the rollback of")

    def _commit(self) -> Data:
        rollback = self._pinned
        if self.params["wait"] and not deployments.ended(rollback):
            rollback = app_follow.follow(self, self.app, rollback, timeout=float(self.params["wait_timeout"]))
        try:
            self.api.post(f"{APP.location(self.parent_id)}/rollback/commit", promise=ACKNOWLEDGED)
        except ApiError as error:
            # A lost answer: what counts is whether the app is pinned still.
            if not error.uncertain:
                raise
            if (self.read_app(self.parent_id) or {}).get("pinned_deployment"):
                self.api.post(f"{APP.location(self.parent_id)}/rollback/commit", promise=ACKNOWLEDGED)
        return rollback

    def _plan_rollback_reverted(self) -> Intent:
        pinned = {"pinned": self._pinned.get("id", "")}
        if not self._pinned:
            return Intent(pinned, pinned, self._active)
        predicted = {"id": UNKNOWN, "phase": "ACTIVE", "spec": self.app.get("spec") or {}}
        start = partial(self._start, "rollback/revert", None)
        return Intent(pinned, {"pinned": ""}, predicted, start, "revert the rollback of")

    # ── Small parts ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _active(self) -> Data:
        return dict(self.app.get("active_deployment") or {})

    @property
    def _pinned(self) -> Data:
        return dict(self.app.get("pinned_deployment") or {})

    def _deployment(self, deployment_id: str) -> Data:
        found = app_follow.read(self, self.parent_id, deployment_id) if self.parent_id else {}
        if found is None:
            raise Failure(f"{capital(self.app_subject)} has no deployment {deployment_id}.")
        return found


def _condition(condition: Data) -> str:
    """The API's reason against a rollback, or its warning about one."""
    names = ", ".join(condition.get("components") or [])
    text = str(condition.get("message") or "the API gives no reason").rstrip(".")
    code = f" ({condition['code']})" if condition.get("code") else ""
    return f"{text}{code}" + (f": {names}" if names else "")


def main() -> None:
    """Run as an ordinary module."""
    run_module(AppDeployment)


if __name__ == "__main__":
    main()
