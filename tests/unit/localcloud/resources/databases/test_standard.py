# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What new clusters of the Standard edition no longer get, by the clock; and the Advanced edition, which has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

LAST_MOMENT = datetime(2026, 11, 29, 23, 59, tzinfo=UTC)
AFTER = datetime(2026, 11, 30, 0, 1, tzinfo=UTC)
TWO = {"size": "db-s-1vcpu-2gb", "num_nodes": 2}
BIG = {"size": "db-s-4vcpu-8gb", "num_nodes": 1}
ADVANCED = {"engine": "advanced_pg", "size": "gd-2vcpu-8gb"}
NO_STANDBY = "standby nodes are not available for this cluster"
TOO_BIG = "size db-s-4vcpu-8gb is not available for this cluster"


def test_until_then_everything_is_to_be_had(cloud):
    cloud.at(LAST_MOMENT)
    cloud.database("two", **TWO)
    cloud.database("big", **BIG)


def test_from_then_on_a_new_one_has_one_node_of_at_most_4_gib(cloud):
    cloud.at(AFTER)
    assert cloud.refused("POST", "/databases", cloud.wish(**TWO)) == NO_STANDBY
    assert cloud.refused("POST", "/databases", cloud.wish(**BIG)) == TOO_BIG
    path = cloud.database("new", size="db-s-2vcpu-4gb")
    assert cloud.refused("PUT", f"{path}/resize", {"size": "db-s-2vcpu-4gb", "num_nodes": 2}) == NO_STANDBY
    assert cloud.refused("PUT", f"{path}/resize", BIG) == TOO_BIG
    wish = {"name": "reader", "size": "db-s-2vcpu-4gb"}
    message = cloud.refused("POST", f"{path}/replicas", wish)
    assert message == "read-only nodes are not available for this cluster"


def test_what_was_there_keeps_and_gets_it(cloud):
    old = cloud.database("old", **TWO)
    cloud.at(AFTER)
    cloud.ok("PUT", f"{old}/resize", {"size": "db-s-4vcpu-8gb", "num_nodes": 3}, 202)
    cloud.ok("POST", f"{old}/replicas", {"name": "reader", "size": "db-s-4vcpu-8gb"}, 201)
    replica = cloud.ok("GET", f"{old}/replicas/reader")["replica"]["id"]
    cloud.ok("PUT", f"/databases/{replica}/resize", {"size": "db-s-6vcpu-16gb", "num_nodes": 1}, 202)


def test_a_restored_one_is_a_new_one(cloud):
    cloud.database("old", **TWO)
    cloud.at(AFTER)
    cloud.world.run_timers()
    restore = {"backup_restore": {"database_name": "old"}}
    assert cloud.refused("POST", "/databases", cloud.wish("copy", **TWO, **restore)) == NO_STANDBY
    cloud.database("copy", size="db-s-1vcpu-2gb", **restore)


@pytest.mark.parametrize("options", [{"engine": "valkey", **TWO}, {**ADVANCED, "num_nodes": 3}], ids=["valkey", "adv"])
def test_other_engines_have_standbys_still(cloud, options):
    cloud.at(AFTER)
    shown = cloud.ok("GET", cloud.database("main", **options))["database"]
    assert shown["num_nodes"] == options["num_nodes"]
    assert "standby_connection" in shown


def test_the_advanced_edition_is_a_postgresql(cloud):
    cloud.at(AFTER)
    path = cloud.database("main", **ADVANCED, num_nodes=2)
    shown = cloud.ok("GET", path)["database"]
    assert (shown["engine"], shown["version"], shown["db_names"]) == ("advanced_pg", "18", ["defaultdb"])
    assert shown["connection"]["uri"].startswith("postgresql://doadmin:")
    cloud.ok("POST", f"{path}/users", {"name": "app"}, 201)
    cloud.ok("POST", f"{path}/dbs", {"name": "app"}, 201)
    cloud.ok("POST", f"{path}/pools", {"name": "app", "mode": "transaction", "size": 190, "db": "app", "user": "app"})
    cloud.ok("POST", f"{path}/replicas", {"name": "reader", "size": "gd-2vcpu-8gb"}, 201)
    cloud.ok("PUT", f"{path}/resize", {"size": "gd-4vcpu-16gb", "num_nodes": 3}, 202)
    cloud.world.advance(timedelta(days=2).total_seconds())
    assert len(cloud.ok("GET", f"{path}/backups")["backups"]) == 3
    restored = cloud.database("copy", **ADVANCED, storage_size_mib=300 * 1024, backup_restore={"database_name": "main"})
    assert cloud.ok("GET", restored)["database"]["db_names"] == ["defaultdb", "app"]


def test_its_parameters_are_texts_below_one_key(cloud):
    path = f"{cloud.database('main', **ADVANCED)}/config"
    before = cloud.ok("GET", path)["config"]["pg_parameters"]
    cloud.ok("PATCH", path, {"config": {"pg_parameters": {"work_mem": "1024"}}}, 200)
    assert cloud.ok("GET", path)["config"] == {"pg_parameters": {**before, "work_mem": "1024"}}
    number = {"config": {"pg_parameters": {"work_mem": 1024}}}
    assert cloud.refused("PATCH", path, number) == "invalid config: pg_parameters work_mem must be a string"
    message = cloud.refused("PATCH", path, {"config": {"backup_hour": 3}})
    assert message == "invalid config: backup_hour is not a setting of advanced_pg"
