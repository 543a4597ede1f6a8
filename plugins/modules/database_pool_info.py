#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which connection pools a cluster has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_pool_info
short_description: List the connection pools of a database cluster
version_added: 0.1.0
description:
  - Lists the connection pools of a managed PostgreSQL cluster, all of them or the one that is named.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_pool
"""

EXAMPLES = r"""
- name: How the backend connections are shared
  fisioflow.digitalocean.database_pool_info:
    cluster: clinic-pg
  register: pools
"""

RETURN = r"""
database_pools:
  description: The pools without passwords, and the cluster they are in; empty when there is none that matches.
  returned: success
  type: list
  elements: dict
  sample:
    - name: fisioflow
      mode: transaction
      size: 20
      db: fisioflow
      user: fisioflow_app
      cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
      private_connection:
        host: private-clinic-pg-do-user-1-0.a.db.ondigitalocean.com
        port: 25061
        database: fisioflow
        user: fisioflow_app
        ssl: true
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_POOL
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabasePoolInfo(Info):
    """The pools."""

    kind = DATABASE_POOL


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabasePoolInfo)


if __name__ == "__main__":
    main()
