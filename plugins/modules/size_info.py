#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which sizes of Droplets there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: size_info
short_description: List the sizes of Droplets with their prices
version_added: 0.1.0
description:
  - Lists the sizes of Droplets with memory, processors, disk, traffic, price and the regions where each is on offer.
author:
  - FisioFlow contributors (@fisioflow)
options:
  slug:
    description:
      - List only this one, such as V(s-1vcpu-1gb).
    type: str
  region:
    description:
      - List only what is on offer in this region, such as V(fra1).
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.region_info
"""

EXAMPLES = r"""
- name: What a Droplet costs in Frankfurt
  fisioflow.digitalocean.size_info:
    region: fra1
  register: offered
"""

RETURN = r"""
sizes:
  description: The sizes as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - slug: s-1vcpu-1gb
      memory: 1024
      vcpus: 1
      disk: 25
      transfer: 1.0
      price_monthly: 6.0
      price_hourly: 0.00893
      regions: [ams3, fra1]
      available: true
      description: Basic
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SIZE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class SizeInfo(Info):
    """The sizes, or those of a region."""

    kind = SIZE
    options = {"region": {"type": "str"}}

    def rows(self) -> list[Data]:
        """A size names the regions where it is on offer."""
        region = self.params["region"]
        return [row for row in super().rows() if region is None or region in (row.get("regions") or [])]


def main() -> None:
    """Run as an ordinary module."""
    run_module(SizeInfo)


if __name__ == "__main__":
    main()
