#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which access keys of Spaces there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: spaces_key_info
short_description: List the access keys of Spaces
version_added: 0.1.0
description:
  - Lists the access keys of Spaces, all of them or those that the filters leave. Their secrets are not among what the
    API tells.
author:
  - FisioFlow contributors (@fisioflow)
options:
  access_key:
    description:
      - Only the key with this id.
    type: str
  bucket:
    description:
      - Only keys that are granted on this bucket by name.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.spaces_key
"""

EXAMPLES = r"""
- name: Who may reach the uploads
  fisioflow.digitalocean.spaces_key_info:
    bucket: clinic-uploads
  register: keys
"""

RETURN = r"""
spaces_keys:
  description: The keys as the API gives them, without secrets; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - name: clinic-uploads
      access_key: DO00ABCDEFGHIJKLMNOP
      grants:
        - bucket: clinic-uploads
          permission: readwrite
      created_at: '2026-11-24T03:00:00Z'
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SPACES_KEY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class SpacesKeyInfo(Info):
    """The keys, from the list that has them all."""

    kind = SPACES_KEY
    options = {"access_key": {"type": "str", "no_log": False}, "bucket": {"type": "str"}}

    def rows(self) -> list[Data]:
        """One of them is in the list as well, in the same shape."""
        bucket = self.params["bucket"]
        return [
            row
            for row in self.api.rows(SPACES_KEY.path, SPACES_KEY.many, SPACES_KEY.tells)
            if not bucket or any(grant.get("bucket") == bucket for grant in row.get("grants") or [])
        ]


def main() -> None:
    """Run as an ordinary module."""
    run_module(SpacesKeyInfo)


if __name__ == "__main__":
    main()
