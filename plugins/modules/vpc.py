#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a private network."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vpc
short_description: Manage a private network (VPC)
version_added: 0.1.0
description:
  - Creates, changes and deletes a Virtual Private Cloud, a private network in one datacentre region.
  - Region and address range are fixed at creation.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, unique in the account. Letters, digits, dashes and periods only.
      - Together with O(id), a name that differs renames the VPC.
    type: str
    required: true
  id:
    description:
      - The id. Without it the VPC is found by its name.
    type: str
  region:
    description:
      - The datacentre region, such as V(fra1). Needed to create the VPC; cannot change.
    type: str
  ip_range:
    description:
      - The private address range in CIDR notation, V(/28) to V(/16). The API chooses a free one when it is left out.
        Cannot change.
    type: str
  description:
    description:
      - What the VPC is for, in at most 255 characters.
    type: str
  default:
    description:
      - V(true) makes this the network of new resources in the region that name none. It cannot be switched off here;
        make another VPC the default one instead.
    type: bool
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.vpc_info
"""

EXAMPLES = r"""
- name: A private network in Frankfurt
  fisioflow.digitalocean.vpc:
    name: clinic
    region: fra1
    ip_range: 10.20.0.0/20
    description: Databases and app of the clinic
  register: network

- name: Rename it
  fisioflow.digitalocean.vpc:
    id: "{{ network.vpc.id }}"
    name: clinic-production

- name: Remove it, waiting up to ten minutes for its members to go first
  fisioflow.digitalocean.vpc:
    name: clinic-production
    state: absent
    wait_timeout: 600
"""

RETURN = r"""
vpc:
  description:
    - The VPC as the API gives it; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
    urn: do:vpc:5a4981aa-9653-4bd1-bef5-d6bff52042e4
    name: clinic
    description: Databases and app of the clinic
    region: fra1
    ip_range: 10.20.0.0/20
    default: false
    created_at: '2026-11-24T03:00:00Z'
"""

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import offers, ranges
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import REGION, VPC
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    patches,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource


class Vpc(Resource):
    """A VPC: name, description and the role of default change in place, region and range never."""

    kind = VPC
    options = {"id": {"type": "str"}}
    attributes = {
        "name": Attribute(required=True),
        "region": Attribute(needed=True, fixed="create another VPC there and move its members"),
        "ip_range": Attribute(normal=compare.network, fixed="create another VPC with that range and move its members"),
        "description": Attribute(normal=compare.text),
        "default": Attribute("bool", at_creation=False),
    }
    computed = {"id": UNKNOWN, "urn": UNKNOWN, "created_at": UNKNOWN}
    # PUT would reset the rest.
    patch = patches("name", "description", "default")

    def check(self, current: Data | None, wanted: Data) -> None:
        """The API does not take the role of default away, it only gives it to another; a region's first VPC gets it."""
        if wanted.get("default") is not False:
            return
        others = [] if current else self.api.rows(VPC.path, VPC.many, VPC.tells)
        if current.get("default") if current else all(row.get("region") != wanted.get("region") for row in others):
            raise self.refusal(
                "set default to false for",
                "it is the default VPC of its region; set default to true on another VPC there instead",
            )

    def unoffered(self, current: Data | None, asked: Data) -> Iterator[str]:
        """Region and range of a new one."""
        if current is not None:
            return
        yield from offers.region_refusals(asked, self.api.rows(REGION.path, REGION.many, REGION.tells))
        if wanted := asked.get("ip_range"):
            yield from ranges.refusals("ip_range", wanted, self.api.rows(VPC.path, VPC.many, VPC.tells))

    def undeletable(self, current: Data) -> str:
        """The default VPC stays."""
        told = f"it is the default VPC of {current.get('region')}; make another one the default first"
        return told if current.get("default") else ""


def main() -> None:
    """Run as an ordinary module."""
    run_module(Vpc)


if __name__ == "__main__":
    main()
