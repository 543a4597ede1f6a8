#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which tags there are, and what carries them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: tag_info
short_description: List tags
version_added: 0.1.0
description:
  - Lists the tags of the account with how many Droplets, databases and others carry them, all or the one of a name.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.tag
"""

EXAMPLES = r"""
- name: What carries which tag
  fisioflow.digitalocean.tag_info:
  register: tags
"""

RETURN = r"""
tags:
  description: The tags as the API gives them; empty when none matches. What the token may not read is not counted.
  returned: success
  type: list
  elements: dict
  sample:
    - name: clinic-edge
      resources:
        count: 0
        droplets:
          count: 0
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import TAG
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class TagInfo(Info):
    """The tags."""

    kind = TAG


def main() -> None:
    """Run as an ordinary module."""
    run_module(TagInfo)


if __name__ == "__main__":
    main()
