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

from functools import partial

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Failure, capital
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP, APP_DEPLOYMENT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import once
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED, Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import deployments, following
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.below import BelowApp
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import scrubbed
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.action import Action
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.planned import Plan, Step


class AppDeployment(BelowApp, Action):
    """All that can be done with deployments."""

    kind = APP_DEPLOYMENT
    states = ("deployed", "restarted", "canceled", "rolled_back", "rollback_committed", "rollback_reverted")
    options = {
        "deployment_id": {"type": "str"},
        "force_build": {"type": "bool", "default": False},
        "components": {"type": "list", "elements": "str"},
        "skip_pin": {"type": "bool", "default": False},
    }

    def target(self) -> Data:
        """The app."""
        return self.app

    def shown(self, outcome: Data) -> Data:
        """Without secrets."""
        return super().shown(scrubbed(outcome))

    def follow(self, target: Data, done: Data) -> Data:
        """Until the deployment, or the one that took its place, has ended."""
        if deployments.ended(done):
            return done
        timeout, canceling = float(self.params["wait_timeout"]), self.params["state"] == "canceled"
        ended = following.follow(self, target, done, timeout=timeout, canceling=canceling)
        if canceling and deployments.phase(ended) == "ACTIVE":
            raise Failure(
                f"Deployment {ended['id']} of {self.subject} went live before it could be canceled: to go back, "
                "use state rolled_back."
            )
        return ended

    # ── Starting something ───────────────────────────────────────────────────────────────────────────────────────────

    def plan_deployed(self, app: Data) -> Plan:
        """Deploy the spec."""
        return self._plan_new(app, "deploy", "deployments", {"force_build": self.params["force_build"]})

    def plan_restarted(self, app: Data) -> Plan:
        """Restart what runs."""
        components = self.params.get("components")
        if app and not _active(app):
            raise Failure(f"Could not restart {self.subject}: nothing of it runs. Deploy it first.")
        return self._plan_new(app, "restart", "restart", {"components": components} if components else {})

    def _plan_new(self, app: Data, doing: str, action: str, body: Data) -> Plan:
        """A deployment that is a change in any case."""
        if pinned := _pinned(app):
            raise Failure(
                f"Could not {doing} {self.subject}: it is pinned to deployment {pinned['id']} by a rollback. "
                "Use state rollback_committed or rollback_reverted first."
            )
        before, after = {"deployment": _active(app).get("id", "")}, {"deployment": f"a new one ({doing})"}
        return Plan(before, after, _another(app), [Step(doing, partial(self._start, action, body))])

    def _start(self, action: str, body: Data | None, app: Data) -> Data:
        known = {str(row.get("id")) for row in following.recent(self, app["id"])}
        return following.start(self, app["id"], action, body, known)

    # ── Canceling ────────────────────────────────────────────────────────────────────────────────────────────────────

    def plan_canceled(self, app: Data) -> Plan:
        """Stop what is under way."""
        wanted = self.params.get("deployment_id")
        found = self._deployment(app, wanted) if wanted else deployments.under_way(app)
        nothing = {"under_way": ""}
        if not found or deployments.ended(found):
            return Plan(nothing, nothing, found or {})
        predicted = {**found, "phase": "CANCELED"}
        return Plan({"under_way": found["id"]}, nothing, predicted, [Step("cancel", lambda _: self._cancel(found))])

    def _cancel(self, deployment: Data) -> Data:
        path = APP_DEPLOYMENT.location(str(deployment["id"]), self.parent_id)
        ask = partial(self.api.post, f"{path}/cancel", promise=APP_DEPLOYMENT.promise)

        def ended() -> Data | None:
            now = following.read(self, self.parent_id, str(deployment["id"]))
            return now if deployments.ended(now) else None

        try:
            return once(self.clock, lambda: APP_DEPLOYMENT.unwrap(ask()), ended)
        except ApiError:
            # It may have ended meanwhile.
            now = ended()
            if now is None:
                raise
            return now

    # ── Rolling back ─────────────────────────────────────────────────────────────────────────────────────────────────

    def plan_rolled_back(self, app: Data) -> Plan:
        """Run an earlier deployment again."""
        earlier = self._earlier(app)
        shown = {"deployment": _active(app).get("id", ""), "pinned": bool(_pinned(app))}
        if earlier is None or deployments.runs_on(app, str(earlier["id"])):
            return Plan(shown, shown, _pinned(app) or _active(app))
        body = {"deployment_id": earlier["id"], "skip_pin": self.params["skip_pin"]}
        self._validate(earlier, body)
        after = {"deployment": f"a copy of {earlier['id']}", "pinned": not self.params["skip_pin"]}
        predicted = {**earlier, "id": UNKNOWN, "phase": "ACTIVE", "cloned_from": earlier["id"]}
        roll_back = Step(f"roll back to deployment {earlier['id']}", partial(self._start, "rollback", body))
        return Plan(shown, after, predicted, [roll_back])

    def _earlier(self, app: Data) -> Data | None:
        """The deployment to run again; None when the app has been rolled back already."""
        wanted = self.params.get("deployment_id")
        if wanted:
            return self._deployment(app, wanted)
        committed = self.params["skip_pin"] and deployments.is_rollback(_active(app))
        if _pinned(app) or committed or not app:
            return None
        found = deployments.rollback_target(following.recent(self, app["id"]))
        if found is None:
            raise Failure(
                f"Could not roll back {self.subject}: it has no earlier successful deployment that ran anything else."
            )
        return found

    def _validate(self, earlier: Data, body: Data) -> None:
        """The API tells whether it can be done, and what will be less than exact. Nothing is changed by asking."""
        self.doing = f"validate the rollback of {self.subject}"
        answer = self.api.ask(f"{APP.location(self.parent_id)}/rollback/validate", body, Promise("valid", bool))
        if not answer["valid"]:
            raise Failure(
                f"Could not roll back {self.subject} to deployment {earlier['id']}, nothing was done: "
                f"{_condition(answer.get('error') or {})}. Choose another one with deployment_id, or remove the cause."
            )
        for warning in answer.get("warnings") or []:
            self.warn(f"Rollback of {self.subject} to deployment {earlier['id']}: {_condition(warning)}.")

    def plan_rollback_committed(self, app: Data) -> Plan:
        """Make what runs the spec."""
        return self._plan_unpinned(app, _pinned(app), Step("commit the rollback of", self._commit))

    def plan_rollback_reverted(self, app: Data) -> Plan:
        """Go back to the spec."""
        revert = Step("revert the rollback of", partial(self._start, "rollback/revert", None))
        return self._plan_unpinned(app, _another(app), revert)

    def _plan_unpinned(self, app: Data, predicted: Data, step: Step) -> Plan:
        """A rollback that is under way has one of two ends."""
        pinned = {"pinned": _pinned(app).get("id", "")}
        if not _pinned(app):
            return Plan(pinned, pinned, _active(app))
        return Plan(pinned, {"pinned": ""}, predicted, [step])

    def _commit(self, app: Data) -> Data:
        rollback = _pinned(app)
        if self.params["wait"]:
            rollback = self.follow(app, rollback)

        def unpinned() -> Data | None:
            now = self.read_app(app["id"])
            return now if now and not _pinned(now) else None

        once(
            self.clock,
            partial(self.api.post, f"{APP.location(app['id'])}/rollback/commit", promise=ACKNOWLEDGED),
            unpinned,
        )
        return rollback

    def _deployment(self, app: Data, deployment_id: str) -> Data:
        found = following.read(self, app["id"], deployment_id) if app else {}
        if found is None:
            raise Failure(f"{capital(self.subject)} has no deployment {deployment_id}.")
        return found


def _active(app: Data) -> Data:
    return dict(app.get("active_deployment") or {})


def _pinned(app: Data) -> Data:
    return dict(app.get("pinned_deployment") or {})


def _another(app: Data) -> Data:
    """What a new deployment will be."""
    return {"id": UNKNOWN, "phase": "ACTIVE", "spec": app.get("spec") or {}}


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
