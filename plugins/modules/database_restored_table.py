#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a restored table beside the living one."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_restored_table
short_description: Compare a restored table with the living one, and put it in its place
version_added: 0.1.0
description:
  - M(fisioflow.digitalocean.database_restore) puts a table of a dump into a schema of its own. This tells in numbers
    how it differs from the living one, puts it in its place, or drops what was left of that.
  - In one transaction the living table goes into a schema C(replaced_<time>), where it is kept, and the restored one
    gets its keys, indexes, constraints, triggers, sequences, privileges and comments, and the foreign keys of both
    directions. It becomes just what the living one was, or nothing is changed.
  - What the app asks for waits meanwhile. Each attempt to lock the tables gives way within a second.
  - Sequences go on behind the last value of both tables.
author:
  - FisioFlow contributors (@fisioflow)
options:
  table:
    description:
      - The living table, such as V(public.patients).
    type: str
    required: true
  schema:
    description:
      - The schema with the restored table of the same name.
    type: str
    default: restored
  state:
    description:
      - V(compared) changes nothing. V(swapped) compares as well, and is refused while the columns are not the same,
        while rows would refer to nothing, or while something such as a view hangs on the living table.
      - V(absent) drops the restored table and those that were replaced by one.
      - V(listed) changes nothing, and tells which were replaced by which dump. An interrupted run may have done it.
    type: str
    choices: [compared, swapped, absent, listed]
    default: compared
  patience:
    description:
      - For how many seconds to try to lock the tables.
    type: int
    default: 30
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.dumps.login
attributes:
  check_mode:
    description: Changes nothing.
    details: Compares, refuses what cannot be swapped, and tells of a change.
    support: full
  diff_mode:
    description: There is no state before and after.
    support: none
  idempotent:
    description:
      - What was swapped is restored no more, so that it cannot be swapped again before it is. Whether to do so
        O(state=listed) tells.
    support: partial
requirements:
  - psycopg >= 3.1
seealso:
  - module: fisioflow.digitalocean.database_restore
"""

EXAMPLES = r"""
- name: How to connect
  fisioflow.digitalocean.database_credentials_info:
    cluster: clinic-pg
  register: login
  no_log: true

- name: In what does the table that database_restore has put beside the living one differ?
  fisioflow.digitalocean.database_restored_table: &restored
    table: public.patients
    host: "{{ login.database_credentials.host }}"
    port: "{{ login.database_credentials.port }}"
    database: defaultdb
    user: doadmin
    password: "{{ login.database_credentials.passwords.doadmin }}"
    ca_cert: "{{ lookup('ansible.builtin.env', 'DIGITALOCEAN_CA_PATH') }}"

- name: Put it in the place of the living one
  fisioflow.digitalocean.database_restored_table:
    <<: *restored
    state: swapped

- name: Which dump was put in its place?
  fisioflow.digitalocean.database_restored_table:
    <<: *restored
    state: listed

- name: Drop what was living
  fisioflow.digitalocean.database_restored_table:
    <<: *restored
    state: absent
"""

RETURN = r"""
database_restored_table:
  description:
    - Of O(state=absent), only C(table) and C(dropped); of O(state=listed), only C(table) and C(kept).
  returned: success
  type: dict
  contains:
    table:
      description: The living table.
      type: str
    restored:
      description: The one that was compared with it.
      type: str
    rows_living:
      description: Rows of the living one.
      type: int
    rows_restored:
      description: Rows of the restored one.
      type: int
    only_living:
      description: Rows whose primary key only the living one has. Null where that cannot be told, as the next two.
      type: int
    only_restored:
      description: Rows whose primary key only the restored one has.
      type: int
    differing:
      description: Rows that both have, and that differ.
      type: int
    columns:
      description: Each C(column) that is not the same, with what it is in the C(living) and the C(restored) one.
      type: list
      elements: dict
    foreign_keys:
      description:
        - Each by its C(name), with its C(table) and which one it C(refers_to), and how many rows would be C(broken).
          Null where a column of it is not the same.
      type: list
      elements: dict
    hanging:
      description: What hangs on the living one and would not come along, such as a view.
      type: list
      elements: str
    problems:
      description: Why it cannot be swapped, in sentences.
      type: list
      elements: str
    replaced:
      description: The name of the table that was the living one, when it was swapped.
      type: str
    locked_ms:
      description: For how many milliseconds others waited, when it was swapped.
      type: int
    dropped:
      description: Tables that were dropped.
      type: list
      elements: str
    kept:
      description: Each C(table) that was the living one until the C(dump) was put in its place.
      type: list
      elements: dict
  sample:
    table: public.patients
    restored: restored.patients
    rows_living: 205
    rows_restored: 200
    only_living: 6
    only_restored: 1
    differing: 1
    columns: []
    foreign_keys:
      - name: appointments_patient_id_fkey
        table: public.appointments
        refers_to: public.patients
        broken: 0
    hanging: []
    problems: []
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_RESTORED_TABLE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import login, swapping
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module


class DatabaseRestoredTable(Module):
    """What a restore has put beside a living table."""

    kind = DATABASE_RESTORED_TABLE
    options = {
        **login.options(),
        "table": {"type": "str", "required": True},
        "schema": {"type": "str", "default": "restored"},
        "state": {"type": "str", "choices": ["compared", "swapped", "absent", "listed"], "default": "compared"},
        "patience": {"type": "int", "default": 30},
    }

    def run(self) -> Data:
        """Nothing is swapped that was not compared right before."""
        table, state = self.params["table"], self.params["state"]
        self.doing = f"look at the restored table of {table}"
        if "." not in table:
            raise Failure(f"{table} has no schema: say which one, such as public.{table}.")
        if state == "absent":
            dropped = swapping.gone(self.params, self.check_mode)
            return {"changed": bool(dropped), self.kind.name: {"table": table, "dropped": dropped}}
        if state == "listed":
            return {"changed": False, self.kind.name: {"table": table, "kept": swapping.kept(self.params)}}
        swaps = state == "swapped"
        told = swapping.swap(self.params, self.clock, self.check_mode) if swaps else swapping.look(self.params)
        return {"changed": swaps, self.kind.name: told}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseRestoredTable)


if __name__ == "__main__":
    main()
