#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a tag."""

from __future__ import annotations

DOCUMENTATION = r"""
module: tag
short_description: Manage a tag
version_added: 0.1.0
description:
  - Makes and deletes tags. What carries a tag is said where that is described, such as a database cluster.
  - To delete a tag takes it from everything that carries it. Firewalls, load balancers and trusted sources that go by
    the tag then reach nothing by it.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, of letters, digits, C(:), C(-) and C(_).
      - Capitals are those of its first creation. One that differs from it in nothing else is refused.
    type: str
    required: true
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.tag_info
"""

EXAMPLES = r"""
- name: A tag for the proxies, before a firewall goes by it
  fisioflow.digitalocean.tag:
    name: clinic-edge

- name: Remove it, also from what carries it
  fisioflow.digitalocean.tag:
    name: clinic-edge
    state: absent
"""

RETURN = r"""
tag:
  description:
    - The tag as the API gives it; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    name: clinic-edge
    resources:
      count: 0
      droplets:
        count: 0
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import TAG
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Attribute
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, alike, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource


class Tag(Resource):
    """A tag: there or not."""

    kind = TAG
    attributes = {"name": Attribute(required=True, fixed="make another tag, and put it on what carries this one")}
    computed = {"resources": UNKNOWN}

    def read(self) -> Data | None:
        """The API knows one only by the capitals of its first creation, and makes no second one with others."""
        found = super().read()
        if found is None:
            alike(self.api.rows(TAG.path, TAG.many, TAG.tells, fresh=self.api.has_written), self.params["name"], TAG)
        return found


def main() -> None:
    """Run as an ordinary module."""
    run_module(Tag)


if __name__ == "__main__":
    main()
