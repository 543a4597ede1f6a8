#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which alert policies there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: monitoring_alert_policy_info
short_description: List alert policies
version_added: 0.1.0
description:
  - Lists the alert policies of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  uuid:
    description:
      - List only the one with this id.
    type: str
  description:
    description:
      - List only what has this description.
    type: str
  type:
    description:
      - List only what watches this, such as V(v1/insights/droplet/cpu).
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.monitoring_alert_policy
"""

EXAMPLES = r"""
- name: What is told of busy Droplets
  fisioflow.digitalocean.monitoring_alert_policy_info:
    type: v1/insights/droplet/cpu
  register: policies
"""

RETURN = r"""
monitoring_alert_policies:
  description: The alert policies as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - uuid: 78b3da62-27e5-49ba-ac70-5db0b5935c64
      type: v1/insights/droplet/cpu
      description: CPU of the proxies
      compare: GreaterThan
      value: 80
      window: 5m
      entities: []
      tags: [clinic-edge]
      alerts:
        email: [ops@fisioflow.example]
        slack: []
      enabled: true
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import MONITORING_ALERT_POLICY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import recipients
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class MonitoringAlertPolicyInfo(Info):
    """The policies."""

    kind = MONITORING_ALERT_POLICY
    filters = ("type",)
    finders = (recipients.webhooks,)


def main() -> None:
    """Run as an ordinary module."""
    run_module(MonitoringAlertPolicyInfo)


if __name__ == "__main__":
    main()
