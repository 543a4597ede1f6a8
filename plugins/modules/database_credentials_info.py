#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what it takes to connect to a database cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_credentials_info
short_description: Get what it takes to connect to a database cluster
version_added: 0.1.0
description:
  - Gets host, port, authority and the users' passwords of a managed database cluster, as a client needs them.
  - The token of the API needs the scope C(database:view_credentials).
  - Whoever connects must be among the trusted sources, too; see M(fisioflow.digitalocean.database_firewall).
author:
  - FisioFlow contributors (@fisioflow)
options:
  private:
    description:
      - Give the host as it is called within the cluster's VPC.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_user
  - module: fisioflow.digitalocean.database_firewall
"""

EXAMPLES = r"""
- name: How to connect
  fisioflow.digitalocean.database_credentials_info:
    cluster: clinic-pg
  register: login
  no_log: true

- name: Keep the authority, which is no secret
  ansible.builtin.copy:
    dest: "{{ authority_file | default('/etc/ssl/clinic-pg.pem') }}"
    content: "{{ login.database_credentials.ca }}"
    mode: "0644"
  when: authority_file is defined
"""

RETURN = r"""
database_credentials:
  description:
    - How to connect. C(passwords) is only there when the task has C(no_log=true).
    - Empty in check mode while there is no such cluster.
  returned: success
  type: dict
  sample:
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    engine: pg
    host: clinic-pg-do-user-19081923-0.b.db.ondigitalocean.com
    port: 25060
    database: defaultdb
    user: doadmin
    ca: '-----BEGIN CERTIFICATE-----'
    passwords:
      doadmin: VALUE_SPECIFIED_IN_NO_LOG_PARAMETER
      clinic_app: VALUE_SPECIFIED_IN_NO_LOG_PARAMETER
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import (
    DATABASE_CLUSTER,
    DATABASE_CREDENTIALS,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.authority import authority
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module


class DatabaseCredentialsInfo(Module):
    """Two questions at the same time."""

    kind = DATABASE_CREDENTIALS
    options = {"private": {"type": "bool", "default": False}}
    reveals = {"passwords": "run the task once more"}

    def run(self) -> Data:
        """Cluster and authority, in the shape of a login."""
        if not self.parent_id:
            if self.check_mode:
                return {"changed": False, self.kind.name: {}}
            raise Failure(f"There is no {self.parent_subject}: create it first, or correct its name.")
        questions: dict[str, Callable[[], Any]] = {
            "cluster": partial(self.api.get, DATABASE_CLUSTER.location(self.parent_id), DATABASE_CLUSTER.promise),
            "ca": partial(authority, self.api, self.parent_id),
        }
        answers = self.api.gather(questions)
        cluster = DATABASE_CLUSTER.unwrap(answers["cluster"], self.parent_id)
        connection = cluster.get(f"{'private_' if self.params['private'] else ''}connection") or {}
        users = [{"name": connection.get("user"), **connection}, *(cluster.get("users") or [])]
        passwords = {user["name"]: user.get("password") for user in users if user.get("name")}
        if not passwords or not all(passwords.values()):
            raise Failure(
                f"The API keeps the passwords of {self.parent_subject} to itself: "
                "give the token the scope database:view_credentials."
            )
        told = {part: connection.get(part) for part in ("host", "port", "database", "user")}
        for part in ("host", "port"):
            if not told[part]:
                raise Failure(f"The API tells no {part} at which {self.parent_subject} is reached: run again later.")
        found = {"cluster_id": self.parent_id, "engine": cluster["engine"], **told, "ca": answers["ca"]}
        return {"changed": False, self.kind.name: {**found, "passwords": passwords}}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseCredentialsInfo)


if __name__ == "__main__":
    main()
