# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration and eviction policy."""

from __future__ import annotations

import pytest

from localcloud.resources.databases.config import PG_DEFAULTS, VALKEY_DEFAULTS


def test_defaults_are_shown_and_a_patch_changes_only_what_it_names(cloud):
    path = f"{cloud.database('main')}/config"
    before = cloud.ok("GET", path)["config"]
    assert set(before) == {*PG_DEFAULTS, "backup_hour", "backup_minute"}
    assert cloud.ok("PATCH", path, {"config": {"work_mem": 8, "jit": False}}, 200) is None
    assert cloud.ok("GET", path)["config"] == {**before, "work_mem": 8, "jit": False}


def test_objects_within_are_merged(cloud):
    path = f"{cloud.database('main')}/config"
    cloud.ok("PATCH", path, {"config": {"pgbouncer": {"min_pool_size": 2}}})
    cloud.ok("PATCH", path, {"config": {"pgbouncer": {"server_lifetime": 60}}})
    assert cloud.ok("GET", path)["config"]["pgbouncer"] == {"min_pool_size": 2, "server_lifetime": 60}


@pytest.mark.parametrize(
    ("engine", "wanted", "message"),
    [
        ("pg", {"no_such": 1}, "no_such is not a setting of pg"),
        ("pg", {"valkey_timeout": 1}, "valkey_timeout is not a setting of pg"),
        ("pg", {"work_mem": 0}, "work_mem must be between 1 and 1024"),
        ("pg", {"work_mem": "8"}, "work_mem must be an integer"),
        ("pg", {"jit": 1}, "jit must be true or false"),
        ("pg", {"track_functions": "some"}, "track_functions must be one of all, pl, none"),
        ("pg", {"backup_hour": 24}, "backup_hour must be between 0 and 23"),
        ("pg", {"pgbouncer": {"pool_mode": "x"}}, "pgbouncer pool_mode is not a known setting"),
        ("pg", {"pgbouncer": {"ignore_startup_parameters": ["x"]}}, "ignore_startup_parameters must be one of"),
        ("pg", {"synchronous_replication": "quorum"}, "needs standby nodes"),
        ("valkey", {"work_mem": 8}, "work_mem is not a setting of valkey"),
        ("valkey", {"valkey_persistence": "aof"}, "valkey_persistence must be one of off, rdb"),
        ("valkey", {"valkey_notify_keyspace_events": "Q"}, "valkey_notify_keyspace_events must be a string"),
    ],
)
def test_what_is_unknown_or_out_of_range_is_refused_as_a_whole(cloud, engine, wanted, message):
    path = f"{cloud.database('main', engine=engine)}/config"
    before = cloud.ok("GET", path)
    fine = {"track_io_timing": "on"} if engine == "pg" else {"frequent_snapshots": False}
    assert message in cloud.refused("PATCH", path, {"config": {**fine, **wanted}})
    assert cloud.ok("GET", path) == before


def test_some_settings_are_never_lowered(cloud):
    path = f"{cloud.database('main')}/config"
    cloud.ok("PATCH", path, {"config": {"max_prepared_transactions": 20}})
    message = cloud.refused("PATCH", path, {"config": {"max_prepared_transactions": 10}})
    assert "max_prepared_transactions cannot be lowered from 20 to 10" in message


def test_the_eviction_policy_is_a_setting_too(cloud):
    path = cloud.database("cache", engine="valkey")
    assert cloud.ok("GET", f"{path}/eviction_policy") == {"eviction_policy": "noeviction"}
    assert cloud.ok("GET", f"{path}/config")["config"] == VALKEY_DEFAULTS
    assert cloud.ok("PUT", f"{path}/eviction_policy", {"eviction_policy": "volatile_lru"}, 204) is None
    assert cloud.ok("GET", f"{path}/config")["config"]["valkey_maxmemory_policy"] == "volatile_lru"
    hyphenated = {"valkey_maxmemory_policy": "allkeys-random"}
    cloud.ok("PATCH", f"{path}/config", {"config": hyphenated})
    # The provider fails when its own spelling does not come back.
    assert cloud.ok("GET", f"{path}/config")["config"] == {**VALKEY_DEFAULTS, **hyphenated}
    assert cloud.ok("GET", f"{path}/eviction_policy") == {"eviction_policy": "allkeys_random"}


def test_postgresql_has_no_eviction_policy(cloud):
    path = f"{cloud.database('main')}/eviction_policy"
    assert cloud.refused("GET", path) == "operation is not supported for this cluster type"
    message = cloud.refused("PUT", path, {"eviction_policy": "noeviction"})
    assert message == "operation is not supported for this cluster type"
