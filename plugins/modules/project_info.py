#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which projects there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: project_info
short_description: List projects
version_added: 0.1.0
description:
  - Lists the projects of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  with_resources:
    description:
      - Also list the URNs of what belongs to each project, which costs one more request for each.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.project
"""

EXAMPLES = r"""
- name: The project and what belongs to it
  fisioflow.digitalocean.project_info:
    name: clinic
    with_resources: true
  register: clinic
"""

RETURN = r"""
projects:
  description:
    - The projects as the API gives them; empty when none matches.
    - With O(with_resources=true), each has a list C(resources).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 4e1bfbc3-dc3e-41f2-a18f-1b4d7ba71679
      owner_uuid: 99525febec065ca37b2ffe4f852fd2b2581895e7
      owner_id: 258992
      name: clinic
      description: ''
      purpose: Web Application
      environment: Production
      is_default: false
      created_at: '2026-11-24T03:00:00Z'
      updated_at: '2026-11-24T03:00:00Z'
      resources:
        - do:app:4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import PROJECT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class ProjectInfo(Info):
    """The projects, with the URNs of their resources if asked for."""

    kind = PROJECT
    options = {"with_resources": {"type": "bool", "default": False}}

    def enrich(self, resource: Data) -> Data:
        """Add the resources."""
        if not self.params["with_resources"]:
            return resource
        rows = self.api.rows(f"{PROJECT.location(resource['id'])}/resources", "resources", ("urn",))
        return {**resource, "resources": [row["urn"] for row in rows]}


def main() -> None:
    """Run as an ordinary module."""
    run_module(ProjectInfo)


if __name__ == "__main__":
    main()
