#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which Droplet autoscale pools there are, with members and history."""

from __future__ import annotations

DOCUMENTATION = r"""
module: droplet_autoscale_pool_info
short_description: List Droplet autoscale pools with their members
version_added: 0.1.0
description:
  - Lists the autoscale pools of the account, all of them or those that the filters leave, each with the Droplets
    that it has and what it did.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.droplet_autoscale_pool
"""

EXAMPLES = r"""
- name: How many proxies there are, and why
  fisioflow.digitalocean.droplet_autoscale_pool_info:
    name: clinic-edge
  register: pools
"""

RETURN = r"""
droplet_autoscale_pools:
  description: The pools as the API gives them, their user data hidden; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0d3db13e-a604-4944-9827-7ec2642d32ac
      name: clinic-edge
      status: active
      active_resources_count: 2
      members:
        - droplet_id: 500000001
          status: active
          health_status: healthy
      history:
        - current_instance_count: 0
          desired_instance_count: 2
          reason: CONFIGURATION_CHANGE
          status: success
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DROPLET_AUTOSCALE_POOL
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.pools import user_data_in
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DropletAutoscalePoolInfo(Info):
    """The pools, with what has addresses of its own."""

    kind = DROPLET_AUTOSCALE_POOL
    finders = (user_data_in,)

    def enrich(self, resource: Data) -> Data:
        """Add members and history."""
        base = self.kind.location(str(resource["id"]))
        more = self.api.gather(
            {
                "members": lambda: self.api.rows(f"{base}/members", "droplets", ("droplet_id",)),
                "history": lambda: self.api.rows(f"{base}/history", "history", ("history_event_id",)),
            }
        )
        return {"current_utilization": {}, **resource, **more}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DropletAutoscalePoolInfo)


if __name__ == "__main__":
    main()
