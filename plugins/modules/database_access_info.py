#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: who gets into a database cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_access_info
short_description: Find out who gets into a database cluster, and what he may do there
version_added: 0.1.0
description:
  - Connects to a managed database cluster over verified TLS, and tries what must not be possible - plain text, and for
    PostgreSQL, to make roles and tables as the app's user - in transactions that are rolled back.
  - Writes and reads a row of a table, or a key of Valkey, that is gone at once.
  - Who does not get in is told, which proves that the cluster is closed to where this runs.
  - In check mode nothing is tried.
  - The token of the API needs the scope C(database:view_credentials).
author:
  - FisioFlow contributors (@fisioflow)
options:
  database:
    description:
      - Of PostgreSQL, the database that is looked into.
    type: str
    default: defaultdb
  user:
    description:
      - Of PostgreSQL, the user whose privileges are looked at.
    type: str
    default: doadmin
  owner:
    description:
      - Of PostgreSQL, the user whose tables they are.
    type: str
    default: doadmin
  known:
    description:
      - Of PostgreSQL, the other users that may connect to the database, beside the administrator.
    type: list
    elements: str
    default: []
  only_connect:
    description:
      - Only tell whether this machine gets in, and if not why.
    type: bool
    default: false
  patience:
    description:
      - How many seconds to try until the cluster lets this machine in.
    type: int
    default: 0
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.attributes.info
"""

EXAMPLES = r"""
- name: Who may do what in the clinic's database?
  fisioflow.digitalocean.database_access_info:
    cluster: clinic-pg
    only_connect: true
  register: access
"""

RETURN = r"""
database_access:
  description: What was found out, V(null) where nobody has looked; empty in check mode.
  returned: success
  type: dict
  contains:
    refused:
      description: Why this machine does not get in; empty when it does.
      type: str
    tls:
      description: Version, names and whole days left of its certificate; V(null) when there is none that is trusted.
      type: dict
    plain:
      description: Why who speaks no TLS does not get in; empty when he does.
      type: str
    milliseconds:
      description: How long a row or a key took, there and back.
      type: float
    may:
      description: Of PostgreSQL, what the user may do that the user of an app must not.
      type: list
      elements: str
    attributes:
      description: Of PostgreSQL, the attributes of the user, such as V(createrole).
      type: list
      elements: str
    schemas:
      description: Of PostgreSQL, the schemas beside C(public) that the user may look into.
      type: list
      elements: str
    logins:
      description: Of PostgreSQL, who else may connect to the database.
      type: list
      elements: str
    closed:
      description: Of PostgreSQL, the owner's tables that the user cannot both read and write.
      type: list
      elements: str
  sample:
    cluster: clinic-pg
    engine: pg
    refused: ""
    tls: {version: TLSv1.3, names: [clinic-pg-do-user-1-0.a.db.ondigitalocean.com], days_left: 3640}
    plain: no pg_hba.conf entry for host "203.0.113.7", no encryption
    milliseconds: 12.4
    may: []
    attributes: []
    schemas: []
    logins: []
    closed: []
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_ACCESS, DATABASE_CLUSTER
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.authority import authority
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.databases import look


class DatabaseAccessInfo(Module):
    """What one cluster lets who do."""

    kind = DATABASE_ACCESS
    options = {
        "database": {"type": "str", "default": "defaultdb"},
        "user": {"type": "str", "default": "doadmin"},
        "owner": {"type": "str", "default": "doadmin"},
        "known": {"type": "list", "elements": "str", "default": []},
        "only_connect": {"type": "bool", "default": False},
        "patience": {"type": "int", "default": 0},
    }

    def run(self) -> Data:
        """The API tells how to connect; all else is found out there."""
        if self.check_mode:
            return {"changed": False, self.kind.name: {}}
        if not self.parent_id:
            raise Failure(f"There is no {self.parent_subject}: create it first, or correct its name.")
        place = DATABASE_CLUSTER.location(self.parent_id)
        questions: dict[str, Callable[[], Any]] = {
            "cluster": partial(self.api.get, place, DATABASE_CLUSTER.promise),
            "ca": partial(authority, self.api, self.parent_id),
        }
        answers = self.api.gather(questions)
        cluster = DATABASE_CLUSTER.unwrap(answers["cluster"], self.parent_id)
        told = look(cluster, answers["ca"], self.params, self.clock)
        return {"changed": False, self.kind.name: {"cluster": cluster["name"], "engine": cluster["engine"], **told}}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseAccessInfo)


if __name__ == "__main__":
    main()
