# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of the engine: ``GET`` shows the defaults too, ``PATCH`` changes what it names and nothing else."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import backups, rows
from localcloud.resources.databases.config_keys import KEYS, NEVER_LOWERED, POLICY, spelt_as_listed
from localcloud.resources.databases.fields import part
from localcloud.world.world import World

PATH = "/v2/databases/{database_cluster_uuid}/config"

# What a new PostgreSQL cluster answers, from the Go client's tests [G]; the backup's time of day is drawn per cluster.
PG_DEFAULTS: JSON = {
    "autovacuum_naptime": 60,
    "autovacuum_vacuum_threshold": 50,
    "autovacuum_analyze_threshold": 50,
    "autovacuum_vacuum_scale_factor": 0.2,
    "autovacuum_analyze_scale_factor": 0.2,
    "autovacuum_vacuum_cost_delay": 20,
    "autovacuum_vacuum_cost_limit": -1,
    "bgwriter_flush_after": 512,
    "bgwriter_lru_maxpages": 100,
    "bgwriter_lru_multiplier": 2,
    "idle_in_transaction_session_timeout": 0,
    "jit": True,
    "log_autovacuum_min_duration": -1,
    "log_min_duration_statement": -1,
    "max_prepared_transactions": 0,
    "max_parallel_workers": 8,
    "max_parallel_workers_per_gather": 2,
    "temp_file_limit": -1,
    "wal_sender_timeout": 60000,
}

# Defaults of the description [S] and of the Go client's tests [G]; persistence is on unless switched off [D].
VALKEY_DEFAULTS: JSON = {
    "valkey_maxmemory_policy": "noeviction",
    "valkey_number_of_databases": 16,
    "valkey_lfu_log_factor": 10,
    "valkey_lfu_decay_time": 1,
    "valkey_ssl": True,
    "valkey_timeout": 300,
    "valkey_notify_keyspace_events": "",
    "valkey_persistence": "rdb",
    "valkey_acl_channels_default": "allchannels",
    "frequent_snapshots": True,
    "valkey_active_expire_effort": 1,
}


# The Advanced edition takes parameters of PostgreSQL, by their own names and as text [G]; which it shows is a guess.
ADVANCED_PG_DEFAULTS: JSON = {
    "idle_in_transaction_session_timeout": "0",
    "log_min_duration_statement": "-1",
    "timezone": "UTC",
    "work_mem": "4096",
}


def defaults(world: World, engine: str) -> JSON:
    if engine == "valkey":
        return dict(VALKEY_DEFAULTS)
    if engine == "advanced_pg":
        return {"pg_parameters": dict(ADVANCED_PG_DEFAULTS)}
    hour, minute = world.random.randrange(24), world.random.randrange(60)
    return {**PG_DEFAULTS, "backup_hour": hour, "backup_minute": minute}


def _checked(cluster: JSON, wanted: JSON) -> JSON:
    """The changes, or a 422 that names the setting. The words are a guess."""
    known = KEYS[cluster["engine"]]
    found: JSON = {}
    for key, value in wanted.items():
        if key not in known:
            raise ApiError(422, f"invalid config: {key} is not a setting of {cluster['engine']}")
        # Shown as it was written: the provider, whose example has a hyphen, expects back what it sent [G].
        reason = known[key](spelt_as_listed(value) if key == POLICY else value)
        if reason:
            raise ApiError(422, f"invalid config: {key} {reason}")
        before = cluster["_config"].get(key)
        if key in NEVER_LOWERED and before is not None and value < before:
            raise ApiError(422, f"invalid config: {key} cannot be lowered from {before} to {value}")
        found[key] = value
    if found.get("synchronous_replication") == "quorum" and cluster["num_nodes"] < 2:
        raise ApiError(422, "invalid config: synchronous_replication quorum needs standby nodes")
    return found


@operation("GET", PATH, scope="database:read")
def read(request: Request) -> JSON:
    return {"config": rows.require_primary(rows.cluster(request))["_config"]}


@operation("PATCH", PATH, scope="database:update")
def patch(request: Request) -> None:
    cluster = rows.require_online(rows.require_primary(rows.cluster(request)))
    changes = _checked(cluster, part(request.json, "config"))
    for key, value in changes.items():
        before = cluster["_config"].get(key)
        cluster["_config"][key] = {**before, **value} if isinstance(before, dict) else value
    if "backup_hour" in changes or "backup_minute" in changes:
        backups.reschedule(request.world, cluster)
    rows.note(request.world, cluster, "cluster_update")
