#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which container registries the account has, and what is in them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: container_registry_info
short_description: List the container registries of the account
version_added: 0.1.0
description:
  - Lists the container registries of the account, all of them or one, and on demand what is in them.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - List only the one of this name.
    type: str
  contents:
    description:
      - List also the repositories of each, with their tags. That is a request for each repository.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.container_registry
"""

EXAMPLES = r"""
- name: Which versions there are
  fisioflow.digitalocean.container_registry_info:
    name: clinic-images
    contents: true
  register: images
"""

RETURN = r"""
container_registries:
  description: The registries as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - name: clinic-images
      region: fra1
      created_at: '2026-11-28T03:00:00Z'
      storage_usage_bytes: 29393920
      storage_usage_bytes_updated_at: '2026-11-28T03:10:00Z'
      repositories:
        - registry_name: clinic-images
          name: web
          tag_count: 1
          manifest_count: 1
          tags:
            - tag: v1
              manifest_digest: sha256:cb8a924afdf0229ef7515d9e5b3024e23b3eb03ddbba287f4a19c6ac90b8d221
              updated_at: '2026-11-28T03:10:00Z'
"""

from functools import partial
from urllib.parse import quote

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CONTAINER_REGISTRY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class ContainerRegistryInfo(Info):
    """The registries, and their images if asked for."""

    kind = CONTAINER_REGISTRY
    options = {"contents": {"type": "bool", "default": False}}

    def enrich(self, resource: Data) -> Data:
        """The tags of all repositories at the same time."""
        if not self.params["contents"]:
            return resource
        path = self.kind.location(resource["name"])
        repositories = self.api.rows(f"{path}/repositoriesV2", "repositories", ("name",))
        tags = self.api.gather(
            {
                row["name"]: partial(
                    self.api.rows, f"{path}/repositories/{quote(row['name'], safe='')}/tags", "tags", ("tag",)
                )
                for row in repositories
            }
        )
        return {**resource, "repositories": [{**row, "tags": tags[row["name"]]} for row in repositories]}


def main() -> None:
    """Run as an ordinary module."""
    run_module(ContainerRegistryInfo)


if __name__ == "__main__":
    main()
