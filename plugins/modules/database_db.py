#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a database in a PostgreSQL cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_db
short_description: Manage a database of a database cluster
version_added: 0.1.0
description:
  - Creates and deletes a database inside a managed PostgreSQL cluster. A database has nothing that can change.
  - Valkey has no databases to manage.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name of the database.
    type: str
    required: true
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_db_info
  - module: fisioflow.digitalocean.database_cluster
"""

EXAMPLES = r"""
- name: The application's database
  fisioflow.digitalocean.database_db:
    cluster: clinic-pg
    name: fisioflow

- name: Remove a database and everything in it
  fisioflow.digitalocean.database_db:
    cluster: clinic-pg
    name: old
    state: absent
"""

RETURN = r"""
database_db:
  description: The database and the cluster it is in; an empty dictionary when it is not there.
  returned: always
  type: dict
  sample:
    name: fisioflow
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_DB
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Attribute
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource


class DatabaseDb(Resource):
    """A database: there or not."""

    kind = DATABASE_DB
    attributes = {"name": Attribute(required=True, fixed="create another database and move the data")}
    computed = {}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseDb)


if __name__ == "__main__":
    main()
