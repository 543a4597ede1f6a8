#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: an uptime check."""

from __future__ import annotations

DOCUMENTATION = r"""
module: uptime_check
short_description: Manage an uptime check
version_added: 0.1.0
description:
  - Creates, changes and deletes a check that asks an address from several places of the world. One is free; each more
    has a price.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name. Together with O(id), a name that differs renames the check.
    type: str
    required: true
  id:
    description:
      - The id. Without it the check is found by its name.
    type: str
  type:
    description:
      - How it asks. Needed to create one.
    type: str
    choices: [ping, http, https]
  target:
    description:
      - What it asks, a URL or for V(ping) a host. Needed to create one.
    type: str
  regions:
    description:
      - From where it asks, of V(us_east), V(us_west), V(eu_west) and V(se_asia). Needed to create one.
    type: list
    elements: str
    choices: [us_east, us_west, eu_west, se_asia]
  enabled:
    description:
      - Whether it asks at all. A new one does.
    type: bool
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.uptime_check_info
"""

EXAMPLES = r"""
- name: Ask the health page from two continents
  fisioflow.digitalocean.uptime_check:
    name: clinic
    type: https
    target: https://clinic.example/api/health
    regions: [us_east, eu_west]

- name: Not while the clinic moves
  fisioflow.digitalocean.uptime_check:
    name: clinic
    enabled: false

- name: Remove it with its alerts
  fisioflow.digitalocean.uptime_check:
    name: clinic
    state: absent
"""

RETURN = r"""
uptime_check:
  description:
    - The check as the API gives it; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
    name: clinic
    type: https
    target: https://clinic.example/api/health
    regions: [us_east, eu_west]
    enabled: true
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import UPTIME_CHECK
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    replaces,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.listed import Listed
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class UptimeCheck(Listed):
    """A check: all of it changes in place."""

    kind = UPTIME_CHECK
    options = {"id": {"type": "str"}}
    attributes = {
        "name": Attribute(required=True),
        "type": Attribute(needed=True, choices=["ping", "http", "https"]),
        "target": Attribute(needed=True),
        "regions": Attribute(
            "list",
            elements="str",
            choices=["us_east", "us_west", "eu_west", "se_asia"],
            needed=True,
            normal=compare.set_of(),
        ),
        "enabled": Attribute("bool"),
    }
    replace = replaces(*attributes)

    def wanted(self, current: Data | None) -> Data:
        """A new one asks."""
        return {**({"enabled": True} if current is None else {}), **super().wanted(current)}


def main() -> None:
    """Run as an ordinary module."""
    run_module(UptimeCheck)


if __name__ == "__main__":
    main()
