#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which read replicas a cluster has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_replica_info
short_description: List the read replicas of a database cluster
version_added: 0.1.0
description:
  - Lists the read replicas of a managed PostgreSQL cluster, all of them or the one that is named.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_replica
"""

EXAMPLES = r"""
- name: Who follows this cluster
  fisioflow.digitalocean.database_replica_info:
    cluster: clinic-pg-ha
  register: replicas
"""

RETURN = r"""
database_replicas:
  description: The replicas without passwords, and the cluster they follow; empty when there is none that matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 0f11cd4c-8b36-4c7f-8e50-3d5bb87a1d0e
      name: clinic-pg-ha-ams
      region: ams3
      size: gd-2vcpu-8gb
      status: online
      created_at: '2026-11-24T04:00:00Z'
      cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_REPLICA
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseReplicaInfo(Info):
    """The replicas."""

    kind = DATABASE_REPLICA


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseReplicaInfo)


if __name__ == "__main__":
    main()
