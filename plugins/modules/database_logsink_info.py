#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which log sinks a database cluster has."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_logsink_info
short_description: List the log sinks of a database cluster
version_added: 0.1.0
description:
  - Lists the log sinks of a database cluster, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  sink_id:
    description:
      - List only the one with this id.
    type: str
  sink_name:
    description:
      - List only what has this name.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_logsink
"""

EXAMPLES = r"""
- name: Where the logs go
  fisioflow.digitalocean.database_logsink_info:
    cluster: clinic-pg
  register: sinks
"""

RETURN = r"""
database_logsinks:
  description: The the log sinks of a database cluster as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - sink_id: dfcc9f57-d86b-48e3-8c2c-6c31c7a971be
      sink_name: clinic-logs
      sink_type: rsyslog
      config:
        server: logs.example.com
        port: 6514
        tls: true
        format: rfc5424
      cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_LOGSINK
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.logsinks import secrets_of_sinks
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.listed import ListedInfo
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseLogsinkInfo(ListedInfo):
    """The log sinks."""

    kind = DATABASE_LOGSINK
    finders = (secrets_of_sinks,)


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseLogsinkInfo)


if __name__ == "__main__":
    main()
