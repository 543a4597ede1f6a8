#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a user of a PostgreSQL cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_user
short_description: Manage a user of a database cluster
version_added: 0.1.0
description:
  - Creates, changes and deletes a user of a managed PostgreSQL cluster, and gives it a new password.
  - The password is chosen by the API and never shown. An app gets it through a bindable variable, without anybody
    handling it.
  - A new user may log in but owns nothing and has no rights; what it may do is said in SQL.
  - Valkey has one user, C(default), of which nothing but the password can change.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name of the user.
    type: str
    required: true
  settings:
    description:
      - What the user may do beside SQL.
    type: dict
    suboptions:
      pg_allow_replication:
        description:
          - Whether it may replicate.
        type: bool
  reset_password:
    description:
      - Give an existing user a new password, on every run that says so. A user that is created by this run has a new
        one anyway.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_user_info
  - module: fisioflow.digitalocean.database_pool
"""

EXAMPLES = r"""
- name: The user that the application logs in with
  fisioflow.digitalocean.database_user:
    cluster: clinic-pg
    name: fisioflow_app

- name: A new password for it
  fisioflow.digitalocean.database_user:
    cluster: clinic-pg
    name: fisioflow_app
    reset_password: true

- name: A new password for the only user of Valkey
  fisioflow.digitalocean.database_user:
    cluster: clinic-cache
    name: default
    reset_password: true

- name: Remove a user
  fisioflow.digitalocean.database_user:
    cluster: clinic-pg
    name: former_colleague
    state: absent
"""

RETURN = r"""
database_user:
  description: The user without its password, and the cluster it is in; an empty dictionary when it is not there.
  returned: always
  type: dict
  sample:
    name: fisioflow_app
    role: normal
    settings:
      pg_allow_replication: false
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import (
    DATABASE_CLUSTER,
    DATABASE_USER,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    puts,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Resource, Step

VALKEY_USER = "default"


class DatabaseUser(Resource):
    """A user; its settings change in place, its password on demand."""

    kind = DATABASE_USER
    options = {"reset_password": {"type": "bool", "default": False, "no_log": False}}
    attributes = {
        "name": Attribute(required=True, fixed="create another user"),
        "settings": Attribute("dict", options={"pg_allow_replication": {"type": "bool"}}),
    }
    computed = {"role": UNKNOWN}
    replace = puts("settings")

    def read(self) -> Data | None:
        """From the list, which a loop over several users reads only once."""
        return self._of_valkey() or (next(iter(self.find()), None) if self.parent_id else None)

    def fetch(self, key: str) -> Data | None:
        """By its name, where that can be asked for."""
        return self._of_valkey() or super().fetch(key)

    def _of_valkey(self) -> Data | None:
        """Valkey's only user, of which the API tells nothing but that its password can change."""
        if self.params["name"] != VALKEY_USER:
            return None
        rows = self.api.rows(DATABASE_CLUSTER.path, DATABASE_CLUSTER.many, DATABASE_CLUSTER.tells)
        engines = [row.get("engine") for row in rows if row.get("id") == self.parent_id]
        return {"name": VALKEY_USER, "role": "primary", "settings": {}} if engines == ["valkey"] else None

    def plan_present(self, current: Data | None) -> Plan:
        """A new password is a step of its own, of which the diff shows only that it happens."""
        plan = super().plan_present(current)
        if current and self.params["reset_password"]:
            reset = Step("reset the password of", self._reset_password)
            plan.also({"login": "as it is"}, {"login": "a new password"}, reset)
        return plan

    def _reset_password(self, current: Data) -> Data:
        # Worth repeating after a lost answer: nobody has seen the password that got lost.
        path = f"{self.location(current)}/reset_auth"
        answer = self.when_free(lambda: self.api.post(path, {}, self.kind.promise, repeatable=True))
        return self.unwrap(answer) if answer else current

    def undeletable(self, current: Data) -> str:
        """Of each cluster one stays."""
        return "it is the cluster's administrator, which always stays" if current.get("role") == "primary" else ""


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseUser)


if __name__ == "__main__":
    main()
