#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a managed database cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_cluster
short_description: Manage a database cluster (PostgreSQL, Valkey)
version_added: 0.1.0
description:
  - Creates, changes and deletes a managed database cluster, or restores a backup into a new one.
  - Every attribute that the API can change is changed in place by its own call. Name, engine and VPC are fixed at
    creation.
  - What lives in the cluster has modules of its own, as has the list of those who may connect
    (M(fisioflow.digitalocean.database_firewall)).
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, unique in the account.
    type: str
    required: true
  id:
    description:
      - The id. Without it the cluster is found by its name.
    type: str
  force:
    description:
      - Whether O(state=absent) may take data along. Without it a cluster is left alone that holds a database beside its
        first one, or has backups - they go with it -, or of whose engine the API cannot tell. Valkey has none of them.
      - A cluster that an app has in its spec is not deleted either way, before the app has let go of it. To see that,
        the token needs C(app:read).
    type: bool
    default: false
  short_lived:
    description:
      - With O(state=present), a cluster that this task makes is deleted when the run ends, with everything in it, also
        when the run is killed. Outside of the controller (C(digitalocean_in_controller=false)) nothing does that.
      - With O(state=absent), only a cluster that bears all of O(tags) is deleted, so that no other one of that name is
        taken for it.
    type: bool
    default: false
  engine:
    description:
      - The database engine - V(pg) (PostgreSQL, Standard), V(advanced_pg) (PostgreSQL, Advanced) or V(valkey) for
        example. Needed to create the cluster; cannot change.
      - From 2026-11-30 (in accounts that never had one, from 2026-10-15) new Standard clusters have one node of at most
        4 GiB and no read-only nodes; those that were there before keep what they have. Standbys of PostgreSQL are
        V(advanced_pg).
      - M(fisioflow.digitalocean.database_options_info) tells what is on offer.
    type: str
  version:
    description:
      - The major version, such as V(17). The API takes its default when a cluster is created without. Can only rise.
    type: str
  size:
    description:
      - The size of a node, such as V(db-s-1vcpu-2gb). Needed to create the cluster.
    type: str
  num_nodes:
    description:
      - How many nodes, the primary and its standbys together. Needed to create the cluster.
      - Valkey has V(1) or V(2), a new V(pg) cluster V(1), an V(advanced_pg) one V(1) to V(3).
    type: int
  region:
    description:
      - The datacentre region, such as V(fra1). Needed to create the cluster; another one migrates it.
    type: str
  private_network_uuid:
    description:
      - The id of the VPC, which must be in O(region); the region's default one when it is left out. Cannot change.
    type: str
  storage_size_mib:
    description:
      - The disk of a node in MiB. Can only grow. One that has grown by itself (O(autoscale)) is left so.
    type: int
  tags:
    description:
      - The tags that the cluster carries, exactly. Their capitals are those with which each was first made.
    type: list
    elements: str
  project_id:
    description:
      - The id of the project to which it belongs; the default project when it is left out.
    type: str
  rules:
    description:
      - Who may connect from the moment of creation. An existing cluster is not touched by it, see
        M(fisioflow.digitalocean.database_firewall).
  autoscale:
    description:
      - When the cluster may grow by itself.
    type: dict
    suboptions:
      storage:
        description:
          - Growth of the disk.
        type: dict
        suboptions:
          enabled:
            description:
              - Whether the disk may grow.
            type: bool
            required: true
          threshold_percent:
            description:
              - From which use on, V(15) to V(95) percent.
            type: int
          increment_gib:
            description:
              - By how much, V(10) to V(500) GiB.
            type: int
  maintenance_window:
    description:
      - When DigitalOcean may install updates.
    type: dict
    suboptions:
      day:
        description:
          - The day of the week, such as V(sunday).
        type: str
        required: true
      hour:
        description:
          - The time in UTC, such as V("22:00"), in quotation marks, since YAML takes it for a number without.
        type: str
        required: true
  eviction_policy:
    description:
      - What Valkey does when its memory is full. The vendor writes V(allkeys-lru) as well as V(allkeys_lru).
    type: str
    choices: [noeviction, allkeys_lru, allkeys_random, volatile_lru, volatile_random, volatile_ttl,
              allkeys-lru, allkeys-random, volatile-lru, volatile-random, volatile-ttl]
  do_settings:
    description:
      - Settings of DigitalOcean's own.
    type: dict
    suboptions:
      service_cnames:
        description:
          - Host names of yours that point to the cluster.
        type: list
        elements: str
  backup_restore:
    description:
      - The backup that a new cluster starts with. An existing cluster is never overwritten by it.
      - Trusted sources, pools, maintenance window and settings of the old cluster do not come along. Of the Standard
        edition it is a new cluster too, that is one node from 2026-11-30 on.
    type: dict
    suboptions:
      database_name:
        description:
          - The name of the cluster that was backed up.
        type: str
        required: true
      backup_created_at:
        description:
          - The time of one of its backups (M(fisioflow.digitalocean.database_backup_info)); the newest when left out.
        type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.trusted_sources
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_cluster_info
  - module: fisioflow.digitalocean.database_options_info
  - module: fisioflow.digitalocean.database_firewall
