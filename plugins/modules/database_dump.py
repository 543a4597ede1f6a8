#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: dump a database into a bucket, encrypted."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_dump
short_description: Dump a PostgreSQL database into a bucket, encrypted
version_added: 0.1.0
description:
  - Dumps a database with C(pg_dump) (custom format, zstd) over verified TLS, encrypts it with age to public keys, and
    writes it to a bucket of Spaces in parts. Its plain text is in no file and on no network.
  - Beside the dump comes a manifest, a JSON object, as the last of all; a dump without one was never finished. It tells
    cluster, database, versions, times, the newest migration, the size and SHA-256 of the encrypted object, and of each
    table how many rows it has and a checksum of them, all of the very snapshot that is dumped.
  - Dumps of the same database that were begun and never finished go first. A failure leaves no object behind.
author:
  - FisioFlow contributors (@fisioflow)
options:
  cluster:
    description:
      - What the cluster is called; dumps are named after it.
    type: str
    required: true
  recipients:
    description:
      - Public keys of age, V(age1…). Each of their owners alone can read the dump.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.spaces
  - fisioflow.digitalocean.dumps
  - fisioflow.digitalocean.dumps.login
attributes:
  check_mode:
    description: Changes nothing.
    details: Judges the recipients, connects to nothing, and tells of a change.
    support: partial
  diff_mode:
    description: There is no state before and after.
    support: none
  idempotent:
    description: Each run makes another dump.
    support: none
seealso:
  - module: fisioflow.digitalocean.database_dump_info
  - module: fisioflow.digitalocean.database_restore
"""

EXAMPLES = r"""
- name: How to connect
  fisioflow.digitalocean.database_credentials_info:
    cluster: clinic-pg
  register: login
  no_log: true

- name: Dump it
  fisioflow.digitalocean.database_dump:
    cluster: clinic-pg
    host: "{{ login.database_credentials.host }}"
    port: "{{ login.database_credentials.port }}"
    database: defaultdb
    user: doadmin
    password: "{{ login.database_credentials.passwords.doadmin }}"
    ca_cert: "{{ lookup('ansible.builtin.env', 'DIGITALOCEAN_CA_PATH') }}"
    bucket: clinic-backups
    region: fra1
    recipients: "{{ backup_recipients }}"
  register: dumped
"""

RETURN = r"""
database_dump:
  description:
    - The manifest, beside it its C(name), and in C(removed) those of unfinished dumps that had to go.
    - In check mode C(cluster) and C(database) only.
  returned: success
  type: dict
  sample:
    name: clinic-pg/fisioflow/20261129T030000Z
    cluster: clinic-pg
    database: fisioflow
    server: '17.10'
    program: '17.10'
    started: '2026-11-29T03:00:00Z'
    finished: '2026-11-29T03:01:12Z'
    migration: 0007_payments
    object: clinic-pg/fisioflow/20261129T030000Z.dump.age
    bytes: 104857600
    sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    recipients:
      - age12fm7d7qj46t2y6rf2sq6x0s7xjzscvxd2wtdf6lkf7ly4zh7u5jq8tane9
    tables:
      - table: public.patients
        rows: 200
        checksum: '-4919371892384'
    removed: []
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_DUMP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import age, dump, login, stored
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseDump(stored.Stored):
    """Another one each time."""

    kind = DATABASE_DUMP
    options = {
        **stored.options(),
        **login.options(),
        "cluster": {"type": "str", "required": True},
        "recipients": {"type": "list", "elements": "str", "required": True},
    }

    def run(self) -> Data:
        """Refuses first what cannot be encrypted."""
        told = {name: self.params[name] for name in ("cluster", "database")}
        self.doing = f"dump the database {told['database']} of {told['cluster']}"
        age.recipients(self.params["recipients"])
        if not self.check_mode:
            told = dump.make(self.bucket, self.params, self.tell_of_bytes(f"{told['cluster']} is being dumped"))
        return {"changed": True, self.kind.name: told}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseDump)


if __name__ == "__main__":
    main()
