# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app as its deployments have it: each change of it starts one, which is waited for and brings its alerts."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import alerts, deployments, following
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import plaintexts, scrubbed
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Resource, Step

# Seconds within which an app shows the deployment that has just become active, and its alerts.
CONSISTENT_WITHIN = 30.0
RECIPIENTS: Data = {
    "type": "dict",
    "options": {
        "emails": {"type": "list", "elements": "str"},
        "slack_webhooks": {
            "type": "list",
            "elements": "dict",
            "options": {
                "url": {"type": "str", "required": True, "no_log": True},
                "channel": {"type": "str", "required": True},
            },
        },
    },
}


class DeployedApp(Resource):
    """The waits of an app, all together bounded by `wait_timeout`, and the option `alert_destinations`."""

    kind = APP
    attributes = {"alert_destinations": Attribute(**RECIPIENTS, normal=alerts.normal, on_demand=True)}
    finders = (plaintexts,)

    def __init__(self, invocation: Invocation) -> None:
        super().__init__(invocation)
        # The deployment that this run has caused or waited for.
        self.deployment: Data = {}
        self._deploys = False
        # Seconds on the clock.
        self.begun = self.clock.now()
        self.alerts: list[Data] = []
        self._labels: list[str] = []

    def run(self) -> Data:
        """The result has the deployment and the alerts as well."""
        result = super().run()
        told = [{**alert, **alerts.masked(alerts.normal(alert))} for alert in self.alerts]
        return {**result, "deployment": scrubbed(self.deployment), "alerts": told}

    # ── The deployment ───────────────────────────────────────────────────────────────────────────────────────────────

    def caused(self, app: Data) -> Data:
        """Remember the deployment that a write has started."""
        self.deployment = deployments.under_way(app) or self.deployment
        self._deploys = True
        return app

    def is_ready(self, resource: Data) -> bool:
        """Whether no deployment is under way."""
        return deployments.under_way(resource) is None

    def settle(self, resource: Data, wanted: Data | None = None) -> Data:  # noqa: ARG002 - the deployment tells
        """Wait for the deployment that this run caused, or that is under way, and read the app again."""
        if not self.params["wait"]:
            return resource
        if not self._deploys and self.is_ready(resource):
            return self.refresh(resource) or resource
        doing, self.doing = self.doing, f"wait for the deployment of {self.subject}"
        if not deployments.ended(self.deployment):
            awaited = self.deployment or self._awaited(resource)
            self.deployment = following.follow(self, resource, awaited, timeout=self._remaining())
        live, begun = str(self.deployment["id"]), self.clock.now()

        def look() -> Look[Data]:
            found = self.refresh(resource) or resource
            shown = str((found.get("active_deployment") or {}).get("id"))
            return Look(found, "stale", shown == live or self.clock.now() - begun >= CONSISTENT_WITHIN)

        settled = self.wait_until(look, goal="up to date", timeout=2 * CONSISTENT_WITHIN, next_step="Run again.")
        self.doing = doing
        return settled

    def _awaited(self, app: Data) -> Data:
        """The deployment to wait for. The API tells it with the write; a lost answer is made up for by looking."""

        def look() -> Look[Data]:
            found = deployments.under_way(self.refresh(app) or app)
            rows = [] if found else following.recent(self, str(app["id"]))
            result: Data = found or (rows[0] if rows else {})
            return Look(result, "without a deployment", bool(result))

        return deployments.under_way(app) or self.wait_until(
            look,
            goal="being deployed",
            timeout=self._remaining(),
            next_step="Run again, or look at the app in the control panel.",
        )

    def _remaining(self) -> float:
        return max(1.0, float(self.params["wait_timeout"]) - (self.clock.now() - self.begun))

    # ── The alerts ───────────────────────────────────────────────────────────────────────────────────────────────────

    def plan_alerts(self, current: Data | None, spec: Data, plan: Plan) -> None:
        """Compare the recipients of the alerts that `spec`, the whole one to have, asks for."""
        wanted = self.params.get("alert_destinations")
        if not wanted:
            return
        self.alerts = self._read_alerts(current) if current else []
        labels = alerts.expected(spec)
        if current and not plan.steps and (self.is_ready(current) or not self.params["wait"]):
            # Without a deployment none appears: the API has a reason of its own not to list it. And one that a
            # deployment under way will bring, but that is not waited for, cannot be written to.
            there = [label for label in labels if label in map(alerts.label, self.alerts)]
            if not self.is_ready(current):
                self._warn_of_missing(set(labels) - set(there))
            labels = there
        before, after = alerts.view(self.alerts, labels, wanted)
        plan.also({"alert_destinations": before} if current else {}, {"alert_destinations": after})
        if before != after and (after or current):
            self._labels = list(after)
            doing = "set the recipients of the alerts of"
            plan.steps.append(Step(doing, lambda app: self.change(app, "alert_destinations", wanted)))

    def change(self, app: Data, name: str, value: object) -> Data:
        """Make the call that changes one attribute."""
        updater = next(updater for updater in self.updaters if name in updater.names)
        answer = updater.method(self, Change(app, {name: value}, {name: value})) or {}
        return answer if "spec" in answer else {**app, **answer}

    @changes("alert_destinations")
    def notify(self, change: Change) -> Data | None:
        """After the deployment, which brings the alerts: give each its recipients."""
        app = self.settle(change.current) if self.params["wait"] else change.current
        path = f"{APP.location(str(app['id']))}/alerts"
        self.alerts = self._alerts_when_there(app, self._labels)
        for alert in self.alerts:
            body = alerts.body(alert, change.values["alert_destinations"])
            if body is not None:
                self.api.post(f"{path}/{alert['id']}/destinations", body, Promise("alert"), repeatable=True)
        self._warn_of_missing(set(self._labels) - {alerts.label(alert) for alert in self.alerts})
        self.alerts = self._read_alerts(app)
        return app

    def _warn_of_missing(self, labels: set[str]) -> None:
        if labels:
            self.warn(
                f"{', '.join(sorted(labels))} of {self.subject} does not exist before its deployment has ended: run "
                "again to set its recipients."
            )

    def _alerts_when_there(self, app: Data, labels: list[str]) -> list[Data]:
        """The alerts, once all are there; after a moment, or without waiting, those that are."""
        begun = self.clock.now()
        patience = CONSISTENT_WITHIN if self.params["wait"] else 0.0

        def look() -> Look[list[Data]]:
            found = self._read_alerts(app)
            complete = set(labels) <= {alerts.label(alert) for alert in found}
            return Look(found, "without alerts", complete or self.clock.now() - begun >= patience)

        return self.wait_until(look, goal="complete", timeout=2 * CONSISTENT_WITHIN, next_step="Run again.")

    def _read_alerts(self, app: Data) -> list[Data]:
        return list(self.api.get(f"{APP.location(str(app['id']))}/alerts", Promise("alerts", list))["alerts"])
