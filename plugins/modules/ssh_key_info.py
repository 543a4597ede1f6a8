#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which SSH keys the account has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ssh_key_info
short_description: List the SSH keys of the account
version_added: 0.1.0
description:
  - Lists the SSH keys of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  fingerprint:
    description:
      - List only the one with this MD5 fingerprint.
    type: str
  public_key:
    description:
      - List only the one of this public key, whatever its comment says.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.ssh_key
"""

EXAMPLES = r"""
- name: Who gets into new Droplets
  fisioflow.digitalocean.ssh_key_info:
  register: keys
"""

RETURN = r"""
ssh_keys:
  description: The keys as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 512189
      fingerprint: a9:e9:8b:f6:76:c0:ea:6a:9d:cd:99:e8:7b:71:3e:41
      public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1 key1@clinic
      name: duty
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SSH_KEY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ssh_keys import fingerprint
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class SshKeyInfo(Info):
    """The keys, or that of a public key."""

    kind = SSH_KEY
    options = {"public_key": {"type": "str"}}

    def rows(self) -> list[Data]:
        """A key is told by its fingerprint."""
        given = self.params["public_key"]
        wanted = fingerprint(given) if given else ""
        return [row for row in super().rows() if wanted in ("", row["fingerprint"])]


def main() -> None:
    """Run as an ordinary module."""
    run_module(SshKeyInfo)


if __name__ == "__main__":
    main()
