# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster, its contents, and who may reach it before there is an app."""

from __future__ import annotations

from typing import Any


def test_the_cluster_lives_in_the_network_and_only_that_reaches_it(account: Any, only: Any) -> None:
    cluster = account.cluster("postgresql")
    vpc = only(account.rows("/v2/vpcs", "vpcs"), name="fisioflow-local")
    assert (cluster["engine"], cluster["version"], cluster["num_nodes"]) == ("pg", "17", 1)
    assert (cluster["status"], cluster["private_network_uuid"]) == ("online", vpc["id"])
    rules = account.get(f"/v2/databases/{cluster['id']}/firewall")["rules"]
    assert [(rule["type"], rule["value"]) for rule in rules] == [("ip_addr", "10.20.0.0/20")]


def test_database_users_and_pool(account: Any, only: Any) -> None:
    path = f"/v2/databases/{account.cluster('postgresql')['id']}"
    assert "fisioflow" in [row["name"] for row in account.get(f"{path}/dbs")["dbs"]]
    users = {row["name"] for row in account.get(f"{path}/users")["users"]}
    assert users == {"doadmin", *(f"fisioflow_{use}" for use in ("owner", "app", "app_b", "backup", "readonly"))}
    pool = only(account.get(f"{path}/pools")["pools"], name="fisioflow-app")
    # 22 connections on 1 GiB, 7 of them for clients that bypass the pool.
    assert (pool["mode"], pool["size"], pool["db"], pool["user"]) == ("transaction", 15, "fisioflow", "fisioflow_app")


def test_maintenance_storage_and_configuration(account: Any) -> None:
    cluster = account.cluster("postgresql")
    assert (cluster["maintenance_window"]["day"], cluster["maintenance_window"]["hour"][:5]) == ("sunday", "07:00")
    autoscale = account.get(f"/v2/databases/{cluster['id']}/autoscale")["autoscale"]["storage"]
    assert (autoscale["enabled"], autoscale["threshold_percent"], autoscale["increment_gib"]) == (True, 80, 10)
    config = account.get(f"/v2/databases/{cluster['id']}/config")["config"]
    assert (config["backup_hour"], config["log_min_duration_statement"]) == (6, 1000)
