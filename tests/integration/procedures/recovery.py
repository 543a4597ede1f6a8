# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of recoveries share: a backup with the patients in it, and clusters that go again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.privileges import database_privileges
from tests.integration.procedures.environment import CLUSTER, SENTINELS, Environment

DAY = 86_400
# Seconds that a base backup may take on a busy machine.
PATIENCE = 120.0
USERS = ("fisioflow_owner", "fisioflow_app", "fisioflow_backup", "fisioflow_readonly")
PATIENTS = f"SELECT '{SENTINELS[0]} ' || n AS name FROM generate_series(1, 50) n"


def backups(running: Environment) -> list[str]:
    found = running.api.ok("GET", f"/databases/{running.cluster(CLUSTER)['id']}/backups")["backups"]
    return sorted(row["created_at"] for row in found)


def backed_up(running: Environment) -> str:
    """The time of a backup that was taken now."""
    before = backups(running)
    running.cloud.admin.advance(DAY)
    deadline = time.monotonic() + PATIENCE
    while (now := backups(running)) == before:
        assert time.monotonic() < deadline, "no backup was taken"
        time.sleep(0.2)
    return now[-1]


def delete(running: Environment, *ids: str) -> None:
    for id in ids:
        running.api.ok("DELETE", f"/databases/{id}")


def names(running: Environment) -> set[str]:
    """Of the clusters."""
    return {row["name"] for row in running.api.ok("GET", "/databases")["databases"]}


@contextmanager
def older_cluster(running: Environment, name: str) -> Iterator[None]:
    """A cluster of version 16 with patients and a backup; it goes again, and what its upgrade was rehearsed on."""
    api, like = running.api, running.cluster(CLUSTER)
    wanted = {key: like[key] for key in ("engine", "size", "region", "num_nodes", "private_network_uuid")}
    rules = [{"type": "ip_addr", "value": "10.20.0.0/20"}]
    made = api.ok("POST", "/databases", {**wanted, "name": name, "version": "16", "rules": rules})["database"]
    deadline = time.monotonic() + 60
    while running.cluster(name)["status"] != "online" and time.monotonic() < deadline:
        time.sleep(0.1)
    api.ok("POST", f"/databases/{made['id']}/dbs", {"name": "fisioflow"})
    for user in USERS:
        api.ok("POST", f"/databases/{made['id']}/users", {"name": user})
    privileges = database_privileges("fisioflow", USERS[0], [USERS[1]], *USERS[2:])
    running.ask(*privileges["admin"], user="doadmin", cluster=name)
    running.ask(*privileges["owner"], f"CREATE TABLE patients AS {PATIENTS}", cluster=name)
    yield
    delete(running, *(running.cluster(left)["id"] for left in (name, f"{name}-rehearsal") if left in names(running)))
