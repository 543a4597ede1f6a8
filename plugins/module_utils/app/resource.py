# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app whose alerts have recipients. They are set after the deployment, which brings the alerts."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import alerts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.waiting import CONSISTENT_WITHIN, WaitingApp
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Step

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


class TellingApp(WaitingApp):
    """The option `alert_destinations`."""

    attributes = {"alert_destinations": Attribute(**RECIPIENTS, normal=alerts.normal, on_demand=True)}

    def __init__(self, invocation: Invocation) -> None:
        super().__init__(invocation)
        self.alerts: list[Data] = []
        self._labels: list[str] = []

    def run(self) -> Data:
        """The result has the alerts as well."""
        result = super().run()
        told = [{**alert, **alerts.masked(alerts.normal(alert))} for alert in self.alerts]
        return {**result, "alerts": told}

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
        plan.after = {**plan.after, "alert_destinations": after}
        if current:
            plan.before = {**plan.before, "alert_destinations": before}
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
