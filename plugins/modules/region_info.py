#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which regions there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: region_info
short_description: List the regions of Droplets
version_added: 0.1.0
description:
  - Lists the datacentre regions of Droplets and networks with what each has and which sizes are on offer there.
  - App Platform has other regions, see M(fisioflow.digitalocean.app_options_info).
author:
  - FisioFlow contributors (@fisioflow)
options:
  slug:
    description:
      - List only this one, such as V(fra1).
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.size_info
"""

EXAMPLES = r"""
- name: What is on offer in Frankfurt
  fisioflow.digitalocean.region_info:
    slug: fra1
  register: frankfurt
"""

RETURN = r"""
regions:
  description: The regions as the API gives them; empty when none matches. Their sizes need a token that may read sizes.
  returned: success
  type: list
  elements: dict
  sample:
    - name: Frankfurt 1
      slug: fra1
      available: true
      features: [backups, ipv6, metadata, install_agent, storage, image_transfer]
      sizes: [s-1vcpu-1gb, s-1vcpu-2gb]
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import REGION
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class RegionInfo(Info):
    """The regions."""

    kind = REGION


def main() -> None:
    """Run as an ordinary module."""
    run_module(RegionInfo)


if __name__ == "__main__":
    main()
