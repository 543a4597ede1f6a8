#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: an SSH key of the account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ssh_key
short_description: Manage an SSH key of the account
version_added: 0.1.0
description:
  - Adds, renames and deletes the public half of an SSH key, which new Droplets let in.
  - The API takes each key once in an account, and several keys of one name.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name. Together with O(public_key) or O(fingerprint), a name that differs renames the key.
      - Without them the key is found by its name.
    type: str
    required: true
  public_key:
    description:
      - The public key in the form of OpenSSH, C(type key [comment]). Needed to add a key; cannot change.
      - The key is found by its fingerprint. Its comment counts when it is added, and is not compared.
      - With O(state=absent), only this very key is deleted, whatever it is called.
    type: str
  fingerprint:
    description:
      - The MD5 fingerprint, as C(ssh-keygen -l -E md5) shows it without C(MD5:), of a key that is there.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.ssh_key_info
"""

EXAMPLES = r"""
- name: The key of the person on duty
  fisioflow.digitalocean.ssh_key:
    name: duty
    public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1 key1@clinic

- name: Call it otherwise
  fisioflow.digitalocean.ssh_key:
    name: duty-laptop
    public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1 key1@clinic

- name: Remove it
  fisioflow.digitalocean.ssh_key:
    name: duty-laptop
    state: absent
"""

RETURN = r"""
ssh_key:
  description:
    - The key as the API gives it; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 512189
    fingerprint: a9:e9:8b:f6:76:c0:ea:6a:9d:cd:99:e8:7b:71:3e:41
    public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1 key1@clinic
    name: duty
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SSH_KEY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ssh_keys import fingerprint, without_comment
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Attribute, puts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource


class SshKey(Resource):
    """A key: only its name changes."""

    kind = SSH_KEY
    options = {"fingerprint": {"type": "str"}}
    attributes = {
        "name": Attribute(required=True),
        "public_key": Attribute(
            needed=True, normal=without_comment, fixed="add that one under another name, or delete this one first"
        ),
    }
    computed = {"id": UNKNOWN, "fingerprint": UNKNOWN}
    rename = puts("name")

    def read(self) -> Data | None:
        """The one of the given key, or else of the name: but what is deleted is that very key."""
        given = self.params["public_key"]
        found = self.fetch(fingerprint(given)) if given else None
        if found or (given and self.params["state"] == "absent"):
            return found
        return super().read()


def main() -> None:
    """Run as an ordinary module."""
    run_module(SshKey)


if __name__ == "__main__":
    main()
