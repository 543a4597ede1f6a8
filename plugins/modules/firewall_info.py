#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which cloud firewalls there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: firewall_info
short_description: List cloud firewalls of Droplets
version_added: 0.1.0
description:
  - Lists the cloud firewalls of the account with their rules, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.firewall
"""

EXAMPLES = r"""
- name: What the proxies let in
  fisioflow.digitalocean.firewall_info:
    name: clinic-edge
  register: edge
"""

RETURN = r"""
firewalls:
  description: The firewalls as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: bb4b2611-3d72-467b-8602-280330ecd65c
      name: clinic-edge
      status: succeeded
      created_at: '2026-11-24T04:00:00Z'
      pending_changes: []
      droplet_ids: []
      tags: [clinic-edge]
      inbound_rules:
        - protocol: tcp
          ports: "80"
          action: allow
          sources:
            addresses: [10.20.0.0/20]
      outbound_rules: []
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import FIREWALL
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class FirewallInfo(Info):
    """The firewalls."""

    kind = FIREWALL


def main() -> None:
    """Run as an ordinary module."""
    run_module(FirewallInfo)


if __name__ == "__main__":
    main()
