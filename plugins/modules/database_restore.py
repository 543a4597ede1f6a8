#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: restore a dump into a database."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_restore
short_description: Restore an encrypted dump of a bucket into a PostgreSQL database
version_added: 0.1.0
description:
  - Reads a dump that M(fisioflow.digitalocean.database_dump) has made from its bucket, decrypts it, and has
    C(pg_restore) restore it in one transaction. Its plain text is in no file and on no network but the database's own.
  - What was restored is compared with the manifest, rows and checksums, table by table; a difference fails and names
    the table.
  - Owners and privileges of the dump are left out - what is restored is O(user)'s, and privileges are granted anew.
  - Comments are left out where the database has an extension that is not O(user)'s, since only its owner may comment on
    it.
  - A dump that is corrupt, cut off, unfinished or encrypted to others is refused, and nothing of it is in the database.
author:
  - FisioFlow contributors (@fisioflow)
options:
  identity_file:
    required: true
  name:
    description:
      - The dump, by its C(name) in M(fisioflow.digitalocean.database_dump_info).
    type: str
    required: true
  table:
    description:
      - Only this table, such as V(public.patients), which goes into O(into_schema). Without it the whole dump is
        restored, for which the database must hold no table, or just what would be restored.
    type: str
  into_schema:
    description:
      - The schema in which it is made, with the columns that it had in the dump; its indexes and keys are left out. A
        table of that name in it is replaced if a restore has made it, and else left alone, which fails. Nobody but
        O(user) sees into a schema that was made for it. M(fisioflow.digitalocean.database_dump) leaves the table out
        while the name of the schema begins with V(restored).
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.spaces
  - fisioflow.digitalocean.dumps
  - fisioflow.digitalocean.dumps.login
  - fisioflow.digitalocean.dumps.identity
attributes:
  check_mode:
    description: Changes nothing.
    details: Reads the manifest and the identity, connects to no database, and tells of a change.
    support: partial
  diff_mode:
    description: There is no state before and after.
    support: none
  idempotent:
    description:
      - A database that holds just what was dumped is left as it is, any other one is refused.
      - A single table is replaced.
    support: partial
seealso:
  - module: fisioflow.digitalocean.database_restored_table
  - module: fisioflow.digitalocean.database_dump
  - module: fisioflow.digitalocean.database_dump_info
"""

EXAMPLES = r"""
- name: Which dumps are there?
  fisioflow.digitalocean.database_dump_info:
    bucket: clinic-backups
    region: fra1
    cluster: clinic-pg
  register: dumps

- name: How to connect to the cluster that shall have the data
  fisioflow.digitalocean.database_credentials_info:
    cluster: clinic-pg-new
  register: login
  no_log: true

- name: Restore the newest one into its empty database
  fisioflow.digitalocean.database_restore:
    name: "{{ dumps.database_dumps | selectattr('complete') | map(attribute='name') | first }}"
    bucket: clinic-backups
    region: fra1
    identity_file: "{{ backup_identity_file }}"
    host: "{{ login.database_credentials.host }}"
    port: "{{ login.database_credentials.port }}"
    database: defaultdb
    user: doadmin
    password: "{{ login.database_credentials.passwords.doadmin }}"
    ca_cert: "{{ lookup('ansible.builtin.env', 'DIGITALOCEAN_CA_PATH') }}"
"""

RETURN = r"""
database_restore:
  description:
    - What was restored from which dump, and what of it was compared - each of its C(tables).
    - In check mode all but C(tables).
  returned: success
  type: dict
  contains:
    dump:
      description: The name of the dump.
      type: str
    started:
      description: The moment of which it is.
      type: str
    migration:
      description: Its newest migration; empty when no table tells.
      type: str
    database:
      description: Where it is now.
      type: str
    tables:
      description: Those that were restored, with C(rows) and C(checksum) as found there.
      type: list
      elements: dict
  sample:
    dump: clinic-pg/fisioflow/20261129T030000Z
    started: '2026-11-29T03:00:00Z'
    migration: 0007_payments
    database: fisioflow
    tables:
      - table: public.patients
        rows: 200
        checksum: '-4919371892384'
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_RESTORE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import (
    age,
    login,
    manifest,
    restoring,
    stored,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps.dump import Encrypted
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseRestore(stored.Stored):
    """The whole of a dump, or one table."""

    kind = DATABASE_RESTORE
    options = {
        **stored.options(),
        **login.options(),
        "name": {"type": "str", "required": True},
        "identity_file": {"type": "path", "required": True},
        "table": {"type": "str"},
        "into_schema": {"type": "str"},
    }
    rules = {"required_together": [("table", "into_schema")]}

    def run(self) -> Data:
        """Refuses first what cannot be restored."""
        name, table = self.params["name"], self.params["table"]
        self.doing = f"restore the dump {name} into the database {self.params['database']}"
        keys = age.identities(self.params["identity_file"])
        told = manifest.read(self.bucket, name)
        shown = {
            "dump": name,
            **{key: told[key] for key in ("started", "migration")},
            "database": self.params["database"],
        }
        encrypted = Encrypted(self.bucket, name, told, self.tell_of_bytes(f"{name} is being restored"))
        changed = True
        if not self.check_mode and table:
            shown["tables"] = [restoring.restore_table(encrypted, told, self.params, table, keys)]
        elif not self.check_mode:
            changed, shown["tables"] = restoring.restore(encrypted, told, self.params, keys)
        return {"changed": changed, self.kind.name: shown}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseRestore)


if __name__ == "__main__":
    main()
