#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: read the newest configuration of an environment that is kept in a bucket."""

from __future__ import annotations

DOCUMENTATION = r"""
module: configuration_bundle_info
short_description: Read the newest configuration of an environment that is kept in a bucket
version_added: 0.1.0
description:
  - Fetches the newest bundle that M(fisioflow.digitalocean.configuration_bundle) has kept, decrypts it, and holds each
    of its files against the SHA-256 of its manifest. What is not what it should be fails the task.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - What the environment is called; bundles are named after it.
    type: str
    required: true
  identity_file:
    required: true
  hashes:
    description:
      - The SHA-256 of archives by their C(object), as reports tell them. Since everybody may encrypt to a public key,
        only that tells who has written a bundle. One of which another hash is known fails the task.
    type: dict
    default: {}
  folder:
    description:
      - Where the files of the inventory are written, readable by their owner alone, in check mode as well. Without it
        they are only looked at.
    type: path
    default: ''
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.spaces
  - fisioflow.digitalocean.dumps
  - fisioflow.digitalocean.dumps.identity
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.configuration_bundle
"""

EXAMPLES = r"""
- name: How old is what is kept, and how was the app described?
  fisioflow.digitalocean.configuration_bundle_info:
    name: clinic
    bucket: clinic-backups
    region: fra1
    identity_file: "{{ backup_identity_file }}"
  register: kept
"""

RETURN = r"""
configuration_bundles:
  description:
    - The newest one, an empty list when there is none. C(known) tells whether O(hashes) have it; C(state) is what the
      API had told, by part.
  returned: success
  type: list
  elements: dict
  sample:
    - object: configuration/clinic/20261129T030000Z.tar.age
      created_at: '2026-11-29T03:00:00Z'
      sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      known: true
      files:
        state/app.json: 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
      left_out: []
      state:
        app: {apps: []}
"""

import hashlib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CONFIGURATION_BUNDLE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import age, bundle, manifest, stored
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class ConfigurationBundleInfo(stored.Stored):
    """Not listed by the API, but by what is in the bucket."""

    kind = CONFIGURATION_BUNDLE
    options = {
        **stored.options(),
        "name": {"type": "str", "required": True},
        "identity_file": {"type": "path", "required": True},
        "hashes": {"type": "dict", "default": {}},
        "folder": {"type": "path", "default": ""},
    }

    def run(self) -> Data:
        """The newest one, by the time in its name."""
        self.doing = f"read the configuration of {self.params['name']} that is kept"
        keys = age.identities(self.params["identity_file"])
        there = self.bucket.objects(f"configuration/{self.params['name']}/")
        names = [name for name in there if manifest.moment_of(name)]
        return {"changed": False, self.kind.plural: [self._read(max(names), keys)] if names else []}

    def _read(self, name: str, keys: list[object]) -> Data:
        what = f"The bundle {name}"
        archive = age.opened(self.bucket.get(name), keys, what)
        sha256, known = hashlib.sha256(archive).hexdigest(), self.params["hashes"].get(name)
        if known not in (None, sha256):
            raise Failure(f"{what} is not the one that was kept: its SHA-256 is {sha256}, and was {known}.")
        contents, told = bundle.unpacked(archive, what)
        if self.params["folder"]:
            bundle.lay_out(contents, self.params["folder"])
        found = {"object": name, "created_at": manifest.moment_of(name), "sha256": sha256, "known": bool(known)}
        return {**found, **told, "state": bundle.state_in(contents)}


def main() -> None:
    """Run as an ordinary module."""
    run_module(ConfigurationBundleInfo)


if __name__ == "__main__":
    main()
