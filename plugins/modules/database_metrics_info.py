#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what the nodes of a database cluster use."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_metrics_info
short_description: Read what the nodes of a database cluster use
version_added: 0.1.0
description:
  - Reads processor, memory, disk and connections of each node of a cluster as they are now, of Valkey also how full its
    memory is, from the nodes' own metrics endpoints. The API itself has no metrics of PostgreSQL and Valkey.
  - The credentials of these endpoints are the account's, for which the token needs C(database:update) and
    C(database:view_credentials).
author:
  - FisioFlow contributors (@fisioflow)
options:
  metrics_url:
    description:
      - Where the endpoints answer when it is not at their hosts, with C({host}) where the host goes. Empty means
        the E(DATABASE_METRICS_URL) in the environment, or else each host's port 9273.
    type: str
    default: ""
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.attributes.info
notes:
  - Where this runs must be able to reach the cluster, as clients of the database must.
  - What an endpoint does not tell is V(null), which is not 0. Its names are not documented by DigitalOcean.
seealso:
  - module: fisioflow.digitalocean.database_cluster_info
  - module: fisioflow.digitalocean.app_metrics_info
"""

EXAMPLES = r"""
- name: How full are the disks?
  fisioflow.digitalocean.database_metrics_info:
    cluster: clinic-pg
  register: used

- name: The fullest of them
  ansible.builtin.debug:
    msg: "{{ used.database_metrics.nodes | map(attribute='disk_percent') | select | max | default('nobody knows') }}"
"""

RETURN = r"""
database_metrics:
  description: The cluster, and a row for each of its nodes that has an endpoint.
  returned: success
  type: dict
  contains:
    nodes:
      description:
        - C(host), C(cpu_percent), C(memory_percent), C(disk_percent) and C(connections) of each.
        - Of PostgreSQL C(connection_limit) and C(connections_percent), of Valkey C(cache_percent) (of the memory that
          it may take), C(hit_percent) and C(evicted_keys).
      type: list
      elements: dict
  sample:
    cluster: clinic-pg
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    engine: pg
    nodes:
      - host: clinic-pg-do-user-1-0.a.db.ondigitalocean.com
        cpu_percent: 12.5
        memory_percent: 61.0
        disk_percent: 34.2
        connections: 9.0
        connection_limit: 22
        connections_percent: 40.909
"""

import base64
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_CLUSTER, DATABASE_METRICS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.pages import get_page
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.authority import authority
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.prometheus import figures, samples
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.arguments import from_env
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module

CREDENTIALS = "/v2/databases/metrics/credentials"


class DatabaseMetricsInfo(Module):
    """What the endpoints of one cluster tell."""

    kind = DATABASE_METRICS
    options = {"metrics_url": {"type": "str", "default": "", **from_env("DATABASE_METRICS_URL")}}

    def run(self) -> Data:
        """All nodes at the same time."""
        if not self.parent_id:
            if self.check_mode:
                return {"changed": False, self.kind.name: {"nodes": []}}
            raise Failure(f'Could not {self.doing}: there is no database cluster "{self.params["cluster"]}".')
        place = DATABASE_CLUSTER.location(self.parent_id)
        questions: dict[str, Callable[[], Any]] = {
            "cluster": partial(self.api.get, place, DATABASE_CLUSTER.promise),
            "ca": partial(authority, self.api, self.parent_id),
            "credentials": self._credentials,
        }
        found = self.api.gather(questions)
        cluster = DATABASE_CLUSTER.unwrap(found["cluster"], self.parent_id)
        trust = ssl.create_default_context()
        trust.load_verify_locations(cadata=found["ca"])
        nodes: dict[str, Callable[[], Data]] = {
            str(row["host"]): partial(self._node, cluster, row, found["credentials"], trust)
            for row in cluster.get("metrics_endpoints") or []
        }
        told = {"cluster": cluster["name"], "cluster_id": cluster["id"], "engine": cluster["engine"]}
        return {"changed": False, self.kind.name: {**told, "nodes": list(self.api.gather(nodes).values())}}

    def _credentials(self) -> str:
        """As basic authentication wants them; the description and its example nest them differently."""
        try:
            told = self.api.get(CREDENTIALS, Promise("credentials", dict))["credentials"]
        except ApiError as error:
            if error.status == 403:
                raise Failure(f"{error.message} (it takes database:update and database:view_credentials).") from None
            raise
        told = told.get("credentials") or told
        text = f"{told['basic_auth_username']}:{told['basic_auth_password']}"
        return "Basic " + base64.b64encode(text.encode()).decode()

    def _node(self, cluster: Data, endpoint: Data, credentials: str, trust: ssl.SSLContext) -> Data:
        host = str(endpoint["host"])
        url = self.params["metrics_url"].replace("{host}", host) or f"https://{host}:{endpoint['port']}/metrics"
        timeout = min(30.0, float(self.params["timeout"]))
        page = get_page(url, timeout=timeout, authority=trust, headers={"Authorization": credentials})
        if page.status != 200:
            why = f"answered {page.status}" if page.status else f"cannot be reached ({page.text})"
            raise Failure(
                f"Could not {self.doing} of {cluster['name']}: {url} {why}. It is open to whom the cluster is open to: "
                "its trusted sources, and its private network."
            )
        return {"host": host, **figures(samples(page.text, url), str(cluster["engine"]), str(cluster["size"]))}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseMetricsInfo)


if __name__ == "__main__":
    main()
