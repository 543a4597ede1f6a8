#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: the configuration of a cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_config_info
short_description: Read the configuration of a database cluster
version_added: 0.1.0
description:
  - Reads the settings of the engine of a managed database cluster.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_config
"""

EXAMPLES = r"""
- name: What the engine is set to
  fisioflow.digitalocean.database_config_info:
    cluster: clinic-pg
  register: settings
"""

RETURN = r"""
database_configs:
  description: A list of one, with all settings that the API shows and the cluster they are of.
  returned: success
  type: list
  elements: dict
  sample:
    - cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
      config:
        backup_hour: 6
        backup_minute: 30
        jit: true
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_CONFIG
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseConfigInfo(Info):
    """The configuration, in the API's own envelope."""

    kind = DATABASE_CONFIG

    def rows(self) -> list[Data]:
        """Keep the envelope, since settings are named by the engine and not by us."""
        return [self.api.get(DATABASE_CONFIG.collection(self.parent_id), DATABASE_CONFIG.promise)]


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseConfigInfo)


if __name__ == "__main__":
    main()
