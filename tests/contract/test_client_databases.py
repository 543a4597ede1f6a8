# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official Python client walks a PostgreSQL and a Valkey cluster through their life, over TLS."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pydo
import pytest

from tests.localcloud_fixtures import LocalCloud

SMALL = {"size": "db-s-1vcpu-1gb", "region": "fra1", "num_nodes": 1}


@pytest.fixture
def databases(cloud: LocalCloud) -> pydo.operations.DatabasesOperations:
    return pydo.Client(cloud.token, endpoint=cloud.url, connection_verify=cloud.ca).databases


def test_a_postgresql_cluster(cloud: LocalCloud, databases: pydo.operations.DatabasesOperations) -> None:
    made = databases.create_cluster({**SMALL, "name": "clinic", "engine": "pg", "version": "16", "tags": ["one"]})
    id = made["database"]["id"]
    assert made["database"]["status"] == "creating"
    assert databases.get_cluster(id)["database"]["status"] == "online"
    assert databases.add_user(id, {"name": "app"})["user"]["role"] == "normal"
    assert databases.update_user(id, "app", {"settings": {"pg_allow_replication": True}})["user"]["name"] == "app"
    assert databases.reset_auth(id, "app", {})["user"]["password"]
    assert databases.add(id, {"name": "app"})["db"] == {"name": "app"}
    pool = {"name": "app-pool", "mode": "transaction", "size": 10, "db": "app", "user": "app"}
    assert databases.add_connection_pool(id, pool)["pool"]["connection"]["port"] == 25061
    assert databases.update_connection_pool(id, "app-pool", {**pool, "size": 5}) is None
    rules = {"rules": [{"type": "ip_addr", "value": "10.0.0.0/8"}]}
    assert databases.update_firewall_rules(id, rules) is None
    assert databases.list_firewall_rules(id)["rules"][0]["cluster_uuid"] == id
    assert databases.update_maintenance_window(id, {"day": "sunday", "hour": "04:00"}) is None
    assert databases.patch_config(id, {"config": {"work_mem": 8}}) is None
    assert databases.get_config(id)["config"]["work_mem"] == 8
    storage = {"storage": {"enabled": True, "threshold_percent": 80, "increment_gib": 10}}
    assert databases.update_autoscale(id, storage) is None
    assert databases.get_autoscale(id)["autoscale"] == storage
    assert databases.update_major_version(id, {"version": "17"}) is None
    assert databases.update_cluster_size(id, {"size": "db-s-1vcpu-2gb", "num_nodes": 1}) is None
    shown = databases.get_cluster(id)["database"]
    assert (shown["version"], shown["num_nodes"], shown["maintenance_window"]["hour"]) == ("17", 1, "04:00:00")
    cloud.admin.advance(86400)
    restore = {"database_name": "clinic", "backup_created_at": databases.list_backups(id)["backups"][-1]["created_at"]}
    drill = {**SMALL, "size": "db-s-1vcpu-2gb", "name": "drill", "engine": "pg", "version": "17"}
    assert databases.create_cluster({**drill, "backup_restore": restore})["database"]["status"] == "forking"
    assert b64decode(databases.get_ca(id)["ca"]["certificate"]) == Path(cloud.ca).read_bytes()
    clusters = databases.list_clusters()["databases"]
    assert [row["name"] for row in clusters] == ["clinic", "drill"]
    for row in clusters:
        assert databases.destroy_cluster(row["id"]) is None
    assert databases.get_cluster(id)["id"] == "not_found"


def test_standbys_and_replicas_of_the_advanced_edition(databases: pydo.operations.DatabasesOperations) -> None:
    """The Standard one has neither since 2026-11-30."""
    advanced = {"engine": "advanced_pg", "version": "17", "size": "gd-2vcpu-8gb", "region": "nyc1"}
    made = databases.create_cluster({**advanced, "name": "clinic", "num_nodes": 2})["database"]
    assert databases.update_cluster_size(made["id"], {"size": "gd-4vcpu-16gb", "num_nodes": 3}) is None
    shown = databases.get_cluster(made["id"])["database"]
    assert (shown["num_nodes"], shown["standby_connection"]["port"]) == (3, 25060)
    assert databases.patch_config(made["id"], {"config": {"pg_parameters": {"work_mem": "1024"}}}) is None
    assert databases.get_config(made["id"])["config"]["pg_parameters"]["work_mem"] == "1024"
    wish = {"name": "reader", "size": "gd-4vcpu-16gb"}
    assert databases.create_replica(made["id"], wish)["replica"]["status"] == "forking"
    assert databases.promote_replica(made["id"], "reader") is None


def test_a_valkey_cluster(databases: pydo.operations.DatabasesOperations) -> None:
    made = databases.create_cluster({**SMALL, "name": "cache", "engine": "valkey", "version": "8"})["database"]
    assert databases.update_eviction_policy(made["id"], {"eviction_policy": "volatile_lru"}) is None
    assert databases.get_eviction_policy(made["id"]) == {"eviction_policy": "volatile_lru"}
    assert databases.patch_config(made["id"], {"config": {"valkey_persistence": "off"}}) is None
    assert databases.get_config(made["id"])["config"]["valkey_persistence"] == "off"
    with pytest.raises(Exception, match="operation is not supported for this cluster type"):
        databases.list_users(made["id"])
