#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a domain whose DNS is DigitalOcean's."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain
short_description: Manage a domain of DigitalOcean's DNS
version_added: 0.1.0
description:
  - Adds a domain to DigitalOcean's DNS and removes it, with all of its records.
  - Nobody asks there before the registrar names C(ns1.digitalocean.com) to C(ns3.digitalocean.com) as its name servers.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The domain.
    type: str
    required: true
  ip_address:
    description:
      - The address for the domain itself, an A or AAAA record that is made together with the domain. What is there
        later is the business of M(fisioflow.digitalocean.domain_records), and not compared.
    type: str
  force:
    description:
      - Remove the domain also while it has records that DigitalOcean has not made by itself.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.domain_info
  - module: fisioflow.digitalocean.domain_records
"""

EXAMPLES = r"""
- name: The clinic's domain
  fisioflow.digitalocean.domain:
    name: clinic.example

- name: Remove it with all records
  fisioflow.digitalocean.domain:
    name: clinic.example
    state: absent
    force: true
"""

RETURN = r"""
domain:
  description:
    - The domain as the API gives it, its zone file in it; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    name: clinic.example
    ttl: 1800
    zone_file: |
      $ORIGIN clinic.example.
      $TTL 1800
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DOMAIN, DOMAIN_RECORDS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Attribute
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource


class Domain(Resource):
    """A domain: there or not."""

    kind = DOMAIN
    options = {"ip_address": {"type": "str"}, "force": {"type": "bool", "default": False}}
    attributes = {"name": Attribute(required=True, fixed="add the other domain")}
    computed = {"ttl": UNKNOWN, "zone_file": UNKNOWN}

    def fetch(self, key: str) -> Data | None:
        """By its name in small letters, which is how the API has it."""
        return super().fetch(key.lower())

    def body(self, wanted: Data) -> Data:
        """With the address, if one is given."""
        address = self.params["ip_address"]
        return {**wanted, **({"ip_address": address} if address else {})}

    def create(self, wanted: Data) -> Data:
        """The answer has no zone file yet."""
        made = super().create(wanted)
        return self.refresh(made) or made

    def held(self, current: Data) -> str:
        """Records that DigitalOcean has not made by itself."""
        kind = DOMAIN_RECORDS
        rows = self.api.rows(kind.collection(current["name"]), kind.many, kind.tells, fresh=True)
        own = [f"{row['name']} {row['type']}" for row in rows if row["type"] not in ("SOA", "NS") or row["name"] != "@"]
        return f"records such as {own[0]}" if own else ""


def main() -> None:
    """Run as an ordinary module."""
    run_module(Domain)


if __name__ == "__main__":
    main()
