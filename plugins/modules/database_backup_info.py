#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: the backups of a cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_backup_info
short_description: List the backups of a database cluster
version_added: 0.1.0
description:
  - Lists the daily backups of a managed PostgreSQL cluster, with the age of the newest and the time that they span, so
    that a promise about both can be held against what is there.
  - Valkey has no backups.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_cluster
"""

EXAMPLES = r"""
- name: How far back can we go?
  fisioflow.digitalocean.database_backup_info:
    cluster: clinic-pg
  register: backups

- name: Never lose more than a day
  ansible.builtin.assert:
    that: backups.newest_age_hours is not none and backups.newest_age_hours < 24
"""

RETURN = r"""
database_backups:
  description: The backups, newest first, and the cluster they are of.
  returned: success
  type: list
  elements: dict
  sample:
    - created_at: '2026-11-24T06:30:00Z'
      size_gigabytes: 0.03
      cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
newest_age_hours:
  description: The age of the newest backup in hours; V(null) when there is none.
  returned: success
  type: float
  sample: 3.5
asked_at:
  description: When that was, by the clock of the API.
  returned: success
  type: str
  sample: '2026-11-24T10:00:00Z'
span_days:
  description: The days between the oldest and the newest backup.
  returned: success
  type: float
  sample: 6.0
scheduled_backup_time:
  description: When the next ones are made, in UTC.
  returned: success
  type: dict
  sample:
    backup_hour: 6
    backup_minute: 30
    backup_interval_hours: 24
"""

from datetime import datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_BACKUP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import rows_of
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class DatabaseBackupInfo(Info):
    """The backups, and what they are worth."""

    kind = DATABASE_BACKUP
    filters = ()
    schedule: Data = {}

    @classmethod
    def filter_names(cls) -> tuple[str, ...]:
        """None: who wants one backup wants to see the others too."""
        return ()

    def rows(self) -> list[Data]:
        """The list is not paginated, and comes with the schedule."""
        answer = self.api.get(DATABASE_BACKUP.collection(self.parent_id), DATABASE_BACKUP.promise)
        self.schedule = answer.get("scheduled_backup_time") or {}
        rows = rows_of(answer, DATABASE_BACKUP.many, DATABASE_BACKUP.tells, self.params["api_url"])
        return sorted(rows, key=lambda backup: str(backup["created_at"]), reverse=True)

    def run(self) -> Data:
        """Adds age, span and schedule to the list."""
        result = super().run()
        times = [moment(backup["created_at"]) for backup in result[DATABASE_BACKUP.plural]]
        age = (self.api.now() - times[0]).total_seconds() / 3600 if times else None
        span = (times[0] - times[-1]).total_seconds() / 86400 if times else 0.0
        return {
            **result,
            "newest_age_hours": None if age is None else round(age, 2),
            "span_days": round(span, 2),
            "asked_at": f"{self.api.now():%Y-%m-%dT%H:%M:%SZ}",
            "scheduled_backup_time": self.schedule,
        }


def moment(text: str) -> datetime:
    """A timestamp of the API."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseBackupInfo)


if __name__ == "__main__":
    main()
