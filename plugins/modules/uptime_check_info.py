#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which uptime checks there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: uptime_check_info
short_description: List uptime checks
version_added: 0.1.0
description:
  - Lists the uptime checks of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  with_state:
    description:
      - Also tell how each of them finds its target, which costs one more request for each.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.uptime_check
"""

EXAMPLES = r"""
- name: How it goes
  fisioflow.digitalocean.uptime_check_info:
    name: clinic
    with_state: true
  register: checks
"""

RETURN = r"""
uptime_checks:
  description: The uptime checks as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
      name: clinic
      type: https
      target: https://clinic.example/api/health
      regions: [us_east, eu_west]
      enabled: true
      state:
        regions:
          us_east:
            status: UP
            status_changed_at: '2026-11-24T03:00:00Z'
            thirty_day_uptime_percentage: 100
        previous_outage: {}
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import UPTIME_CHECK
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.listed import ListedInfo
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class UptimeCheckInfo(ListedInfo):
    """The checks."""

    kind = UPTIME_CHECK
    options = {"with_state": {"type": "bool", "default": False}}

    def enrich(self, resource: Data) -> Data:
        """Its state has an address of its own."""
        if not self.params["with_state"]:
            return resource
        path = f"{UPTIME_CHECK.location(str(resource['id']))}/state"
        return {**resource, **self.api.get(path, Promise("state"))}


def main() -> None:
    """Run as an ordinary module."""
    run_module(UptimeCheckInfo)


if __name__ == "__main__":
    main()
