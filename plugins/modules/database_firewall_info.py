#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: who may connect to a cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_firewall_info
short_description: List the trusted sources of a database cluster
version_added: 0.1.0
description:
  - Lists those who may open a connection to a managed database cluster. An empty list of rules admits everybody.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_firewall
"""

EXAMPLES = r"""
- name: Who may connect
  fisioflow.digitalocean.database_firewall_info:
    cluster: clinic-pg
  register: firewall
"""

RETURN = r"""
database_firewalls:
  description: A list of one, with the rules and the cluster they are of.
  returned: success
  type: list
  elements: dict
  sample:
    - cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
      rules:
        - uuid: 79f26d28-ea8a-41f2-8ad8-8cfcdd020095
          cluster_uuid: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
          type: ip_addr
          value: 10.20.0.5
          created_at: '2026-11-24T03:05:00Z'
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_FIREWALL
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseFirewallInfo(Info):
    """The trusted sources."""

    kind = DATABASE_FIREWALL


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseFirewallInfo)


if __name__ == "__main__":
    main()
