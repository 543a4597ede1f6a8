#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: the objects of one bucket of Spaces in another one."""

from __future__ import annotations

DOCUMENTATION = r"""
module: spaces_replication
short_description: Copy to another bucket of Spaces what it lacks
version_added: 0.1.0
description:
  - Copies objects that another bucket lacks, or has otherwise, with their metadata, and then compares all of them. What
    was deleted in the first bucket stays in the second one.
  - What an interrupted run has copied, the next one does not copy again.
  - Names of objects are in no result, no message and no argument of a process.
author:
  - FisioFlow contributors (@fisioflow)
options:
  source:
    description:
      - The bucket whose objects are copied. It is in O(region).
    type: str
    required: true
  target:
    description:
      - The bucket that they are copied to.
    type: str
    required: true
  target_region:
    description:
      - The region of O(target).
    type: str
    required: true
  only_missing:
    description:
      - Leave alone what is in O(target) under the same name, whatever it is.
    type: bool
    default: false
  prefix:
    description:
      - Only objects whose names begin like this.
    type: str
    default: ''
  bandwidth:
    description:
      - How much it may take of the network, as rclone's C(--bwlimit) takes it, such as V(10M) (bytes a second) or
        V(08:00,2M 20:00,off). Empty for all.
    type: str
    default: ''
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes
  - fisioflow.digitalocean.spaces
notes:
  - It needs rclone beside Ansible's Python, or in the C(PATH).
  - A key with the grants C(read) for O(source) and C(readwrite) for O(target) is enough.
  - Of an object that was uploaded in parts nobody knows the MD5, so size and time are compared.
seealso:
  - module: fisioflow.digitalocean.spaces_bucket
  - module: fisioflow.digitalocean.spaces_key
"""

EXAMPLES = r"""
- name: The uploads once more, in another region
  fisioflow.digitalocean.spaces_replication:
    source: clinic-uploads
    region: nyc3
    target: clinic-uploads-replica
    target_region: sfo3
    bandwidth: 20M
  register: replicated
"""

RETURN = r"""
spaces_replication:
  description: What was copied and compared; in check mode what would be copied.
  returned: success
  type: dict
  contains:
    objects:
      description: How many the source has.
      type: int
    bytes:
      description: How big they are.
      type: int
    pending:
      description: How many the target lacked or had otherwise when this began.
      type: int
    pending_bytes:
      description: How big they are.
      type: int
    lag_seconds:
      description: How long ago the oldest of them was made; 0 when there was none.
      type: float
    newest_pending_at:
      description: When the newest of them was made; empty when there was none.
      type: str
    copied:
      description: How many were copied.
      type: int
    bytes_copied:
      description: How many bytes that took.
      type: int
    checked:
      description: How many are the same in both.
      type: int
    unhashed:
      description: Of how many of these only the size could be compared.
      type: int
    differing:
      description: How many differ although they were there when this began.
      type: int
    missing:
      description: Likewise, how many are not in the target.
      type: int
    meanwhile:
      description: How many came or changed while this went on; they are the next run's.
      type: int
    kept:
      description: How many the target has that are no longer in the source.
      type: int
    why:
      description: S3's codes of what kept it from copying; empty when nothing did.
      type: str
    seconds:
      description: How long it took.
      type: float
  sample:
    source: clinic-uploads
    target: clinic-uploads-replica
    objects: 1204
    bytes: 3221225472
    pending: 3
    pending_bytes: 1048576
    lag_seconds: 1800.5
    newest_pending_at: '2026-11-24T03:00:00Z'
    copied: 3
    bytes_copied: 1048576
    checked: 1204
    unhashed: 0
    differing: 0
    missing: 0
    meanwhile: 0
    kept: 12
    why: ''
    seconds: 4.2
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SPACES_REPLICATION
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.replication import Replication


class SpacesReplication(Module):
    """Objects of a bucket in another one."""

    kind = SPACES_REPLICATION
    options = {
        "source": {"type": "str", "required": True},
        "region": {"type": "str", "required": True},
        "target": {"type": "str", "required": True},
        "target_region": {"type": "str", "required": True},
        "only_missing": {"type": "bool", "default": False},
        "prefix": {"type": "str", "default": ""},
        "bandwidth": {"type": "str", "default": ""},
        **spaces.options(),
    }

    def run(self) -> Data:
        """What is lacking is looked up before anything is written."""
        if self.params["source"] == self.params["target"]:
            raise Failure("Source and target are the same bucket, nothing was done: name another one as target.")
        self.doing = f'copy Spaces bucket "{self.params["source"]}" to "{self.params["target"]}"'
        replication = Replication(self.params, self.secrets, self.clock, self.progress, self.check_mode)
        told = replication.planned() if self.check_mode else replication.done()
        return {"changed": bool(told["pending"] if self.check_mode else told["copied"]), self.kind.name: told}


def main() -> None:
    """Run as an ordinary module."""
    run_module(SpacesReplication)


if __name__ == "__main__":
    main()
