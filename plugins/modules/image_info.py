#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which images the account has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: image_info
short_description: List the images that were made of Droplets
version_added: 0.1.0
description:
  - Lists the snapshots and backups of Droplets, and images that were uploaded; those that DigitalOcean offers are left
    out.
author:
  - FisioFlow contributors (@fisioflow)
options:
  type:
    description:
      - List only these, such as V(snapshot) or V(backup).
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.droplet
"""

EXAMPLES = r"""
- name: What is kept of Droplets, and what may be deleted?
  fisioflow.digitalocean.image_info:
    type: snapshot
  register: kept
"""

RETURN = r"""
images:
  description: The images as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 210000001
      name: clinic-jump before the upgrade
      type: snapshot
      distribution: Ubuntu
      slug: null
      public: false
      regions: [fra1]
      created_at: '2026-11-24T03:00:00Z'
      min_disk_size: 25
      size_gigabytes: 2.34
      description: ''
      tags: []
      status: available
      error_message: ''
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import IMAGE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class ImageInfo(Info):
    """The account's own."""

    kind = IMAGE
    filters = ("type",)

    def rows(self) -> list[Data]:
        """One may be asked for by its number, the others are listed without what is on offer."""
        if self.params["id"]:
            return super().rows()
        return self.api.rows(IMAGE.path, IMAGE.many, IMAGE.tells, {"private": "true"})


def main() -> None:
    """Run as an ordinary module."""
    run_module(ImageInfo)


if __name__ == "__main__":
    main()
