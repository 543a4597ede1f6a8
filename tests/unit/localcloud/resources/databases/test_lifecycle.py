# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resize, upgrade, migrate; and what a cluster refuses while it is not online."""

from __future__ import annotations

import pytest


def get(cloud, path):
    return cloud.ok("GET", path)["database"]


def test_a_resize_shows_when_it_is_done(cloud):
    path = cloud.database("main")
    cloud.world.clock.set_speed("real")
    assert cloud.ok("PUT", f"{path}/resize", {"size": "db-s-1vcpu-2gb", "num_nodes": 2}, 202) is None
    before = get(cloud, path)
    assert (before["status"], before["size"], before["num_nodes"]) == ("resizing", "db-s-1vcpu-1gb", 1)
    cloud.world.advance(301)
    after = get(cloud, path)
    assert (after["status"], after["size"], after["num_nodes"]) == ("online", "db-s-1vcpu-2gb", 2)
    assert after["storage_size_mib"] == 30720
    assert "standby_connection" in after


def test_the_disk_only_grows(cloud):
    path = cloud.database("main", size="db-s-1vcpu-2gb", storage_size_mib=61440)
    small = {"size": "db-s-1vcpu-2gb", "num_nodes": 1, "storage_size_mib": 40960}
    assert "cannot be decreased from 61440 MiB" in cloud.refused("PUT", f"{path}/resize", small)
    cloud.ok("PUT", f"{path}/resize", {**small, "storage_size_mib": 81920}, 202)
    assert get(cloud, path)["storage_size_mib"] == 81920


@pytest.mark.parametrize("engine", ["pg", "valkey"])
def test_nodes_never_get_smaller_but_may_get_fewer(cloud, engine):
    path = cloud.database("main", engine=engine, size="db-s-2vcpu-4gb", num_nodes=2)
    smaller = {"size": "db-s-1vcpu-2gb", "num_nodes": 2}
    assert "cannot be resized to the smaller db-s-1vcpu-2gb" in cloud.refused("PUT", f"{path}/resize", smaller)
    cloud.ok("PUT", f"{path}/resize", {"size": "db-s-2vcpu-4gb", "num_nodes": 1}, 202)
    assert get(cloud, path)["num_nodes"] == 1


@pytest.mark.parametrize(
    ("size", "nodes", "message"),
    [
        ("db-s-1vcpu-1gb", 2, "invalid size"),
        ("db-s-1vcpu-2gb", 4, "invalid node count"),
        ("nonsense", 1, "invalid size"),
    ],
)
def test_a_layout_that_is_not_on_offer(cloud, size, nodes, message):
    path = cloud.database("main")
    assert cloud.refused("PUT", f"{path}/resize", {"size": size, "num_nodes": nodes}) == message
    assert get(cloud, path)["status"] == "online"


def test_versions_only_go_up(cloud):
    path = cloud.database("main", version="16")
    for version in ("15", "16", "19", "14"):
        assert cloud.refused("PUT", f"{path}/upgrade", {"version": version}) == "invalid cluster engine version"
    cloud.ok("PUT", f"{path}/upgrade", {"version": "17"}, 204)
    assert get(cloud, path)["version"] == "17"
    assert get(cloud, path)["semantic_version"].startswith("17.")


def test_migration_moves_region_and_network(cloud):
    path = cloud.database("main")
    assert "not valid" in cloud.refused("PUT", f"{path}/migrate", {"region": "mars1"})
    assert "already in region" in cloud.refused("PUT", f"{path}/migrate", {"region": "fra1"})
    cloud.world.clock.set_speed("real")
    cloud.ok("PUT", f"{path}/migrate", {"region": "ams3"}, 202)
    assert (get(cloud, path)["status"], get(cloud, path)["region"]) == ("migrating", "fra1")
    cloud.world.advance(901)
    after = get(cloud, path)
    assert (after["status"], after["region"]) == ("online", "ams3")
    assert cloud.ok("GET", f"/vpcs/{after['private_network_uuid']}")["vpc"]["region"] == "ams3"


def test_a_cluster_that_is_not_online_refuses_writes_but_not_reads_rules_and_deletion(cloud):
    cloud.world.clock.set_speed("real")
    made = cloud.ok("POST", "/databases", cloud.wish(), 201)["database"]
    path = f"/databases/{made['id']}"
    writes = [
        ("PUT", "resize", {"size": "db-s-1vcpu-2gb", "num_nodes": 1}),
        ("PUT", "upgrade", {"version": "17"}),
        ("PUT", "migrate", {"region": "ams3"}),
        ("PATCH", "config", {"config": {"jit": False}}),
        ("PUT", "maintenance", {"day": "sunday", "hour": "04:00"}),
        ("PUT", "install_update", None),
        ("PUT", "autoscale", {"storage": {"enabled": False}}),
        ("PUT", "do_settings", {"do_settings": {"service_cnames": []}}),
        ("POST", "users", {"name": "app"}),
        ("POST", "users/doadmin/reset_auth", {}),
        ("POST", "dbs", {"name": "app"}),
        ("POST", "pools", {"name": "pool", "mode": "session", "size": 1, "db": "defaultdb"}),
        ("POST", "replicas", {"name": "replica", "size": "db-s-1vcpu-1gb"}),
    ]
    for method, part, body in writes:
        assert "is not online: its status is creating" in cloud.refused(method, f"{path}/{part}", body, 412), part
    assert "is not online" in cloud.refused("GET", f"{path}/backups", status=412)
    for part in ("config", "users", "dbs", "pools", "replicas", "events", "ca", "firewall", "autoscale"):
        cloud.ok("GET", f"{path}/{part}", status=200)
    cloud.ok("PUT", f"{path}/firewall", {"rules": [{"type": "ip_addr", "value": "10.0.0.0/8"}]}, 204)
    cloud.ok("DELETE", path, status=204)
    cloud.world.advance(1000)
    assert cloud.ok("GET", "/databases")["databases"] == []


def test_every_part_of_an_unknown_cluster_is_not_found(cloud):
    path = "/databases/00000000-0000-4000-8000-000000000000"
    parts = "config ca users dbs pools replicas backups events firewall autoscale do_settings eviction_policy"
    for part in ("", *(f"/{part}" for part in parts.split())):
        assert cloud.call("GET", path + part).status == 404, part
