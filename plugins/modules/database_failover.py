#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: the failover of a Valkey cluster, as a client meets it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_failover
short_description: Measure the failover of a Valkey cluster
version_added: 0.1.0
description:
  - Goes on writing and reading a key of its own over verified TLS, and tells how long nobody acknowledged a write, how
    many acknowledged writes were lost, and whether another server has become the primary. The key ends by itself.
  - The API has no call that makes a standby take over. The nearest is to install an update that is pending, which this
    module does; that is the change which it reports. Where none is pending it provokes nothing, and only watches.
  - A cluster of one node is refused, since nobody could take over. In check mode nothing is tried.
  - The machine that this runs on must be among the trusted sources of the cluster, and the token of the API needs the
    scope C(database:view_credentials).
author:
  - FisioFlow contributors (@fisioflow)
options:
  seconds:
    description:
      - How long to watch at most, up to an hour.
    type: float
    default: 300
  settle:
    description:
      - For how many seconds another primary must answer without an interruption until the measurement ends early.
    type: float
    default: 10
  patience:
    description:
      - Seconds after which an answer that has not come counts as none.
    type: float
    default: 1
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.lifecycle.waiting
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_access_info
"""

EXAMPLES = r"""
- name: Watch for some seconds what a client of the cache meets
  fisioflow.digitalocean.database_failover:
    cluster: clinic-cache
    seconds: 3
  register: measured

- name: Tell it
  ansible.builtin.debug:
    msg: "{{ measured.database_failover.longest_ms }} ms"
"""

RETURN = r"""
database_failover:
  description: What was measured.
  returned: success
  type: dict
  contains:
    provoked:
      description: What was asked for to make the standby take over, V(update); empty when that was nothing.
      type: str
    primary_changed:
      description: Whether another server answered as the primary, or the same one after a new start.
      type: bool
    answers:
      description: Whether writes were acknowledged at the end.
      type: bool
    writes:
      description: How many were acknowledged.
      type: int
    lost:
      description: How many of them were gone afterwards.
      type: int
    longest_ms:
      description: The most milliseconds from one acknowledged write to the next; some tens of them are no interruption.
      type: int
    interruptions:
      description: Where something failed between two of them, the C(milliseconds) and the first C(error).
      type: list
      elements: dict
    seconds:
      description: How long it was watched.
      type: float
  sample:
    provoked: ""
    primary_changed: false
    answers: true
    writes: 140
    lost: 0
    longest_ms: 24
    interruptions: []
    seconds: 3.0
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import (
    DATABASE_CLUSTER,
    DATABASE_FAILOVER,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.authority import authority
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.action import Action
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.planned import Plan, Step
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire import failover
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.valkey import client

MEASURED = ("primary_changed", "answers", "writes", "lost", "longest_ms", "interruptions", "seconds")


class DatabaseFailover(Action):
    """One look at it."""

    kind = DATABASE_FAILOVER
    states = ("measured",)
    options = {
        "seconds": {"type": "float", "default": 300},
        "settle": {"type": "float", "default": 10},
        "patience": {"type": "float", "default": 1},
    }

    def plan_measured(self, cluster: Data) -> Plan:
        """Refuse whoever has no standby; a pending update is the only thing that can be asked for."""
        found = ", ".join(f"its {name} is {cluster.get(name)}" for name in ("engine", "num_nodes", "status"))
        if cluster and not (
            cluster["engine"] == "valkey" and cluster["num_nodes"] > 1 and cluster["status"] == "online"
        ):
            raise self.refusal("fail over", f"{found}, and it takes valkey with num_nodes 2 that is online")
        if not 0 < self.params["seconds"] <= 3600 or self.params["patience"] <= 0 or self.params["settle"] < 0:
            raise self.refusal("fail over", "seconds must be more than 0 and at most 3600, and no time less than that")
        pending = (cluster.get("maintenance_window") or {}).get("pending")
        predicted = {"provoked": "update" if pending else "", **dict.fromkeys(MEASURED, UNKNOWN)}
        if not pending:
            return Plan({}, {}, predicted)
        return Plan({"update": "pending"}, {"update": "installed"}, predicted, [Step("fail over", self._updated)])

    def follow(self, target: Data, done: Data) -> Data:
        """What nobody has provoked is watched."""
        return done if done["writes"] != UNKNOWN else {**self._measured(target, lambda: None), "provoked": ""}

    def _updated(self, cluster: Data) -> Data:
        """Written before and after the API was asked, so that nothing is missed."""
        install = partial(self.api.put, f"{DATABASE_CLUSTER.location(self.parent_id)}/install_update")
        return {**self._measured(cluster, install), "provoked": "update"}

    def _measured(self, cluster: Data, provoke: Callable[[], Any]) -> Data:
        connect = partial(client, cluster["connection"], authority(self.api, self.parent_id), self.params["patience"])
        times = {name: self.params[name] for name in ("seconds", "settle")}
        return failover.watch(connect, **times, provoke=provoke, progress=self.tell_of_delay)


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseFailover)


if __name__ == "__main__":
    main()
