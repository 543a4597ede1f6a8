#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which reserved addresses there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: reserved_ip_info
short_description: List reserved addresses
version_added: 0.1.0
description:
  - Lists the reserved IPv4 addresses of the account. One that no Droplet has costs money all the same.
author:
  - FisioFlow contributors (@fisioflow)
options:
  ip:
    description:
      - List only this one.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.droplet_info
"""

EXAMPLES = r"""
- name: Which addresses are reserved?
  fisioflow.digitalocean.reserved_ip_info:
  register: reserved

- name: Those that nobody uses
  ansible.builtin.debug:
    msg: "{{ reserved.reserved_ips | rejectattr('droplet') | map(attribute='ip') }}"
"""

RETURN = r"""
reserved_ips:
  description:
    - The addresses as the API gives them; empty when none matches.
    - C(droplet) is V(null) where no Droplet has it, and where the token may not read Droplets.
  returned: success
  type: list
  elements: dict
  sample:
    - ip: 198.19.128.1
      region:
        name: Frankfurt 1
        slug: fra1
        features: [backups, ipv6, metadata]
        available: true
        sizes: [s-1vcpu-1gb]
      droplet: null
      locked: false
      project_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import RESERVED_IP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class ReservedIpInfo(Info):
    """The addresses."""

    kind = RESERVED_IP


def main() -> None:
    """Run as an ordinary module."""
    run_module(ReservedIpInfo)


if __name__ == "__main__":
    main()
