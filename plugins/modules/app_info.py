#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which apps there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_info
short_description: List apps
version_added: 0.1.0
description:
  - Lists the apps of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  with_alerts:
    description:
      - Also list the alerts of each app with their recipients, which costs one more request for each.
    type: bool
    default: false
  secrets:
    description:
      - Values of secrets by their places, such as C(web.SESSION_SECRET), to hold against those that the apps have.
      - An app that has no secret in such a place has none to lose.
    type: dict
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.app
"""

EXAMPLES = r"""
- name: The app and who is told of its alerts
  fisioflow.digitalocean.app_info:
    name: clinic
    with_alerts: true
  register: clinic

- name: Whether an app would lose a secret that must never change
  fisioflow.digitalocean.app_info:
    name: clinic
    secrets:
      web.NEXTAUTH_SECRET: "{{ vault_session_secret }}"
  register: held

- name: Its address
  ansible.builtin.debug:
    msg: "{{ clinic.apps[0].live_url }}"
"""

RETURN = r"""
apps:
  description:
    - The apps as the API gives them, without the values of secrets; empty when none matches.
    - C(secrets_since) tells of each secret by its place on which day it got its value; nothing where nobody has noted
      that.
    - With O(with_alerts=true), each has a list C(alerts), without the addresses of webhooks.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf
      spec:
        name: clinic
        region: fra
        services:
          - name: web
            http_port: 3000
            envs:
              - {key: SESSION_SECRET, scope: RUN_TIME, type: SECRET}
      live_url: https://clinic-zyhgn.ondigitalocean.app
      active_deployment: {id: 991dfa59-6a23-459f-86d6-67dfa2c6f1e3, phase: ACTIVE}
      project_id: 88b72d1a-b78a-4d9f-9090-b53c4399073f
      vpc: {id: c22d8f48-4bc4-49f5-8ca0-58e7164427ac, egress_ips: [{ip: 10.20.0.5}]}
      created_at: '2026-11-24T03:00:00Z'
      secrets_since: {web.SESSION_SECRET: '2026-11-24'}
lost_secrets:
  description:
    - The places in which an app has another value than O(secrets), or one that somebody set by hand, which cannot be
      compared.
  returned: when O(secrets) are given
  type: list
  elements: str
  sample: [web.ENCRYPTION_KEY]
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import alerts, fingerprints
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import plan_spec
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.result import shown
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import plaintexts, slots
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class AppInfo(Info):
    """The apps; one carries its name inside its spec."""

    kind = APP
    finders = (plaintexts,)
    options = {
        "with_alerts": {"type": "bool", "default": False},
        "secrets": {"type": "dict", "no_log": True},
    }

    def rows(self) -> list[Data]:
        """With their projects. The filter looks for `name` on the app itself, so it is lent one."""
        if self.params.get("id"):
            found = super().rows()
        else:
            found = self.api.rows(APP.path, APP.many, APP.tells, {"with_projects": "true"})
        return [{**row, "name": (row.get("spec") or {}).get("name")} for row in found]

    def enrich(self, resource: Data) -> Data:
        """Add the alerts."""
        if not self.params["with_alerts"]:
            return resource
        rows = self.api.get(f"{APP.location(resource['id'])}/alerts", Promise("alerts", list))["alerts"]
        return {**resource, "alerts": [{**row, **alerts.masked(alerts.normal(row))} for row in rows]}

    def run(self) -> Data:
        """Without secrets, and without the name that was lent."""
        result = super().run()
        apps = [
            {key: value for key, value in shown(app).items() if key != "name"} | {"secrets_since": _since(app)}
            for app in result["apps"]
        ]
        if self.params["secrets"] is None:
            return {**result, "apps": apps}
        lost = [place for app in result["apps"] for place in self._lost(app.get("spec") or {})]
        return {**result, "apps": apps, "lost_secrets": sorted(set(lost))}

    def _lost(self, spec: Data) -> set[str]:
        """The places of secrets that would lose their values for the given ones."""
        held = {slot.name for slot in slots(spec)}
        given = {place: value for place, value in self.params["secrets"].items() if place in held}
        return plan_spec(spec, {}, given, predict=True).lost


def _since(app: Data) -> dict[str, str]:
    """Of the secrets of components; what has a fingerprint, was set by this collection."""
    known = fingerprints.read(app.get("spec"))
    return {place: known.since.get(place, "") for place in sorted(known.marks)}


def main() -> None:
    """Run as an ordinary module."""
    run_module(AppInfo)


if __name__ == "__main__":
    main()
