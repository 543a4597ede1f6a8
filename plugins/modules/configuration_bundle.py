#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: keep the configuration of an environment in a bucket, encrypted."""

from __future__ import annotations

DOCUMENTATION = r"""
module: configuration_bundle
short_description: Keep the configuration of an environment in a bucket, encrypted
version_added: 0.1.0
description:
  - Packs the files of an inventory and what the API tells of an environment into one archive with a manifest of their
    SHA-256, encrypts it with age, and writes it to a bucket of Spaces.
  - Secrets are in it by their names only. Files of Ansible's vault are left out, and named; a file in which one of
    O(secrets) stands is refused.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - What the environment is called; bundles are named after it.
    type: str
    required: true
  folder:
    description:
      - The folder of the inventory.
    type: path
    required: true
  state:
    description:
      - What is there, by what each part shall be called, such as what info modules have returned.
    type: dict
    default: {}
  secrets:
    description:
      - Values that must not stand in it.
    type: list
    elements: str
    default: []
  recipients:
    description:
      - Public keys of age, V(age1…). Each of their owners alone can read the bundle.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.spaces
  - fisioflow.digitalocean.dumps
attributes:
  check_mode:
    description: Packs and judges it, and writes nothing.
    support: full
  diff_mode:
    description: There is no state before and after.
    support: none
  idempotent:
    description: Each run keeps another bundle.
    support: none
seealso:
  - module: fisioflow.digitalocean.database_dump
"""

EXAMPLES = r"""
- name: Keep the inventory, and the app spec that is in force
  fisioflow.digitalocean.configuration_bundle:
    name: clinic
    folder: "{{ playbook_dir }}"
    state:
      app: "{{ app_in_force | default({}) }}"
    secrets:
      - "{{ lookup('ansible.builtin.env', 'DIGITALOCEAN_TOKEN') }}"
    bucket: clinic-backups
    region: fra1
    recipients: "{{ backup_recipients }}"
"""

RETURN = r"""
configuration_bundle:
  description:
    - Where it is (C(object)), the SHA-256 of the archive, that of each file in it, and which files were left out.
    - C(object) is only there when it was written.
  returned: success
  type: dict
  sample:
    object: configuration/clinic/20261129T030000Z.tar.age
    sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    bytes: 20480
    files:
      state/app.json: 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
    left_out: []
"""

import hashlib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CONFIGURATION_BUNDLE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import age, bundle, manifest, stored
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class ConfigurationBundle(stored.Stored):
    """Another one each time."""

    kind = CONFIGURATION_BUNDLE
    options = {
        **stored.options(),
        "name": {"type": "str", "required": True},
        "folder": {"type": "path", "required": True},
        "state": {"type": "dict", "default": {}},
        "secrets": {"type": "list", "elements": "str", "default": [], "no_log": True},
        "recipients": {"type": "list", "elements": "str", "required": True},
    }

    def run(self) -> Data:
        """Refuses first what cannot be kept."""
        self.doing = f"keep the configuration of {self.params['name']}"
        keys = age.recipients(self.params["recipients"])
        archive, told = bundle.packed(self.params["state"], self.params["folder"], self.params["secrets"])
        told |= {"sha256": hashlib.sha256(archive).hexdigest(), "bytes": len(archive)}
        if not self.check_mode:
            # Asked first for the sake of its clock.
            self.bucket.objects(f"configuration/{self.params['name']}/")
            told["object"] = f"{manifest.name_of('configuration', self.params['name'], self.api.now())}.tar.age"
            self.bucket.put(told["object"], age.sealed(archive, keys), "application/octet-stream")
        return {"changed": True, self.kind.name: told}


def main() -> None:
    """Run as an ordinary module."""
    run_module(ConfigurationBundle)


if __name__ == "__main__":
    main()
