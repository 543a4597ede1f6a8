#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which domains the account has, and their records."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_info
short_description: List the domains of DigitalOcean's DNS
version_added: 0.1.0
description:
  - Lists the domains of the account, all of them or one, and on demand their records.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - List only this domain.
    type: str
  records:
    description:
      - List also the records of each, as the API gives them. That is a request for each domain.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.domain
  - module: fisioflow.digitalocean.domain_records
"""

EXAMPLES = r"""
- name: What stands in the clinic's DNS
  fisioflow.digitalocean.domain_info:
    name: clinic.example
    records: true
  register: dns
"""

RETURN = r"""
domains:
  description: The domains as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - name: clinic.example
      ttl: 1800
      zone_file: |
        $ORIGIN clinic.example.
        $TTL 1800
      records:
        - id: 28448429
          type: NS
          name: '@'
          data: ns1.digitalocean.com
          ttl: 1800
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DOMAIN, DOMAIN_RECORDS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DomainInfo(Info):
    """The domains, and their records if asked for."""

    kind = DOMAIN
    options = {"records": {"type": "bool", "default": False}}

    def enrich(self, resource: Data) -> Data:
        """They have an address of their own."""
        if not self.params["records"]:
            return resource
        kind = DOMAIN_RECORDS
        return {**resource, "records": self.api.rows(kind.collection(resource["name"]), kind.many, kind.tells)}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DomainInfo)


if __name__ == "__main__":
    main()
