#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a log sink of a database cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_logsink
short_description: Manage a log sink of a database cluster
version_added: 0.1.0
description:
  - Creates, changes and deletes a place to which a database cluster sends its logs.
author:
  - FisioFlow contributors (@fisioflow)
options:
  sink_name:
    description:
      - The name, by which it is found.
    type: str
    required: true
  sink_id:
    description:
      - The id. Without it the sink is found by its name.
    type: str
  sink_type:
    description:
      - What is there. Needed to create one; cannot change. Datadog takes the logs of MongoDB only.
    type: str
    choices: [rsyslog, elasticsearch, opensearch, datadog]
  config:
    description:
      - Where it is, and how it is spoken to, as the API takes it. C(server), C(port), C(tls) and C(format) for
        V(rsyslog), C(url) and C(index_prefix) for V(elasticsearch) and V(opensearch). Needed to create one.
      - A key that is left out stays as it is. A password in C(url), C(key) and C(datadog_api_key) are not shown.
    type: dict
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_logsink_info
"""

EXAMPLES = r"""
- name: Logs to our own server
  fisioflow.digitalocean.database_logsink:
    cluster: clinic-pg
    sink_name: clinic-logs
    sink_type: rsyslog
    config:
      server: logs.example.com
      port: 6514
      tls: true
      format: rfc5424

- name: To another port
  fisioflow.digitalocean.database_logsink:
    cluster: clinic-pg
    sink_name: clinic-logs
    config:
      port: 6515

- name: No more
  fisioflow.digitalocean.database_logsink:
    cluster: clinic-pg
    sink_name: clinic-logs
    state: absent
"""

RETURN = r"""
database_logsink:
  description:
    - The log sink as the API gives it; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    sink_id: dfcc9f57-d86b-48e3-8c2c-6c31c7a971be
    sink_name: clinic-logs
    sink_type: rsyslog
    config:
      server: logs.example.com
      port: 6514
      tls: true
      format: rfc5424
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_LOGSINK
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.logsinks import NEEDED, secrets_of_sinks
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.listed import Listed
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module


class DatabaseLogsink(Listed):
    """A log sink: its configuration changes in place, its type never."""

    kind = DATABASE_LOGSINK
    options = {"sink_id": {"type": "str"}}
    attributes = {
        "sink_name": Attribute(required=True, fixed="create another one"),
        "sink_type": Attribute(
            needed=True, choices=["rsyslog", "elasticsearch", "opensearch", "datadog"], fixed="create another one"
        ),
        "config": Attribute("dict", needed=True),
    }
    computed = {"sink_id": UNKNOWN}
    finders = (secrets_of_sinks,)

    def check(self, current: Data | None, wanted: Data) -> None:
        """The API takes half a configuration for one of another type."""
        kind = (current or wanted)["sink_type"]
        whole = {**((current or {}).get("config") or {}), **wanted.get("config", {})}
        if missing := [name for name in NEEDED.get(kind, ()) if whole.get(name) is None]:
            raise self.refusal("set config of", f"a sink of the type {kind} needs also {', '.join(missing)}")

    @changes("config")
    def put(self, change: Change) -> Data | None:
        """All of it. The answer is empty."""
        self.api.put(self.location(change.current), {"config": change.values["config"]}, ACKNOWLEDGED)
        return None

    def delete(self, current: Data) -> None:
        """The answer is empty, but no 204."""
        self.api.delete(self.location(current), promise=ACKNOWLEDGED)


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseLogsink)


if __name__ == "__main__":
    main()
