#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which alerts an uptime check has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: uptime_alert_info
short_description: List the alerts of an uptime check
version_added: 0.1.0
description:
  - Lists the alerts of an uptime check, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  check_id:
    description:
      - The id of the uptime check. Exactly one of O(check_id) and O(check) is needed.
    type: str
  check:
    description:
      - The name of the uptime check.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.uptime_alert
"""

EXAMPLES = r"""
- name: Who is told when
  fisioflow.digitalocean.uptime_alert_info:
    check: clinic
  register: alerts
"""

RETURN = r"""
uptime_alerts:
  description: The the alerts of an uptime check as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 17f0f0ae-b7e5-4ef6-86e3-aa569db58284
      name: slow
      type: latency
      threshold: 2000
      comparison: greater_than
      period: 3m
      notifications:
        email: [ops@fisioflow.example]
        slack: []
      check_id: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import UPTIME_ALERT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import recipients
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.listed import ListedInfo
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class UptimeAlertInfo(ListedInfo):
    """The alerts."""

    kind = UPTIME_ALERT
    finders = (recipients.webhooks,)


def main() -> None:
    """Run as an ordinary module."""
    run_module(UptimeAlertInfo)


if __name__ == "__main__":
    main()
