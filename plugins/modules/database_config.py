#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: the configuration of a database cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_config
short_description: Manage the configuration of a database cluster
version_added: 0.1.0
description:
  - Changes settings of the engine of a managed database cluster. What is not named stays as it is.
  - A cluster always has a configuration, so there is nothing to create or delete.
author:
  - FisioFlow contributors (@fisioflow)
options:
  config:
    description:
      - Settings by name, as in U(https://docs.digitalocean.com/reference/api/), such as
        C(idle_in_transaction_session_timeout) of PostgreSQL or C(valkey_persistence) of Valkey.
      - A value is understood in the type of the one that is there, be it a number in quotation marks or an C(off) that
        YAML has taken for false. C(allkeys-lru) and C(allkeys_lru) are the same.
      - An C(advanced_pg) cluster takes C(pg_parameters) instead, a dictionary with parameters of PostgreSQL by their
        own names, such as C(work_mem) in kB.
      - Left out, the module only reads.
    type: dict
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.lifecycle.waiting
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_config_info
  - module: fisioflow.digitalocean.database_cluster
"""

EXAMPLES = r"""
- name: Backups at night, and no transaction that sleeps for an hour
  fisioflow.digitalocean.database_config:
    cluster: clinic-pg
    config:
      backup_hour: 6
      backup_minute: 30
      idle_in_transaction_session_timeout: 3600000

- name: The same limit for PostgreSQL of the Advanced edition
  fisioflow.digitalocean.database_config:
    cluster: clinic-pg-ha
    config:
      pg_parameters:
        idle_in_transaction_session_timeout: 3600000

- name: Keep the sessions over a restart of Valkey
  fisioflow.digitalocean.database_config:
    cluster: clinic-valkey
    config:
      valkey_persistence: rdb
"""

RETURN = r"""
database_config:
  description: All settings that the API shows, and the cluster they are of.
  returned: always
  type: dict
  sample:
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    config:
      backup_hour: 6
      backup_minute: 30
      idle_in_transaction_session_timeout: 3600000
      jit: true
"""

import json
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_CONFIG
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

# The one setting of the Advanced edition: parameters of PostgreSQL, all values as text.
PARAMETERS = "pg_parameters"
# The vendor's documentation and API write the values of these with a hyphen here and an underscore there.
POLICIES = {"valkey_maxmemory_policy": "_", "redis_maxmemory_policy": "-"}


def spelt(config: Any) -> Any:
    """Policies as the API's description of their engine writes them."""
    if not isinstance(config, dict):
        return config
    return {
        name: compare.underscored(value).replace("_", POLICIES[name])
        if name in POLICIES and isinstance(value, str)
        else value
        for name, value in config.items()
    }


def normal(config: Any) -> Any:
    """The form in which two configurations are compared."""
    return compare.plain(spelt(config))


def as_text(value: Any) -> str:
    """A parameter as PostgreSQL writes it."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def meant(there: Any, given: Any) -> Any:
    """What is given, in the type of what is there: templates make text of numbers, and YAML takes `off` for false."""
    if isinstance(given, dict) and isinstance(there, dict):
        return {name: meant(there.get(name), value) for name, value in given.items()}
    if isinstance(given, bool) and isinstance(there, str):
        return "on" if given else "off"
    if isinstance(given, str) and isinstance(there, (bool, int, float)):
        try:
            value = json.loads(given.lower())
        except ValueError:
            return given
        return value if isinstance(value, bool) is isinstance(there, bool) else given
    return given


class DatabaseConfig(Resource):
    """The configuration, under one key, since settings are named by the engine and not by us."""

    kind = DATABASE_CONFIG
    states = ("present",)
    attributes = {"config": Attribute("dict", normal=normal)}
    computed = {}

    def unwrap(self, answer: Data, key: str = "") -> Data:  # noqa: ARG002 - there is only one
        """Keep the API's own envelope."""
        return answer

    def wanted(self, current: Data | None) -> Data:
        """In the types and the spelling of what is there."""
        wanted = super().wanted(current)
        config = wanted.get("config")
        if config is None:
            return wanted
        if isinstance(config.get(PARAMETERS), dict):
            config = {**config, PARAMETERS: {name: as_text(value) for name, value in config[PARAMETERS].items()}}
        return {"config": spelt(meant((current or {}).get("config") or {}, config))}

    def check(self, current: Data | None, wanted: Data) -> None:
        """The two editions of PostgreSQL have no setting in common."""
        there, given = (current or {}).get("config"), wanted.get("config")
        if not there or not given:
            return
        if PARAMETERS in there and set(given) - {PARAMETERS}:
            names = ", ".join(sorted(set(given) - {PARAMETERS}))
            raise self.refusal(
                "change", f"the Advanced edition has no {names}. Give parameters of PostgreSQL below {PARAMETERS}"
            )
        if PARAMETERS in given and PARAMETERS not in there:
            raise self.refusal(
                "change", f"{PARAMETERS} is of advanced_pg only. Give the settings by their names, without it"
            )

    @changes("config")
    def patch(self, change: Change) -> Data | None:
        """Send what differs only, of the parameters too: the API shows some that cannot be set."""
        before, after = change.current.get("config") or {}, change.values["config"]
        config = _differing(before, after)
        if PARAMETERS in config:
            config[PARAMETERS] = _differing(before.get(PARAMETERS) or {}, after[PARAMETERS])
        self.api.patch(self.location(change.current), {"config": config}, ACKNOWLEDGED)
        return None


def _differing(before: Data, after: Data) -> Data:
    there, wanted = normal(before), normal(after)
    return {name: value for name, value in after.items() if name not in there or there[name] != wanted[name]}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseConfig)


if __name__ == "__main__":
    main()
