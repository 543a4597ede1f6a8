#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which deployments an app has had."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_deployment_info
short_description: List deployments of an app
version_added: 0.1.0
description:
  - Lists the deployments of an app, the newest first.
author:
  - FisioFlow contributors (@fisioflow)
options:
  deployment_types:
    description:
      - Only deployments of these types.
    type: list
    elements: str
    choices:
      - MANUAL
      - DEPLOY_ON_PUSH
      - MAINTENANCE
      - MANUAL_ROLLBACK
      - AUTO_ROLLBACK
      - UPDATE_DATABASE_TRUSTED_SOURCES
      - AUTOSCALED
  phases:
    description:
      - Only deployments that are in one of these phases.
    type: list
    elements: str
    choices: [PENDING_BUILD, BUILDING, PENDING_DEPLOY, DEPLOYING, ACTIVE, SUPERSEDED, ERROR, CANCELED]
  limit:
    description:
      - At most so many, the newest ones. Pages that are not needed are not read.
    type: int
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.app
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.app_deployment
"""

EXAMPLES = r"""
- name: The last deployment that failed
  fisioflow.digitalocean.app_deployment_info:
    app: clinic
    phases: [ERROR]
    limit: 1
  register: failed

- name: Why it failed
  ansible.builtin.debug:
    msg: "{{ failed.app_deployments | map(attribute='failures') }}"
"""

RETURN = r"""
app_deployments:
  description:
    - The deployments as the API gives them, without the values of secrets; the newest first, empty when none matches.
    - Each has a list C(failures), the steps that failed, and the C(app_id).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 991dfa59-6a23-459f-86d6-67dfa2c6f1e3
      app_id: 4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf
      phase: ERROR
      cause: app spec updated
      progress: {error_steps: 1, success_steps: 4, total_steps: 6}
      failures:
        - component: web
          step: deploy/components/web/wait
          code: DeployContainerHealthChecksFailed
          message: Your container did not respond to health checks.
      created_at: '2026-11-24T03:04:00Z'
"""

from functools import partial

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import PER_PAGE, Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP_DEPLOYMENT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import deployments
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.below import BelowApp
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import scrubbed
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module

TYPES = (
    *("MANUAL", "DEPLOY_ON_PUSH", "MAINTENANCE", "MANUAL_ROLLBACK", "AUTO_ROLLBACK"),
    *("UPDATE_DATABASE_TRUSTED_SOURCES", "AUTOSCALED"),
)
PHASES = (*deployments.RUNNING[1:], *deployments.ENDED)


class AppDeploymentInfo(BelowApp, Info):
    """The deployments of an app."""

    kind = APP_DEPLOYMENT
    options = {
        "deployment_types": {"type": "list", "elements": "str", "choices": list(TYPES)},
        "phases": {"type": "list", "elements": "str", "choices": list(PHASES)},
        "limit": {"type": "int"},
    }

    def rows(self) -> list[Data]:
        """Newest first, with the steps that failed."""
        phases, limit = self.params.get("phases"), self.params.get("limit")
        found = [row for row in self._read() if not phases or deployments.phase(row) in phases]
        found = found if limit is None else found[: max(limit, 0)]
        return [{**scrubbed(row), "failures": deployments.failures(row)} for row in found]

    def _read(self) -> list[Data]:
        limit, types = self.params.get("limit"), self.params.get("deployment_types")
        if self.params.get("id"):
            return super().rows()
        if types:
            # A request of its own for each: pydo sends a query parameter only once.
            lists = self.api.gather({name: partial(self._list, deployment_types=name) for name in types})
            return deployments.newest_first([row for name in types for row in lists[name]])
        if limit is not None and not self.params.get("phases") and limit <= PER_PAGE:
            answer = self.api.get(
                APP_DEPLOYMENT.collection(self.parent_id),
                Promise(APP_DEPLOYMENT.many, list),
                {"page": 1, "per_page": max(limit, 1)},
            )
            return list(answer.get(APP_DEPLOYMENT.many) or [])
        return deployments.newest_first(self._list())

    def _list(self, **query: str) -> list[Data]:
        return self.api.rows(APP_DEPLOYMENT.collection(self.parent_id), APP_DEPLOYMENT.many, query=query)


def main() -> None:
    """Run as an ordinary module."""
    run_module(AppDeploymentInfo)


if __name__ == "__main__":
    main()
