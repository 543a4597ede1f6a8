# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection pools."""

from __future__ import annotations

import pytest

POOL = {"name": "app-pool", "mode": "transaction", "size": 10, "db": "defaultdb", "user": "doadmin"}


def test_a_pool_from_creation_to_deletion(cloud):
    cluster = cloud.database("main")
    path = f"{cluster}/pools"
    made = cloud.ok("POST", path, POOL, 201)["pool"]
    assert {key: made[key] for key in POOL} == POOL
    connection = made["connection"]
    assert (connection["database"], connection["port"], connection["user"]) == ("app-pool", 25061, "doadmin")
    assert connection["uri"].endswith(f"@{connection['host']}:25061/app-pool?sslmode=require")
    assert made["private_connection"]["host"] == f"private-{connection['host']}"
    assert cloud.ok("GET", f"{path}/app-pool") == {"pool": made}
    assert cloud.ok("GET", path) == {"pools": [made]}
    change = {"mode": "session", "size": 5, "db": "defaultdb"}
    assert cloud.ok("PUT", f"{path}/app-pool", change, 204) is None
    after = cloud.ok("GET", f"{path}/app-pool")["pool"]
    assert (after["mode"], after["size"], after["user"]) == ("session", 5, "")
    assert "@" not in after["connection"]["uri"]
    cloud.ok("DELETE", f"{path}/app-pool", status=204)
    assert cloud.call("GET", f"{path}/app-pool").status == 404


def test_pools_of_a_standby_cluster_can_be_reached_there_too(cloud):
    path = cloud.database("main", size="db-s-1vcpu-2gb", num_nodes=2)
    made = cloud.ok("POST", f"{path}/pools", POOL)["pool"]
    assert made["standby_connection"]["host"].startswith("replica-main-")


def test_all_pools_share_25_connections_a_gib_less_3(cloud):
    path = f"{cloud.database('main')}/pools"
    cloud.ok("POST", path, {**POOL, "size": 20})
    message = cloud.refused("POST", path, {**POOL, "name": "second", "size": 3})
    assert message == "connection pool size 3 exceeds the 2 backend connections left of 22"
    cloud.ok("POST", path, {**POOL, "name": "second", "size": 2})
    # What a pool has itself counts as free when it changes.
    cloud.ok("PUT", f"{path}/app-pool", {**POOL, "size": 20}, 204)
    assert "exceeds the 20" in cloud.refused("PUT", f"{path}/app-pool", {**POOL, "size": 21})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "ab"}, "invalid connection pool name"),
        ({"name": "a" * 61}, "invalid connection pool name"),
        ({"name": "taken"}, "connection pool name is not available"),
        ({"mode": "magic"}, "invalid connection pool mode"),
        ({"size": 0}, "invalid connection pool size"),
        ({"db": "nothing"}, "nothing does not exist"),
        ({"user": "nobody"}, "nobody does not exist"),
    ],
)
def test_a_wrong_pool_is_refused(cloud, change, message):
    path = f"{cloud.database('main')}/pools"
    cloud.ok("POST", path, {**POOL, "name": "taken", "size": 1})
    assert message in cloud.refused("POST", path, {**POOL, **change})
    assert len(cloud.ok("GET", path)["pools"]) == 1


def test_what_a_pool_uses_cannot_go(cloud):
    path = cloud.database("main")
    cloud.ok("POST", f"{path}/users", {"name": "app"})
    cloud.ok("POST", f"{path}/dbs", {"name": "app"})
    cloud.ok("POST", f"{path}/pools", {**POOL, "db": "app", "user": "app"})
    assert "in use by connection pool app-pool" in cloud.refused("DELETE", f"{path}/users/app")
    assert "in use by connection pool app-pool" in cloud.refused("DELETE", f"{path}/dbs/app")
    cloud.ok("DELETE", f"{path}/pools/app-pool")
    cloud.ok("DELETE", f"{path}/users/app")
    cloud.ok("DELETE", f"{path}/dbs/app")
