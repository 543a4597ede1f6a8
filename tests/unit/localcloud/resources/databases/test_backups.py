# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups by the virtual clock, and clusters made from them."""

from __future__ import annotations

from localcloud.world.clock import parse

DAY = 86400


def backups(cloud, path):
    return [row["created_at"] for row in cloud.ok("GET", f"{path}/backups")["backups"]]


def test_one_a_day_for_seven_days(cloud):
    path = cloud.database("main")
    hour = cloud.ok("GET", f"{path}/config")["config"]["backup_hour"]
    minute = cloud.ok("GET", f"{path}/config")["config"]["backup_minute"]
    assert len(backups(cloud, path)) == 1
    cloud.world.advance(3 * DAY)
    answer = cloud.ok("GET", f"{path}/backups")
    assert len(answer["backups"]) == 4
    assert answer["scheduled_backup_time"] == {
        "backup_hour": hour,
        "backup_minute": minute,
        "backup_interval_hours": 24,
    }
    assert {row[11:16] for row in backups(cloud, path)[1:]} == {f"{hour:02}:{minute:02}"}
    cloud.world.advance(400 * DAY)
    found = [parse(moment) for moment in backups(cloud, path)]
    assert len(found) == 7
    assert all(0 < (cloud.world.now() - moment).total_seconds() <= 7 * DAY for moment in found)
    assert found == sorted(found)
    sizes = [row["size_gigabytes"] for row in cloud.ok("GET", f"{path}/backups")["backups"]]
    assert sizes == sorted(sizes)


def test_another_time_of_day_holds_from_then_on(cloud):
    path = cloud.database("main")
    cloud.world.advance(2 * DAY)
    before = backups(cloud, path)
    hour = (cloud.ok("GET", f"{path}/config")["config"]["backup_hour"] + 5) % 24
    cloud.ok("PATCH", f"{path}/config", {"config": {"backup_hour": hour}})
    cloud.world.advance(2 * DAY)
    after = backups(cloud, path)
    assert after[: len(before)] == before
    assert {moment[11:13] for moment in after[len(before) :]} == {f"{hour:02}"}


def test_a_restore_has_the_data_but_nothing_around_it(cloud):
    rules = [{"type": "ip_addr", "value": "10.0.0.0/8"}]
    path = cloud.database("main", size="db-s-1vcpu-2gb", version="16", rules=rules)
    app = cloud.ok("POST", f"{path}/users", {"name": "app"})["user"]
    cloud.ok("POST", f"{path}/dbs", {"name": "app"})
    pool = {"name": "app-pool", "mode": "session", "size": 1, "db": "app"}
    cloud.ok("POST", f"{path}/pools", pool)
    cloud.world.advance(DAY)
    moment = backups(cloud, path)[-1]
    cloud.ok("POST", f"{path}/users", {"name": "later"})
    cloud.world.clock.set_speed("real")
    restore = {"database_name": "main", "backup_created_at": moment}
    wish = cloud.wish("drill", size="db-s-1vcpu-2gb", backup_restore=restore)
    made = cloud.ok("POST", "/databases", wish, 201)["database"]
    assert made["status"] == "forking"
    cloud.world.advance(301)
    source, drill = cloud.ok("GET", path)["database"], cloud.ok("GET", f"/databases/{made['id']}")["database"]
    assert (drill["status"], drill["version"]) == ("online", "16")
    assert drill["connection"]["host"] != source["connection"]["host"]
    assert drill["connection"]["password"] != source["connection"]["password"]
    assert drill["db_names"] == ["defaultdb", "app"]
    assert {user["name"] for user in drill["users"]} == {"doadmin", "app"}
    assert cloud.ok("GET", f"/databases/{made['id']}/users/app")["user"]["password"] == app["password"]
    assert cloud.ok("GET", f"/databases/{made['id']}/pools")["pools"] == []
    assert drill["rules"] == []


def test_without_a_moment_it_is_as_of_now(cloud):
    path = cloud.database("main")
    cloud.ok("POST", f"{path}/dbs", {"name": "app"})
    drill = cloud.database("drill", backup_restore={"database_name": "main"})
    assert cloud.ok("GET", drill)["database"]["db_names"] == ["defaultdb", "app"]


def test_what_cannot_be_restored(cloud):
    cloud.database("main", size="db-s-1vcpu-2gb", version="16")
    cloud.database("cache", engine="valkey")
    cases = [
        ({"database_name": "main", "backup_created_at": "2020-01-01T00:00:00Z"}, {}, "has no backup of 2020-01-01"),
        ({"database_name": "cache"}, {}, "cache is valkey, not pg"),
        ({"database_name": "nobody"}, {}, "there is no database cluster nobody"),
        ({"database_name": "main"}, {"version": "15"}, "the backup is of version 16"),
        ({"database_name": "main"}, {"size": "db-s-1vcpu-1gb", "storage_size_mib": 10240}, "cannot be decreased"),
    ]
    for restore, options, message in cases:
        wish = cloud.wish("drill", **{"size": "db-s-1vcpu-2gb", **options}, backup_restore=restore)
        assert message in cloud.refused("POST", "/databases", wish), restore


def test_there_must_be_a_backup(cloud):
    cloud.world.clock.set_speed("real")
    cloud.ok("POST", "/databases", cloud.wish("main"), 201)
    wish = cloud.wish("drill", backup_restore={"database_name": "main"})
    assert "has no backup yet" in cloud.refused("POST", "/databases", wish, 412)


def test_backups_die_with_their_cluster(cloud):
    cloud.ok("DELETE", cloud.database("main"))
    wish = cloud.wish("drill", backup_restore={"database_name": "main"})
    assert "there is no database cluster main" in cloud.refused("POST", "/databases", wish)
