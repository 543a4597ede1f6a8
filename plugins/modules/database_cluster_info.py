#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which database clusters there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_cluster_info
short_description: List database clusters
version_added: 0.1.0
description:
  - Lists the managed database clusters of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  engine:
    description:
      - Only the clusters of this engine, such as V(pg).
    type: str
  with_ca:
    description:
      - Also give the certificate authority that signs the cluster's certificate, which costs one more request for each.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.filters.region
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_cluster
"""

EXAMPLES = r"""
- name: The PostgreSQL clusters in Frankfurt
  fisioflow.digitalocean.database_cluster_info:
    engine: pg
    region: fra1
  register: clusters
"""

RETURN = r"""
database_clusters:
  description:
    - The clusters as the API gives them, without passwords and without the URIs that contain one; empty when none
      matches.
    - With O(with_ca=true), each has its authority as PEM in C(ca).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
      name: clinic-pg
      engine: pg
      version: '17'
      num_nodes: 1
      size: db-s-1vcpu-1gb
      region: fra1
      status: online
      connection:
        host: clinic-pg-do-user-1-0.a.db.ondigitalocean.com
        port: 25060
        database: defaultdb
        user: doadmin
        ssl: true
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_CLUSTER
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.authority import authority
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseClusterInfo(Info):
    """The clusters, with their authorities if asked for."""

    kind = DATABASE_CLUSTER
    filters = ("engine", "region")
    options = {"with_ca": {"type": "bool", "default": False}}

    def enrich(self, resource: Data) -> Data:
        """Add the authority."""
        return {**resource, "ca": authority(self.api, resource["id"])} if self.params["with_ca"] else resource


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseClusterInfo)


if __name__ == "__main__":
    main()