"""

EXAMPLES = r"""
- name: PostgreSQL, with a disk that grows before it is full
  fisioflow.digitalocean.database_cluster:
    name: clinic-pg
    engine: pg
    version: "17"
    size: db-s-1vcpu-1gb
    num_nodes: 1
    region: fra1
    autoscale:
      storage:
        enabled: true
        threshold_percent: 80
        increment_gib: 10
    maintenance_window:
      day: sunday
      hour: "06:00"

- name: Valkey as a cache that forgets the least recently used first
  fisioflow.digitalocean.database_cluster:
    name: clinic-valkey
    engine: valkey
    size: db-s-1vcpu-1gb
    num_nodes: 1
    region: fra1
    eviction_policy: volatile_lru

- name: A bigger node in place of it, with everything that is in it
  fisioflow.digitalocean.database_cluster:
    name: clinic-pg
    size: db-s-1vcpu-2gb

- name: PostgreSQL with a standby, which the Advanced edition has
  fisioflow.digitalocean.database_cluster:
    name: clinic-pg-ha
    engine: advanced_pg
    version: "17"
    size: gd-2vcpu-8gb
    num_nodes: 2
    region: fra1

- name: The newest backup as a cluster of its own
  fisioflow.digitalocean.database_cluster:
    name: clinic-pg-restored
    engine: pg
    version: "17"
    size: db-s-1vcpu-2gb
    num_nodes: 1
    region: fra1
    backup_restore:
      database_name: clinic-pg

- name: The same for as long as the run, to look at what is in it
  fisioflow.digitalocean.database_cluster:
    name: clinic-pg-drill
    engine: pg
    version: "17"
    size: db-s-1vcpu-2gb
    num_nodes: 1
    region: fra1
    tags: [clinic-drill]
    short_lived: true
    backup_restore:
      database_name: clinic-pg

- name: Remove the cache
  fisioflow.digitalocean.database_cluster:
    name: clinic-valkey
    state: absent
"""

RETURN = r"""
database_cluster:
  description:
    - The cluster as the API gives it, without passwords and without the URIs that contain one; an empty dictionary when
      it is not there.
    - C(eviction_policy) and C(autoscale) are there when the option of that name was
      given.
    - C(standby_connection) and C(standby_private_connection) are empty for a
      cluster of one node.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    name: clinic-pg
    engine: pg
    version: '17'
    semantic_version: '17.6'
    num_nodes: 1
    size: db-s-1vcpu-1gb
    region: fra1
    status: online
    created_at: '2026-11-24T03:00:00Z'
    private_network_uuid: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
    storage_size_mib: 10240
    tags: []
    maintenance_window:
      day: sunday
      hour: '06:00:00'
      pending: false
    connection:
      host: clinic-pg-do-user-1-0.a.db.ondigitalocean.com
      port: 25060
      database: defaultdb
      user: doadmin
      ssl: true
    private_connection:
      host: private-clinic-pg-do-user-1-0.a.db.ondigitalocean.com
      port: 25060
      database: defaultdb
      user: doadmin
      ssl: true
    standby_connection: {}
    standby_private_connection: {}
    autoscale:
      storage:
        enabled: true
        threshold_percent: 80
        increment_gib: 10
