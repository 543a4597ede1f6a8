#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which databases a cluster has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_db_info
short_description: List the databases of a database cluster
version_added: 0.1.0
description:
  - Lists the databases of a managed PostgreSQL cluster, all of them or the one that is named.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_db
"""

EXAMPLES = r"""
- name: The databases of the clinic
  fisioflow.digitalocean.database_db_info:
    cluster: clinic-pg
  register: databases
"""

RETURN = r"""
database_dbs:
  description: The databases and the cluster they are in; empty when there is none that matches.
  returned: success
  type: list
  elements: dict
  sample:
    - name: defaultdb
      cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    - name: fisioflow
      cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_DB
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseDbInfo(Info):
    """The databases."""

    kind = DATABASE_DB


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseDbInfo)


if __name__ == "__main__":
    main()
