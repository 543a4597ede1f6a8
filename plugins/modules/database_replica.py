#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a read replica of a PostgreSQL cluster."""
from __future__ import annotations

DOCUMENTATION = r"""
module: database_replica
short_description: Manage a read replica of a database cluster
version_added: 0.1.0
description:
  - Creates and deletes a read-only replica of a managed PostgreSQL cluster, in the same or another region, and promotes
    it to a cluster of its own.
  - Nothing of a replica can change after creation.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, unique among the clusters and replicas of the account.
    type: str
    required: true
  size:
    description:
      - The size of its node, at least that of the primary. Needed to create the replica; cannot change.
    type: str
  region:
    description:
      - The datacentre region; that of the primary when it is left out. Cannot change.
    type: str
  private_network_uuid:
    description:
      - The id of the VPC, which must be in O(region); the region's default one when it is left out. Cannot change.
    type: str
  storage_size_mib:
    description:
      - The disk in MiB. Cannot change.
    type: int
  tags:
    description:
      - The tags that the replica gets at creation. Those of one that exists are left alone.
    type: list
    elements: str
  state:
    description:
      - V(present) creates the replica.
      - V(promoted) makes a cluster of its own of it, under the same name, which no longer follows the primary.
        Unchanged when a cluster of that name is there already.
      - V(absent) deletes the replica; a promoted one is a cluster and stays.
    type: str
    choices: [present, absent, promoted]
    default: present
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.lifecycle.waiting
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_replica_info
  - module: fisioflow.digitalocean.database_cluster
"""

EXAMPLES = r"""
- name: A replica in Amsterdam
  fisioflow.digitalocean.database_replica:
    cluster: clinic-pg
    name: clinic-pg-ams
    size: db-s-1vcpu-1gb
    region: ams3

- name: Frankfurt is gone, go on in Amsterdam
  fisioflow.digitalocean.database_replica:
    cluster: clinic-pg
    name: clinic-pg-ams
    state: promoted
"""

RETURN = r"""
database_replica:
  description:
    - The replica as the API gives it, without passwords and without the URIs that contain one, and the cluster that it
      follows; an empty dictionary when it is not there (any more).
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 0f11cd4c-8b36-4c7f-8e50-3d5bb87a1d0e
    name: clinic-pg-ams
    region: ams3
    size: db-s-1vcpu-1gb
    status: online
    tags: []
    created_at: '2026-11-24T04:00:00Z'
    private_network_uuid: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
    storage_size_mib: 10240
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    connection:
      host: clinic-pg-ams-do-user-1-0.a.db.ondigitalocean.com
      port: 25060
      database: defaultdb
      user: doadmin
      ssl: true
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.attributes import Attribute
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.kinds import DATABASE_CLUSTER, DATABASE_REPLICA
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.module import UNKNOWN, capital, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import Plan, Resource, Step

ANOTHER = "create another replica and delete this one"


class DatabaseReplica(Resource):
    """A replica: there, not there, or a cluster of its own."""

    kind = DATABASE_REPLICA
    states = ("present", "absent", "promoted")
    options = {
        "name": {"type": "str", "required": True},
        "size": {"type": "str"},
        "region": {"type": "str"},
        "private_network_uuid": {"type": "str"},
        "storage_size_mib": {"type": "int"},
        "tags": {"type": "list", "elements": "str"},
    }
    attributes = {
        "name": Attribute(fixed=ANOTHER),
        "size": Attribute(required=True, fixed=ANOTHER),
        "region": Attribute(fixed=ANOTHER),
        "private_network_uuid": Attribute(fixed=ANOTHER),
        "storage_size_mib": Attribute(fixed=ANOTHER),
        "tags": Attribute(normal=compare.set_of(), fixed=ANOTHER),
    }
    computed = dict.fromkeys(("id", "status", "created_at", "connection", "private_connection", "do_settings"), UNKNOWN)
    ready = frozenset({"online", "active"})

    def wanted(self, current: Data | None) -> Data:
        """Its tags are those of its birth."""
        wanted = super().wanted(current)
        if current is not None:
            wanted.pop("tags", None)
        return wanted

    def plan_promoted(self, current: Data | None) -> Plan:
        """Promote the replica, unless a cluster of its name tells that it was done before."""
        name = self.params["name"]
        if current is None:
            clusters = self.api.rows(DATABASE_CLUSTER.path, DATABASE_CLUSTER.many)
            if any(cluster.get("name") == name for cluster in clusters):
                return Plan({}, {}, {})
            # In check mode, the replica of a cluster that does not exist yet would have been created.
            if self.parent_id or not self.check_mode:
                raise Failure(f"Could not promote {self.subject}: there is no such replica, and no cluster of that "
                              "name: correct it.")
        return Plan({"name": name, "role": "replica"}, {"name": name, "role": "primary"}, {},
                    [Step("promote", self._promote)])

    def _promote(self, current: Data) -> None:
        ready = current if self.is_ready(current) else self.settle(current)
        try:
            self._once_free(lambda: self.api.put(f"{self.location(ready)}/promote"))
        except NotFound as error:
            # An earlier try got through and its answer was lost: there is no such replica any more.
            if not error.follows_uncertain:
                raise

    def failure(self, resource: Data) -> str:
        """The sentence for a replica that cannot be used."""
        return f"{capital(self.subject)} went into the state {self.state(resource)}: delete it and create it again."


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseReplica)


if __name__ == "__main__":
    main()
