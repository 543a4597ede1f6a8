#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what App Platform has on offer."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_options_info
short_description: List instance sizes and regions of App Platform
version_added: 0.1.0
description:
  - Lists what an app spec may name at this moment, with prices. Sizes and regions differ from those of other
    products.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.app
"""

EXAMPLES = r"""
- name: What is on offer
  fisioflow.digitalocean.app_options_info:
  register: offer

- name: The sizes that can scale by themselves
  ansible.builtin.debug:
    msg: "{{ offer.app_options.instance_sizes | selectattr('scalable', 'defined') | map(attribute='slug') }}"
"""

RETURN = r"""
app_options:
  description: Instance sizes and regions as the API gives them. Numbers of sizes are text.
  returned: success
  type: dict
  sample:
    discount_percent: 0
    instance_sizes:
      - slug: apps-d-1vcpu-1gb
        name: Dedicated 1 vCPU 1 GB
        cpu_type: DEDICATED
        cpus: '1'
        memory_bytes: '1073741824'
        usd_per_month: '34.00'
        scalable: true
        tier_slug: professional
    regions:
      - slug: fra
        label: Frankfurt
        continent: Europe
        flag: germany
        data_centers: [fra1]
"""

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP_OPTIONS, APP_SIZES
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module


class AppOptionsInfo(Module):
    """Two lists that belong together, read at the same time."""

    kind = APP_OPTIONS

    def run(self) -> Data:
        """Instance sizes and regions."""
        calls: dict[str, Any] = {
            "sizes": lambda: self.api.get(APP_SIZES.path, APP_SIZES.promise),
            "regions": lambda: self.api.get(APP_OPTIONS.path, APP_OPTIONS.promise),
        }
        answers = self.api.gather(calls)
        options = {
            "discount_percent": answers["sizes"].get("discount_percent") or 0,
            "instance_sizes": answers["sizes"]["instance_sizes"],
            "regions": answers["regions"]["regions"],
        }
        return {"changed": False, self.kind.name: options}


def main() -> None:
    """Run as an ordinary module."""
    run_module(AppOptionsInfo)


if __name__ == "__main__":
    main()
