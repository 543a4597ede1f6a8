#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which Droplets there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: droplet_info
short_description: List Droplets
version_added: 0.1.0
description:
  - Lists the Droplets of the account, all of them or those that the filters leave, with their addresses at hand.
  - Of Droplets with graphics processors, the API lists those that are asked for by id or by tag.
author:
  - FisioFlow contributors (@fisioflow)
options:
  tag:
    description:
      - List only what carries this tag.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.filters.region
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.droplet
"""

EXAMPLES = r"""
- name: The clinic's Droplets
  fisioflow.digitalocean.droplet_info:
    tag: clinic
  register: droplets
"""

RETURN = r"""
droplets:
  description: The Droplets as M(fisioflow.digitalocean.droplet) shows them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 500000001
      name: clinic-jump
      status: active
      region: fra1
      size: s-1vcpu-1gb
      price_monthly: 6.0
      image: ubuntu-24-04-x64
      vpc_uuid: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
      tags: [clinic, jump]
      ipv4_address: 198.18.1.0
      ipv4_address_private: 10.20.0.3
      ipv6_address: null
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.droplets import flat
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DROPLET
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DropletInfo(Info):
    """The Droplets, or those of a tag."""

    kind = DROPLET
    filters = ("region",)
    options = {"tag": {"type": "str"}}

    def rows(self) -> list[Data]:
        """The API knows which ones carry a tag."""
        tag = self.params["tag"]
        by_tag = tag is not None and not self.params["id"]
        found = (
            self.api.rows(DROPLET.path, DROPLET.many, DROPLET.tells, {"tag_name": tag}) if by_tag else super().rows()
        )
        return [flat(row) for row in found if tag is None or tag in (row.get("tags") or [])]


def main() -> None:
    """Run as an ordinary module."""
    run_module(DropletInfo)


if __name__ == "__main__":
    main()
