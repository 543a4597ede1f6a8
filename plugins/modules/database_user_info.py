#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which users a cluster has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_user_info
short_description: List the users of a database cluster
version_added: 0.1.0
description:
  - Lists the users of a managed PostgreSQL cluster, all of them or the one that is named, without their passwords.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_user
"""

EXAMPLES = r"""
- name: Who may log in
  fisioflow.digitalocean.database_user_info:
    cluster: clinic-pg
  register: users
"""

RETURN = r"""
database_users:
  description: The users without their passwords, and the cluster they are in; empty when there is none that matches.
  returned: success
  type: list
  elements: dict
  sample:
    - name: doadmin
      role: primary
      settings:
        pg_allow_replication: false
      cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_USER
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseUserInfo(Info):
    """The users."""

    kind = DATABASE_USER


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseUserInfo)


if __name__ == "__main__":
    main()
