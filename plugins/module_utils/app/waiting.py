# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app that is waited for by the deployment which a write has started."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import deployments
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import following as app_follow
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import plaintexts, scrubbed
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

# Seconds within which an app shows the deployment that has just become active, and its alerts.
CONSISTENT_WITHIN = 30.0


class WaitingApp(Resource):
    """The waits of an app. All together are bounded by `wait_timeout`."""

    kind = APP
    finders = (plaintexts,)

    def __init__(self, invocation: Invocation) -> None:
        super().__init__(invocation)
        # The deployment that this run has caused or waited for.
        self.deployment: Data = {}
        self._deploys = False
        # Seconds on the clock.
        self.begun = self.clock.now()

    def run(self) -> Data:
        """The result has the deployment as well."""
        return {**super().run(), "deployment": scrubbed(self.deployment)}

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
            self.deployment = app_follow.follow(self, resource, awaited, timeout=self._remaining())
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
            rows = [] if found else app_follow.recent(self, str(app["id"]))
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
