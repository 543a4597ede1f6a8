#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: earlier versions of objects of a bucket of Spaces."""

from __future__ import annotations

DOCUMENTATION = r"""
module: spaces_restore
short_description: Bring earlier versions of objects of Spaces back
version_added: 0.1.0
description:
  - Makes earlier versions of objects the current ones, within S3. What is there becomes a version by that, when
    versioning is on; nothing is deleted.
  - Without O(at) and O(version), what is deleted comes back as it was last, and everything else is left alone.
  - Names of objects are in no result and no message.
author:
  - FisioFlow contributors (@fisioflow)
options:
  bucket:
    description:
      - The bucket.
    type: str
    required: true
  key:
    description:
      - One object alone.
    type: str
  version:
    description:
      - The id of the version of O(key) that shall come back.
    type: str
  prefix:
    description:
      - The objects whose names begin like this.
    type: str
  everything:
    description:
      - All objects.
    type: bool
    default: false
  at:
    description:
      - As they were at this time, such as V(2026-11-24T03:00:00Z). What was not there then is left as it is.
    type: str
  list_path:
    description:
      - A file for the names and versions of what comes back, one JSON object a line, which its owner alone may read.
        Also in check mode.
    type: path
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes
  - fisioflow.digitalocean.spaces
notes:
  - A key with the grant C(readwrite) for O(bucket) is enough.
seealso:
  - module: fisioflow.digitalocean.spaces_bucket
  - module: fisioflow.digitalocean.spaces_replication
"""

EXAMPLES = r"""
- name: What somebody has deleted this morning
  fisioflow.digitalocean.spaces_restore:
    bucket: clinic-uploads
    region: fra1
    prefix: reports/2026/
  register: restored
"""

RETURN = r"""
spaces_restore:
  description: What came back; in check mode what would.
  returned: success
  type: dict
  contains:
    objects:
      description: How many were looked at, deleted ones included.
      type: int
    restored:
      description: How many came back.
      type: int
    bytes:
      description: How big they are.
      type: int
    deleted:
      description: How many of them were deleted.
      type: int
    left:
      description: How many are not as wanted afterwards, since somebody has changed them meanwhile.
      type: int
    marks:
      description: A hash of name and version of each, of a hundred at most.
      type: list
      elements: str
    list_path:
      description: The file with the names; empty for none.
      type: str
    seconds:
      description: How long it took.
      type: float
  sample:
    bucket: clinic-uploads
    objects: 1204
    restored: 1
    bytes: 1048576
    deleted: 1
    left: 0
    marks: [9f86d081884c7d65]
    list_path: ''
    seconds: 0.4
"""

from functools import cached_property

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SPACES_RESTORE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.restoring import Restoring


class SpacesRestore(Module):
    """Versions of a bucket; `api` is that of Spaces here."""

    kind = SPACES_RESTORE
    options = {
        "bucket": {"type": "str", "required": True},
        "region": {"type": "str", "required": True},
        "key": {"type": "str", "no_log": False},
        "version": {"type": "str"},
        "prefix": {"type": "str"},
        "everything": {"type": "bool", "default": False},
        "at": {"type": "str"},
        "list_path": {"type": "path"},
        **spaces.options(),
    }

    @cached_property
    def api(self) -> spaces.Spaces:
        """The region's endpoint."""
        return spaces.connect(self.params, self.secrets, self.clock, self.tell_of_delay, self.invocation.broker)

    def run(self) -> Data:
        """What comes back is looked up before anything is written."""
        self.doing = f'restore objects of Spaces bucket "{self.params["bucket"]}"'
        restoring = Restoring(self.params)
        told = restoring.run(self.api, self.check_mode, self.progress)
        return {"changed": bool(told["restored"]), self.kind.name: told}


def main() -> None:
    """Run as an ordinary module."""
    run_module(SpacesRestore)


if __name__ == "__main__":
    main()