"""

from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import editions, facts, offers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import InUse, Invalid
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_CLUSTER, DATABASE_OPTIONS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database import losses as database_losses
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import (
    arguments,
    assignment,
    compare,
    tags,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
    puts,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

# What GET /v2/databases/options tells about.
JUDGED = frozenset({"engine", "version", "region", "size", "num_nodes"})
POLICIES = ("allkeys_lru", "allkeys_random", "volatile_lru", "volatile_random", "volatile_ttl")
# The API leaves these out of a cluster of one node; a result has one shape.
NO_STANDBY: Data = {"standby_connection": {}, "standby_private_connection": {}}
_ADDRESS = dict.fromkeys(("host", "port", "database", "user", "ssl"), UNKNOWN)


def _rules(value: list[Data] | None) -> list[Data]:
    return [{"type": rule["type"], "value": rule["value"]} for rule in value or []]


class DatabaseCluster(Resource):
    """A database cluster; the API has no call that changes it as a whole, but one for each aspect."""

    kind = DATABASE_CLUSTER
    options = {
        "id": {"type": "str"},
        "force": {"type": "bool", "default": False},
        "short_lived": {"type": "bool", "default": False},
    }
    rules = {"required_if": [("short_lived", True, ("tags",))]}
    attributes = {
        "name": Attribute(required=True, fixed="restore a backup into a cluster of that name"),
        "engine": Attribute(needed=True, fixed="create another cluster and move the data"),
        "private_network_uuid": Attribute(fixed="restore a backup into a cluster in that VPC"),
        "rules": Attribute(**arguments.trusted_sources(), normal=_rules, only_at_creation=True),
        "backup_restore": Attribute(
            "dict",
            options={"database_name": {"type": "str", "required": True}, "backup_created_at": {"type": "str"}},
            only_at_creation=True,
            on_demand=True,
        ),
        "version": Attribute(),
        "size": Attribute(needed=True),
        "num_nodes": Attribute("int", needed=True),
        "storage_size_mib": Attribute("int"),
        "region": Attribute(needed=True),
        "autoscale": Attribute(
            "dict",
            options={
                "storage": {
                    "type": "dict",
                    "options": {
                        "enabled": {"type": "bool", "required": True},
                        "threshold_percent": {"type": "int"},
                        "increment_gib": {"type": "int"},
                    },
                }
            },
            on_demand=True,
        ),
        "maintenance_window": Attribute(
            "dict",
            options={"day": {"type": "str", "required": True}, "hour": {"type": "str", "required": True}},
            normal=compare.record(day=compare.lower, hour=compare.time_of_day),
            at_creation=False,
        ),
        "eviction_policy": Attribute(
            # The vendor writes them both ways.
            choices=["noeviction", *POLICIES, *(name.replace("_", "-") for name in POLICIES)],
            normal=compare.underscored,
            at_creation=False,
            on_demand=True,
        ),
        "do_settings": Attribute(
            "dict",
            options={"service_cnames": {"type": "list", "elements": "str"}},
            normal=compare.record(service_cnames=compare.set_of(compare.lower)),
        ),
        "tags": Attribute("list", elements="str", normal=compare.set_of(compare.lower)),
        "project_id": Attribute(),
    }
    computed = {
        **dict.fromkeys(
            (
                "id",
                "status",
                "semantic_version",
                "created_at",
                "version_end_of_life",
                "version_end_of_availability",
                "metrics_endpoints",
                "users",
                "db_names",
            ),
            UNKNOWN,
        ),
        "connection": _ADDRESS,
        "private_connection": _ADDRESS,
        **NO_STANDBY,
    }
    ready = frozenset({"online"})
    _guarded = False

    def wanted(self, current: Data | None) -> Data:
        """A disk that may grow by itself may have done so."""
        wanted = super().wanted(current)
        if "eviction_policy" in wanted:
            wanted["eviction_policy"] = compare.underscored(wanted["eviction_policy"])
        grows = (wanted.get("autoscale") or {}).get("storage", {}).get("enabled")
        if current and grows and (current.get("storage_size_mib") or 0) > wanted.get("storage_size_mib", 0):
            wanted.pop("storage_size_mib", None)
        return wanted

    def check(self, current: Data | None, wanted: Data) -> None:
        """What only rises, what only one engine has or no longer has, and what is no time."""
        self._check_nodes(current, wanted)
        if current and "private_network_uuid" in wanted and "region" in self.differing(current, wanted):
            raise self.refusal(
                "change region of",
                "the cluster would leave its VPC for the default one there. Leave private_network_uuid out to have it "
                "so, or restore a backup into a cluster in another VPC",
            )
        day = wanted.get("maintenance_window", {}).get("day", "monday")
        if not facts.is_weekday(day):
            raise self.refusal("set maintenance_window of", f'its day "{day}" is none of the week')
        hour = wanted.get("maintenance_window", {}).get("hour")
        if hour is not None and not facts.is_time_of_day(hour):
            raise self.refusal(
                "set maintenance_window of",
                f'its hour "{hour}" is no time of day such as "22:00" (in quotation marks: YAML takes it for a number '
                "without)",
            )
        engine = (current or wanted).get("engine")
        if "eviction_policy" in wanted and engine not in facts.CACHES:
            raise self.refusal("set eviction_policy of", f"only Valkey has one, and its engine is {engine}")
        rising = {"version": compare.plain, "storage_size_mib": compare.plain} if current else {}
        for name, number in rising.items():
            before, after = number((current or {}).get(name)), number(wanted.get(name))
            if isinstance(before, int) and isinstance(after, int) and after < before:
                raise self.refusal(
                    "change",
                    f"{name} is {before} and cannot go down to {after} (restore a backup into another cluster, or "
                    f"correct {name})",
                )

    def _check_nodes(self, current: Data | None, wanted: Data) -> None:
        """What the engine never had, what new clusters of it no longer get, and nodes that would get smaller."""
        doing = "change" if current else "create"
        if current and not {"num_nodes", "size"} & set(self.differing(current, wanted)):
            return
        both = {**(current or {}), **wanted}
        engine, nodes, size = both["engine"], both["num_nodes"], both["size"]
        if engine == "valkey" and nodes > facts.MOST_VALKEY_NODES:
            raise self.refusal(doing, f"num_nodes is {nodes}, and Valkey has 1 or {facts.MOST_VALKEY_NODES} nodes")
        beyond = editions.beyond(nodes, size)
        if beyond and editions.is_limited(engine, current.get("created_at") if current else self.api.now()):
            raise self.refusal(doing, f"it would have {beyond}, but {editions.WHY}: {editions.way_out(engine)}")
        if current and 0 < facts.memory_gib(size) < facts.memory_gib(current["size"]):
            raise self.refusal(
                doing,
                f"size is {current['size']} and nodes cannot get smaller ({size}): restore a backup into another "
                "cluster, or correct size",
            )

    def create(self, wanted: Data) -> Data:
        """See Resource; the words of a refusal may not tell that the edition is the reason."""
        if self.params["short_lived"] and not self._guarded:
            # One guard for all tries.
            self._guarded = True
            self.invocation.make_short_lived(self.params["name"], state="absent", force=True)
        try:
            return super().create(wanted)
        except Invalid as error:
            if wanted["engine"] in editions.ADVANCED and editions.beyond(wanted["num_nodes"], wanted["size"]):
                error.advice = (
                    f"Mind that {editions.WHY}: {editions.way_out(wanted['engine'])}. If that is not the "
                    "reason, correct the option that the message names; nothing was changed by this call."
                )
            raise

    def unoffered(self, current: Data | None, asked: Data) -> Iterator[str]:
        """Engine, version, region, and size with nodes. A backup may be of a version that new clusters do not get."""
        asked = {
            name: value
            for name, value in asked.items()
            if name in JUDGED and not (name == "version" and "backup_restore" in asked)
        }
        if asked:
            whole = {**(current or {}), **asked}
            answer = self.api.get(DATABASE_OPTIONS.path, DATABASE_OPTIONS.promise)
            yield from offers.database_refusals(
                answer[DATABASE_OPTIONS.one], str(whole.get("engine")), asked, whole, exists=bool(current)
            )

    def enrich(self, resource: Data) -> Data:
        """Add what has an address of its own and is spoken about; a cluster that is not usable has none of it yet."""
        resource = {**NO_STANDBY, **resource}
        names = [
            name
            for name in ("eviction_policy", "autoscale")
            if self.params[name] is not None and (name != "eviction_policy" or resource.get("engine") in facts.CACHES)
        ]
        if not names or not self.is_ready(resource):
            return resource
        return {**resource, **self.api.gather({name: self._reader(resource, name) for name in names})}

    def held(self, current: Data) -> str:
        """Databases with data, and backups."""
        return database_losses.held(self.api, current)

    def delete(self, current: Data) -> None:
        """Look at who uses it: an app that has it in its spec would have nothing."""
        lacking = sorted(set(self.params["tags"] or []) - set(current.get("tags") or []))
        if self.params["short_lived"] and lacking:
            raise self.refusal("delete", f"it does not bear the tag {lacking[0]}, so it is not the short-lived one")
        if users := database_losses.users(self.api, current):
            raise InUse(f"the app{'s' * (len(users) > 1)} {', '.join(users)} still has it in its spec")
        super().delete(current)
        if self.params["short_lived"]:
            self.invocation.is_gone(self.params["name"])

    def _reader(self, resource: Data, name: str) -> Callable[[], Any]:
        promise = Promise(name, str if name == "eviction_policy" else dict)
        return lambda: self.api.get(f"{self.location(resource)}/{name}", promise)[name]

    upgrade = puts("version", below="upgrade", answered=False)

    @changes("size", "num_nodes", "storage_size_mib")
    def resize(self, change: Change) -> Data | None:
        """The three go together, but for a disk that nobody asks for.

        The one that is there may be too small for another size, and Valkey takes none at all. Left out, as Terraform's
        provider does it, the API keeps the disk or takes the base of the size, and never makes one smaller.
        """
        values = dict(change.values)
        if self.params["storage_size_mib"] is None:
            values.pop("storage_size_mib", None)
        self.api.put(f"{self.location(change.current)}/resize", values)
        return None

    migrate = puts("region", below="migrate", answered=False)

    @changes("autoscale")
    def set_autoscale(self, change: Change) -> Data | None:
        """The body lacks the envelope that the answer has."""
        self.api.put(f"{self.location(change.current)}/autoscale", change.values["autoscale"])
        return None

    @changes("maintenance_window")
    def set_maintenance_window(self, change: Change) -> Data | None:
        """Set day and hour, written as the API writes them."""
        window = self.attributes["maintenance_window"].normal(change.values["maintenance_window"])
        self.api.put(f"{self.location(change.current)}/maintenance", window)
        return None

    set_eviction_policy = puts("eviction_policy", below="eviction_policy", answered=False)
    set_do_settings = puts("do_settings", below="do_settings", answered=False)
    retag = tags.retags("database")

    @changes("project_id")
    def move(self, change: Change) -> Data | None:
        """A cluster leaves its project by being assigned to another."""
        assignment.move(self, change.values["project_id"], f"do:dbaas:{change.current['id']}")
        return None


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseCluster)


if __name__ == "__main__":
    main()
