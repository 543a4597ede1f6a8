#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which certificates the account has, and for how long."""

from __future__ import annotations

DOCUMENTATION = r"""
module: certificate_info
short_description: List the TLS certificates of the account
version_added: 0.1.0
description:
  - Lists the certificates for load balancers and CDN endpoints, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  state:
    description:
      - List only those in this state.
    type: str
    choices: [pending, verified, error]
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.certificate
"""

EXAMPLES = r"""
- name: What runs out soon
  fisioflow.digitalocean.certificate_info:
    state: verified
  register: there
  failed_when: there.certificates | selectattr('days_left', 'lt', 14) | list | length > 0
"""

RETURN = r"""
certificates:
  description:
    - The certificates as the API gives them; empty when none matches.
    - C(days_left) is how many days each lasts, negative when it has expired, null while it is not issued.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 892071a0-bb95-49bc-8021-3afd67a210bf
      name: clinic
      not_after: '2027-02-22T00:23:00Z'
      sha1_fingerprint: dfcc9f57d86bf58e321c2c6c31c7a971be244ac7
      created_at: '2026-11-24T03:00:00Z'
      dns_names: [clinic.example, www.clinic.example]
      state: verified
      type: lets_encrypt
      days_left: 89
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import certificates
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CERTIFICATE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class CertificateInfo(Info):
    """The certificates."""

    kind = CERTIFICATE
    options = {"state": {"type": "str", "choices": ["pending", "verified", "error"]}}

    def rows(self) -> list[Data]:
        """Those in the state that is asked for."""
        return [row for row in super().rows() if self.params["state"] in (None, row.get("state"))]

    def enrich(self, resource: Data) -> Data:
        """With the end in days."""
        return certificates.told(resource)


def main() -> None:
    """Run as an ordinary module."""
    run_module(CertificateInfo)


if __name__ == "__main__":
    main()
