#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which buckets of Spaces there are, and what is set on one."""

from __future__ import annotations

DOCUMENTATION = r"""
module: spaces_bucket_info
short_description: List buckets of Spaces, or tell what is set on one
version_added: 0.1.0
description:
  - Lists the buckets of a region. With O(name), tells what is set on that bucket as well.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - Only the bucket with this name, with its settings.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.spaces
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.spaces_bucket
"""

EXAMPLES = r"""
- name: The buckets in Frankfurt
  fisioflow.digitalocean.spaces_bucket_info:
    region: fra1
  register: buckets

- name: All about one of them
  fisioflow.digitalocean.spaces_bucket_info:
    name: clinic-uploads
    region: fra1
  register: uploads
"""

RETURN = r"""
spaces_buckets:
  description:
    - The buckets of the region; empty when none matches. The settings, from C(acl) on, are only there with O(name).
    - C(acl) is V(custom) when it is neither V(private) nor V(public-read).
  returned: success
  type: list
  elements: dict
  sample:
    - name: clinic-uploads
      region: fra1
      urn: do:space:clinic-uploads
      host: clinic-uploads.fra1.digitaloceanspaces.com
      endpoint: https://fra1.digitaloceanspaces.com
      url: https://clinic-uploads.fra1.digitaloceanspaces.com
      created_at: '2026-11-24T03:00:00Z'
      acl: private
      versioning: true
      cors: []
      lifecycle: []
      policy: {}
      logging: {}
"""

from functools import cached_property

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SPACES_BUCKET
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import address, settings
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces


class SpacesBucketInfo(Info):
    """Buckets over S3; `api` is that of Spaces here."""

    kind = SPACES_BUCKET
    options = {"region": {"type": "str", "required": True}, **spaces.options()}

    @cached_property
    def api(self) -> spaces.Spaces:
        """The region's endpoint."""
        return spaces.connect(self.params, self.secrets, self.clock, self.tell_of_delay, self.invocation.broker)

    def rows(self) -> list[Data]:
        """One list of a region's buckets, in pages where there are many."""
        found: list[Data] = []
        page: Data = {}
        while True:
            answer = self.api.call("list_buckets", **page)
            found += answer.get("Buckets") or []
            if not answer.get("ContinuationToken"):
                break
            page = {"ContinuationToken": answer["ContinuationToken"]}
        return [{**address.about(row["Name"], self.params), "created_at": row.get("CreationDate")} for row in found]

    def enrich(self, resource: Data) -> Data:
        """The settings, if one bucket is asked for."""
        if not self.params["name"]:
            return resource
        told = settings.read(self.api, resource["name"], list(settings.SETTINGS)) or {}
        return {**resource, **{name: value for name, value in told.items() if name != "location"}}


def main() -> None:
    """Run as an ordinary module."""
    run_module(SpacesBucketInfo)


if __name__ == "__main__":
    main()
