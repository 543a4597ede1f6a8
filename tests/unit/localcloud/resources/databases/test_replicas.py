# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read replicas."""

from __future__ import annotations

import pytest

WISH = {"name": "reader", "size": "db-s-1vcpu-1gb"}


def test_a_replica_from_creation_to_deletion(cloud):
    cluster = cloud.database("main", rules=[{"type": "ip_addr", "value": "10.0.0.0/8"}])
    path = f"{cluster}/replicas"
    cloud.world.clock.set_speed("real")
    made = cloud.ok("POST", path, WISH, 201)["replica"]
    assert (made["status"], made["region"], made["size"]) == ("forking", "fra1", "db-s-1vcpu-1gb")
    assert made["tags"] == []
    assert "is not online" in cloud.refused("PUT", f"{path}/reader/promote", status=412)
    cloud.world.advance(301)
    shown = cloud.ok("GET", f"{path}/reader")["replica"]
    assert shown["status"] == "online"
    assert shown["connection"]["host"].startswith("reader-do-user-")
    assert shown["connection"]["password"] == cloud.ok("GET", cluster)["database"]["connection"]["password"]
    assert cloud.ok("GET", path)["replicas"] == [shown]
    assert [row["name"] for row in cloud.ok("GET", "/databases")["databases"]] == ["main"]
    cloud.ok("DELETE", f"{path}/reader", status=204)
    assert cloud.call("GET", f"{path}/reader").status == 404


def test_it_is_a_cluster_of_its_own_with_its_own_rules(cloud):
    cluster = cloud.database("main", rules=[{"type": "ip_addr", "value": "10.0.0.0/8"}])
    path = f"/databases/{cloud.ok('POST', f'{cluster}/replicas', WISH)['replica']['id']}"
    assert cloud.ok("GET", path)["database"]["name"] == "reader"
    assert cloud.ok("GET", f"{path}/firewall")["rules"] == []
    cloud.ok("PUT", f"{path}/firewall", {"rules": [{"type": "tag", "value": "readers"}]})
    assert [row["value"] for row in cloud.ok("GET", f"{cluster}/firewall")["rules"]] == ["10.0.0.0/8"]
    cloud.ok("PUT", f"{path}/resize", {"size": "db-s-1vcpu-2gb", "num_nodes": 1}, 202)
    assert cloud.ok("GET", f"{cluster}/replicas/reader")["replica"]["size"] == "db-s-1vcpu-2gb"
    cloud.refused("PUT", f"{path}/resize", {"size": "db-s-1vcpu-2gb", "num_nodes": 2})
    cloud.refused("POST", f"{path}/users", {"name": "app"})


def test_promotion_makes_it_a_primary(cloud):
    cluster = cloud.database("main")
    cloud.ok("POST", f"{cluster}/users", {"name": "app"})
    cloud.ok("POST", f"{cluster}/dbs", {"name": "app"})
    cloud.ok("PATCH", f"{cluster}/config", {"config": {"work_mem": 8}})
    id = cloud.ok("POST", f"{cluster}/replicas", WISH)["replica"]["id"]
    assert cloud.ok("PUT", f"{cluster}/replicas/reader/promote", status=204) is None
    assert cloud.ok("GET", f"{cluster}/replicas") == {"replicas": []}
    assert cloud.ok("GET", f"/databases/{id}/config") == cloud.ok("GET", f"{cluster}/config")
    shown = {row["name"]: row for row in cloud.ok("GET", "/databases")["databases"]}
    assert shown["reader"]["id"] == id
    assert [user["name"] for user in shown["reader"]["users"]] == ["doadmin", "app"]
    assert shown["reader"]["db_names"] == ["defaultdb", "app"]
    cloud.ok("DELETE", cluster)
    assert cloud.ok("GET", f"/databases/{id}/users/app")["user"]["name"] == "app"
    assert len(cloud.ok("GET", f"/databases/{id}/backups")["backups"]) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "main"}, "cluster name is not available"),
        ({"size": "db-s-1vcpu-1gb"}, "cannot be smaller"),
        ({"size": "nonsense"}, "invalid size"),
        ({"region": "mars1"}, "not valid"),
    ],
)
def test_a_wrong_replica_is_refused(cloud, change, message):
    path = f"{cloud.database('main', size='db-s-1vcpu-2gb')}/replicas"
    assert message in cloud.refused("POST", path, {**WISH, "size": "db-s-1vcpu-2gb", **change})


def test_the_primary_needs_a_backup_first(cloud):
    cloud.world.clock.set_speed("real")
    made = cloud.ok("POST", "/databases", cloud.wish(), 201)["database"]
    path = f"/databases/{made['id']}"
    cloud.world.advance(241)
    assert cloud.ok("GET", path)["database"]["status"] == "online"
    assert cloud.ok("GET", f"{path}/backups")["backups"] == []
    assert cloud.refused("POST", f"{path}/replicas", WISH, 412) == "cluster has no backup yet"
    cloud.world.advance(61)
    cloud.ok("POST", f"{path}/replicas", WISH, 201)


def test_replicas_go_with_their_primary(cloud):
    cluster = cloud.database("main")
    id = cloud.ok("POST", f"{cluster}/replicas", WISH)["replica"]["id"]
    cloud.ok("DELETE", cluster)
    assert cloud.call("GET", f"/databases/{id}").status == 404
    assert len(cloud.world.table("databases")) == 0


def test_its_tags_need_their_scope(cloud):
    path = f"{cloud.database('main')}/replicas"
    answer = cloud.call("POST", path, {**WISH, "tags": ["a"]}, token=cloud.scoped("database:create"))
    assert (answer.status, "tag:create" in answer.message) == (403, True)
    assert cloud.call("POST", path, {**WISH, "tags": []}, token=cloud.scoped("database:create")).status == 201
