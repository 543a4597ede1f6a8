#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a connection pool of a PostgreSQL cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_pool
short_description: Manage a connection pool of a database cluster
version_added: 0.1.0
description:
  - Creates, changes and deletes a connection pool (PgBouncer) of a managed PostgreSQL cluster.
  - All pools of a cluster share its backend connections, 25 for each GiB of memory less 3.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name of the pool, 3 to 60 characters.
    type: str
    required: true
  mode:
    description:
      - When a backend connection goes back to the pool. Needed to create the pool.
    type: str
    choices: [session, transaction, statement]
  size:
    description:
      - How many backend connections the pool holds. Needed to create the pool.
    type: int
  db:
    description:
      - The database. Needed to create the pool.
    type: str
  user:
    description:
      - The user of the backend connections. Without one, each client connects as itself.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_pool_info
  - module: fisioflow.digitalocean.database_user
"""

EXAMPLES = r"""
- name: The application's pool, as large as a 1 GiB node allows beside two connections for operators
  fisioflow.digitalocean.database_pool:
    cluster: clinic-pg
    name: fisioflow
    mode: transaction
    size: 20
    db: fisioflow
    user: fisioflow_app

- name: Make it smaller and leave the rest as it is
  fisioflow.digitalocean.database_pool:
    cluster: clinic-pg
    name: fisioflow
    size: 15

- name: Remove it
  fisioflow.digitalocean.database_pool:
    cluster: clinic-pg
    name: fisioflow
    state: absent
"""

RETURN = r"""
database_pool:
  description:
    - The pool as the API gives it, without passwords and without the URIs that contain one, and the cluster it is in;
      an empty dictionary when it is not there.
    - C(standby_connection) and C(standby_private_connection) are empty where there is no
      standby.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    name: fisioflow
    mode: transaction
    size: 20
    db: fisioflow
    user: fisioflow_app
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    connection:
      host: clinic-pg-do-user-1-0.a.db.ondigitalocean.com
      port: 25061
      database: fisioflow
      user: fisioflow_app
      ssl: true
    private_connection:
      host: private-clinic-pg-do-user-1-0.a.db.ondigitalocean.com
      port: 25061
      database: fisioflow
      user: fisioflow_app
      ssl: true
    standby_connection: {}
    standby_private_connection: {}
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_POOL
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    puts,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

# The API leaves these out where there is no standby; a result has one shape.
NO_STANDBY: Data = {"standby_connection": {}, "standby_private_connection": {}}


class DatabasePool(Resource):
    """A pool; all of it but the name changes in one call that replaces everything."""

    kind = DATABASE_POOL
    attributes = {
        "name": Attribute(required=True, fixed="create another pool"),
        "mode": Attribute(choices=["session", "transaction", "statement"], needed=True),
        "size": Attribute("int", needed=True),
        "db": Attribute(needed=True),
        "user": Attribute(normal=compare.text),
    }
    computed = {"connection": UNKNOWN, "private_connection": UNKNOWN, **NO_STANDBY}
    replace = puts("mode", "size", "db", "user", answered=False)

    def enrich(self, resource: Data) -> Data:
        """Give it the shape that it has with standbys."""
        return {**NO_STANDBY, **resource}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabasePool)


if __name__ == "__main__":
    main()
