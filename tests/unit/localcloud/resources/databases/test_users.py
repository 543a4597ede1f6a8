# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and logical databases."""

from __future__ import annotations

import pytest


def test_a_user_from_creation_to_deletion(cloud):
    path = f"{cloud.database('main')}/users"
    made = cloud.ok("POST", path, {"name": "app"}, 201)["user"]
    assert made["role"] == "normal"
    assert made["settings"] == {"pg_allow_replication": False}
    assert made["password"].startswith("AVNS_")
    assert cloud.ok("GET", f"{path}/app")["user"] == made
    assert [row["name"] for row in cloud.ok("GET", path)["users"]] == ["doadmin", "app"]
    cloud.ok("DELETE", f"{path}/app", status=204)
    assert cloud.call("GET", f"{path}/app").status == 404
    assert cloud.call("DELETE", f"{path}/app").status == 404


@pytest.mark.parametrize("body", [{"settings": {}}, {}], ids=["none of them", "as Terraform takes them away"])
def test_settings_are_replaced_as_a_whole_with_201(cloud, body):
    path = f"{cloud.database('main')}/users"
    cloud.ok("POST", path, {"name": "app", "settings": {"pg_allow_replication": True}})
    assert cloud.ok("GET", f"{path}/app")["user"]["settings"] == {"pg_allow_replication": True}
    answer = cloud.ok("PUT", f"{path}/app", body, 201)
    assert answer["user"]["settings"] == {"pg_allow_replication": False}


def test_a_reset_gives_a_new_password_everywhere(cloud):
    path = cloud.database("main")
    old = cloud.ok("GET", path)["database"]["connection"]["password"]
    new = cloud.ok("POST", f"{path}/users/doadmin/reset_auth", {}, 200)["user"]["password"]
    assert new != old
    shown = cloud.ok("GET", path)["database"]
    assert shown["connection"]["password"] == shown["users"][0]["password"] == new
    assert new in shown["private_connection"]["uri"]


def test_the_password_of_valkeys_only_user_can_change_and_nothing_else(cloud):
    path = cloud.database("cache", engine="valkey")
    old = cloud.ok("GET", path)["database"]["connection"]["password"]
    new = cloud.ok("POST", f"{path}/users/default/reset_auth", {}, 200)["user"]["password"]
    assert new != old
    assert cloud.ok("GET", path)["database"]["connection"]["password"] == new
    assert cloud.call("POST", f"{path}/users/other/reset_auth", {}).status == 404
    assert cloud.refused("GET", f"{path}/users") == "operation is not supported for this cluster type"


@pytest.mark.parametrize("name", ["doadmin", "app"])
def test_a_name_is_given_once(cloud, name):
    path = f"{cloud.database('main')}/users"
    if name == "app":
        cloud.ok("POST", path, {"name": "app"})
    assert cloud.refused("POST", path, {"name": name}) == "user name is not available"
    assert cloud.refused("POST", path, {"name": "with space"}) == "invalid user name"


def test_what_is_there_by_default_stays(cloud):
    path = cloud.database("main")
    assert cloud.refused("DELETE", f"{path}/users/doadmin") == "cannot delete the default user"
    assert cloud.refused("DELETE", f"{path}/dbs/defaultdb") == "cannot delete the default database"


def test_a_database_from_creation_to_deletion(cloud):
    path = f"{cloud.database('main')}/dbs"
    assert cloud.ok("POST", path, {"name": "app"}, 201) == {"db": {"name": "app"}}
    assert cloud.refused("POST", path, {"name": "app"}) == "database name is not available"
    assert cloud.refused("POST", path, {"name": "a/b"}) == "invalid database name"
    assert cloud.ok("GET", path) == {"dbs": [{"name": "defaultdb"}, {"name": "app"}]}
    assert cloud.ok("GET", f"{path}/app") == {"db": {"name": "app"}}
    cloud.ok("DELETE", f"{path}/app", status=204)
    assert cloud.call("GET", f"{path}/app").status == 404


def test_two_clusters_do_not_share_their_parts(cloud):
    one, two = cloud.database("one-1"), cloud.database("two-2")
    for part in ("users", "dbs"):
        cloud.ok("POST", f"{one}/{part}", {"name": "app"})
        assert len(cloud.ok("GET", f"{two}/{part}")[part]) == 1
        cloud.ok("POST", f"{two}/{part}", {"name": "app"})
    cloud.ok("DELETE", one)
    assert cloud.ok("GET", f"{two}/users/app")["user"]["name"] == "app"
    assert len(cloud.world.table("database_users")) == 2


def test_a_new_user_may_be_late_but_its_name_is_taken_at_once(cloud):
    """What the real API does after a write: absent at first, so that the next POST is refused."""
    path = f"{cloud.database('main')}/users"
    cloud.shared.faults.add({"kind": "stale", "method": "POST", "path": "/v2/databases/*", "seconds": 30})
    cloud.ok("POST", path, {"name": "app"}, 201)
    assert cloud.call("GET", f"{path}/app").status == 404
    assert [row["name"] for row in cloud.ok("GET", path)["users"]] == ["doadmin"]
    assert cloud.refused("POST", path, {"name": "app"}) == "user name is not available"
    cloud.world.advance(31)
    assert cloud.ok("GET", f"{path}/app")["user"]["name"] == "app"


def test_a_new_cluster_may_be_late_too(cloud):
    cloud.shared.faults.add({"kind": "stale", "method": "POST", "path": "/v2/databases", "seconds": 30})
    made = cloud.ok("POST", "/databases", cloud.wish(), 201)["database"]
    assert cloud.call("GET", f"/databases/{made['id']}").status == 404
    assert cloud.ok("GET", "/databases")["databases"] == []
    assert cloud.refused("POST", "/databases", cloud.wish()) == "cluster name is not available"
    cloud.world.advance(31)
    assert cloud.ok("GET", f"/databases/{made['id']}")["database"]["status"] == "online"


@pytest.mark.parametrize("part", ["users", "dbs", "pools", "replicas", "backups"])
def test_valkey_has_none_of_it(cloud, part):
    path = f"{cloud.database('cache', engine='valkey')}/{part}"
    assert cloud.refused("GET", path) == "operation is not supported for this cluster type"
    bodies = {
        "users": {"name": "app"},
        "dbs": {"name": "app"},
        "pools": {"name": "pool", "mode": "session", "size": 1, "db": "app"},
        "replicas": {"name": "replica", "size": "db-s-1vcpu-1gb"},
    }
    if part in bodies:
        assert cloud.refused("POST", path, bodies[part]) == "operation is not supported for this cluster type"
