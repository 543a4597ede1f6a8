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
  - Its size and disk are changed in place. Nothing else of a replica can change after creation.
  - A Standard cluster (engine V(pg)) that is made from 2026-11-30 on (in accounts that never had one, from 2026-10-15
    on) gets no replicas. Those of older clusters stay, and can be added.
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
      - The size of its node, at least that of the primary. Needed to create the replica. Can only grow.
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
      - The disk in MiB. Can only grow.
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
    cluster: clinic-pg-ha
    name: clinic-pg-ha-ams
    size: gd-2vcpu-8gb
    region: ams3

- name: Frankfurt is gone, go on in Amsterdam
  fisioflow.digitalocean.database_replica:
    cluster: clinic-pg-ha
    name: clinic-pg-ha-ams
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
    name: clinic-pg-ha-ams
    region: ams3
    size: gd-2vcpu-8gb
    status: online
    tags: []
    created_at: '2026-11-24T04:00:00Z'
    private_network_uuid: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
    storage_size_mib: 143360
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    connection:
      host: clinic-pg-ha-ams-do-user-1-0.a.db.ondigitalocean.com
      port: 25060
      database: defaultdb
      user: doadmin
      ssl: true
"""

from collections.abc import Iterator
from functools import cached_property

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import editions, facts, offers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import (
    Failure,
    Invalid,
    NotFound,
    capital,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import (
    DATABASE_CLUSTER,
    DATABASE_OPTIONS,
    DATABASE_REPLICA,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Resource, Step

ANOTHER = "create another replica and delete this one"


class DatabaseReplica(Resource):
    """A replica: there, not there, or a cluster of its own."""

    kind = DATABASE_REPLICA
    states = ("present", "absent", "promoted")
    attributes = {
        "name": Attribute(required=True, fixed=ANOTHER),
        "size": Attribute(needed=True),
        "region": Attribute(fixed=ANOTHER),
        "private_network_uuid": Attribute(fixed=ANOTHER),
        "storage_size_mib": Attribute("int"),
        "tags": Attribute("list", elements="str", normal=compare.set_of(), only_at_creation=True),
    }
    computed = dict.fromkeys(("id", "status", "created_at", "connection", "private_connection", "do_settings"), UNKNOWN)
    ready = frozenset({"online", "active"})

    def check(self, current: Data | None, wanted: Data) -> None:
        """A primary that is too young for replicas, and what only grows."""
        if current is None:
            self._check_primary()
            return
        before, after = (facts.memory_gib(row.get("size", "")) for row in (current, wanted))
        if 0 < after < before:
            raise self.refusal(
                "change",
                f"size is {current['size']} and cannot get smaller ({wanted['size']}): {ANOTHER}, or correct size",
            )
        before, after = (row.get("storage_size_mib") or 0 for row in (current, wanted))
        if 0 < after < before:
            raise self.refusal(
                "change",
                f"storage_size_mib is {before} and cannot go down to {after}: {ANOTHER}, or correct storage_size_mib",
            )

    def _check_primary(self) -> None:
        engine, born = str(self.primary.get("engine")), self.primary.get("created_at")
        if self.primary and editions.is_limited(engine, born):
            raise self.refusal(
                "create",
                f"its cluster is of {born}, and {editions.WHY}. Take an {editions.ADVANCED[engine]} cluster, or read "
                "from the primary",
            )

    @cached_property
    def primary(self) -> Data:
        """The cluster that it follows; {} in check mode while that is yet to come."""
        if not self.parent_id:
            return {}
        answer = self.api.get(DATABASE_CLUSTER.location(self.parent_id), DATABASE_CLUSTER.promise)
        return DATABASE_CLUSTER.unwrap(answer, self.parent_id)

    def create(self, wanted: Data) -> Data:
        """See Resource; the words of a refusal may not tell that the edition of the primary is the reason."""
        try:
            return super().create(wanted)
        except Invalid as error:
            error.advice = (
                f"Mind that {editions.WHY}. If that is not the reason, correct the option that the message "
                "names; nothing was changed by this call."
            )
            raise

    @changes("size", "storage_size_mib")
    def resize(self, change: Change) -> Data | None:
        """By its id, as a cluster of one node; a disk that nobody asks for is left to the API."""
        values = {"size": change.values["size"], "num_nodes": 1}
        if self.params["storage_size_mib"] is not None:
            values["storage_size_mib"] = change.values["storage_size_mib"]
        self.api.put(f"{DATABASE_CLUSTER.location(change.current['id'])}/resize", values)
        return None

    def unoffered(self, current: Data | None, asked: Data) -> Iterator[str]:
        """One node of the cluster's engine, in a region that has it."""
        judged: Data = {name: asked[name] for name in ("size", "region") if name in asked}
        if judged:
            answer = self.api.get(DATABASE_OPTIONS.path, DATABASE_OPTIONS.promise)
            yield from offers.database_refusals(
                answer[DATABASE_OPTIONS.one],
                self.primary.get("engine", "pg"),
                judged,
                {**judged, "num_nodes": 1},
                exists=bool(current),
            )
        least = self.primary.get("size", "") if "size" in judged else ""
        if 0 < facts.memory_gib(judged.get("size", "")) < facts.memory_gib(least):
            yield f"size {judged['size']!r} is smaller than that of its cluster: take at least {least}"

    def plan_promoted(self, current: Data | None) -> Plan:
        """Promote the replica, unless a cluster of its name tells that it was done before."""
        name = self.params["name"]
        if current is None:
            clusters = self.api.rows(DATABASE_CLUSTER.path, DATABASE_CLUSTER.many, DATABASE_CLUSTER.tells)
            if any(cluster.get("name") == name for cluster in clusters):
                return Plan({}, {}, {})
            # In check mode, the replica of a cluster that does not exist yet would have been created.
            if self.parent_id or not self.check_mode:
                raise Failure(
                    f"Could not promote {self.subject}: there is no such replica, and no cluster of that "
                    "name: correct it."
                )
        return Plan(
            {"name": name, "role": "replica"}, {"name": name, "role": "primary"}, {}, [Step("promote", self._promote)]
        )

    def _promote(self, current: Data) -> None:
        ready = current if self.is_ready(current) else self.settle(current)
        try:
            self.when_free(lambda: self.api.put(f"{self.location(ready)}/promote"))
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
