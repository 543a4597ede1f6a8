#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which private networks there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vpc_info
short_description: List private networks (VPCs)
version_added: 0.1.0
description:
  - Lists the VPCs of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  with_members:
    description:
      - Also list what is in each VPC, which costs one more request for each.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.filters.region
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.vpc
"""

EXAMPLES = r"""
- name: The networks in Frankfurt and what is in them
  fisioflow.digitalocean.vpc_info:
    region: fra1
    with_members: true
  register: networks
"""

RETURN = r"""
vpcs:
  description:
    - The VPCs as the API gives them; empty when none matches.
    - With O(with_members=true), each has a list C(members).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
      urn: do:vpc:5a4981aa-9653-4bd1-bef5-d6bff52042e4
      name: clinic
      description: Databases and app of the clinic
      region: fra1
      ip_range: 10.20.0.0/20
      default: false
      created_at: '2026-11-24T03:00:00Z'
      members:
        - name: clinic-pg
          urn: do:dbaas:9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
          created_at: '2026-11-24T03:05:00Z'
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import VPC
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class VpcInfo(Info):
    """The VPCs, with their members if asked for."""

    kind = VPC
    filters = ("region",)
    options = {"with_members": {"type": "bool", "default": False}}

    def enrich(self, resource: Data) -> Data:
        """Add the members."""
        if not self.params["with_members"]:
            return resource
        return {**resource, "members": self.api.rows(f"{VPC.location(resource['id'])}/members", "members", ("urn",))}


def main() -> None:
    """Run as an ordinary module."""
    run_module(VpcInfo)


if __name__ == "__main__":
    main()
