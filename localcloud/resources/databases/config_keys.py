# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of ``PATCH …/config`` with their limits, per engine [S].

A check takes a value and gives the reason why it is refused, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

Check = Callable[[Any], "str | None"]


def _ranged(kind: str, types: type | tuple[type, ...], least: float, most: float | None) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, types):
            return f"must be {kind}"
        amount = cast(float, value)
        if amount < least or (most is not None and amount > most):
            return f"must be between {least} and {most}" if most is not None else f"must be at least {least}"
        return None

    return check


def integer(least: int, most: int | None = None) -> Check:
    return _ranged("an integer", int, least, most)


def number(least: float, most: float) -> Check:
    return _ranged("a number", (int, float), least, most)


def choice(*values: str) -> Check:
    return lambda value: None if value in values else f"must be one of {', '.join(values)}"


def boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def string(longest: int, pattern: str = "") -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, str) or len(value) > longest or not re.search(pattern, value):
            return f"must be a string of at most {longest} characters" + (f" matching {pattern}" if pattern else "")
        return None

    return check


def each(check: Check, longest: int) -> Check:
    def check_all(value: Any) -> str | None:
        if not isinstance(value, list) or len(value) > longest:
            return f"must be a list of at most {longest} items"
        return next((reason for reason in map(check, value) if reason), None)

    return check_all


def nested(keys: Mapping[str, Check]) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return "must be an object"
        for key, item in value.items():
            reason = keys[key](item) if key in keys else "is not a known setting"
            if reason:
                return f"{key} {reason}"
        return None

    return check


INT32 = 2147483647

PG: dict[str, Check] = {
    "autovacuum_freeze_max_age": integer(200000000, 1500000000),
    "autovacuum_max_workers": integer(1, 20),
    "autovacuum_naptime": integer(0, 86400),
    "autovacuum_vacuum_threshold": integer(0, INT32),
    "autovacuum_analyze_threshold": integer(0, INT32),
    "autovacuum_vacuum_scale_factor": number(0, 1),
    "autovacuum_analyze_scale_factor": number(0, 1),
    "autovacuum_vacuum_cost_delay": integer(-1, 100),
    "autovacuum_vacuum_cost_limit": integer(-1, 10000),
    "backup_hour": integer(0, 23),
    "backup_minute": integer(0, 59),
    "bgwriter_delay": integer(10, 10000),
    "bgwriter_flush_after": integer(0, 2048),
    "bgwriter_lru_maxpages": integer(0, 1073741823),
    "bgwriter_lru_multiplier": number(0, 10),
    "deadlock_timeout": integer(500, 1800000),
    "default_toast_compression": choice("lz4", "pglz"),
    "idle_in_transaction_session_timeout": integer(0, 604800000),
    "jit": boolean,
    "log_autovacuum_min_duration": integer(-1, INT32),
    "log_error_verbosity": choice("TERSE", "DEFAULT", "VERBOSE"),
    "log_line_prefix": choice(
        "pid=%p,user=%u,db=%d,app=%a,client=%h",
        "%m [%p] %q[user=%u,db=%d,app=%a]",
        "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h",
    ),
    "log_min_duration_statement": integer(-1, 86400000),
    "max_files_per_process": integer(1000, 4096),
    "max_prepared_transactions": integer(0, 10000),
    "max_pred_locks_per_transaction": integer(64, 640),
    "max_locks_per_transaction": integer(64, 6400),
    "max_stack_depth": integer(2097152, 6291456),
    "max_standby_archive_delay": integer(1, 43200000),
    "max_standby_streaming_delay": integer(1, 43200000),
    "max_replication_slots": integer(8, 64),
    "max_logical_replication_workers": integer(4, 64),
    "max_parallel_workers": integer(0, 96),
    "max_parallel_workers_per_gather": integer(0, 96),
    "max_worker_processes": integer(8, 96),
    "pg_partman_bgw.role": string(64, r"^[_A-Za-z0-9][-._A-Za-z0-9]{0,63}$"),
    "pg_partman_bgw.interval": integer(3600, 604800),
    "pg_stat_statements.track": choice("all", "top", "none"),
    "temp_file_limit": integer(-1, INT32),
    "timezone": string(64),
    "track_activity_query_size": integer(1024, 10240),
    "track_commit_timestamp": choice("off", "on"),
    "track_functions": choice("all", "pl", "none"),
    "track_io_timing": choice("off", "on"),
    "max_wal_senders": integer(20, 64),
    "wal_sender_timeout": integer(0, 10800000),
    "wal_writer_delay": integer(10, 200),
    "shared_buffers_percentage": number(20, 60),
    "pgbouncer": nested(
        {
            "server_reset_query_always": boolean,
            "ignore_startup_parameters": each(choice("extra_float_digits", "search_path"), 32),
            "min_pool_size": integer(0, 10000),
            "server_lifetime": integer(60, 86400),
            "server_idle_timeout": integer(0, 86400),
            "autodb_pool_size": integer(0, 10000),
            "autodb_pool_mode": choice("session", "transaction", "statement"),
            "autodb_max_db_connections": integer(0, INT32),
            "autodb_idle_timeout": integer(0, 86400),
        }
    ),
    "work_mem": integer(1, 1024),
    "timescaledb": nested({"max_background_workers": integer(1, 4096)}),
    "synchronous_replication": choice("off", "quorum"),
    "stat_monitor_enable": boolean,
    "max_failover_replication_time_lag": integer(10, 2**63 - 1),
    "max_connections": integer(25),
    "max_slot_wal_keep_size": integer(-1, INT32),
}

# "Once increased, this parameter cannot be lowered from its set value" [S]
NEVER_LOWERED = (
    "max_prepared_transactions",
    "max_locks_per_transaction",
    "max_worker_processes",
    "max_wal_senders",
    "max_connections",
)

POLICY = "valkey_maxmemory_policy"
POLICIES = ("noeviction", "allkeys_lru", "allkeys_random", "volatile_lru", "volatile_random", "volatile_ttl")


def spelt_as_listed(policy: Any) -> Any:
    """``allkeys-lru`` and ``allkeys_lru`` are one policy."""
    return policy.replace("-", "_") if isinstance(policy, str) else policy


def parameters(value: Any) -> str | None:
    """Names of PostgreSQL's with values as text [G]. Which of them can be set is not checked."""
    if not isinstance(value, dict):
        return "must be an object"
    for name, item in value.items():
        if not re.fullmatch(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?", name):
            return f"{name} is not a parameter of PostgreSQL"
        if not isinstance(item, str):
            return f"{name} must be a string"
    return None


VALKEY: dict[str, Check] = {
    POLICY: choice(*POLICIES),
    "valkey_pubsub_client_output_buffer_limit": integer(32, 512),
    "valkey_number_of_databases": integer(1, 128),
    "valkey_io_threads": integer(1, 32),
    "valkey_lfu_log_factor": integer(0, 100),
    "valkey_lfu_decay_time": integer(1, 120),
    "valkey_ssl": boolean,
    "valkey_timeout": integer(0, 31536000),
    "valkey_notify_keyspace_events": string(32, r"^[KEg\$lshzxeA]*$"),
    "valkey_persistence": choice("off", "rdb"),
    "valkey_acl_channels_default": choice("allchannels", "resetchannels"),
    "frequent_snapshots": boolean,
    "valkey_active_expire_effort": integer(1, 10),
}

KEYS: dict[str, dict[str, Check]] = {"pg": PG, "advanced_pg": {"pg_parameters": parameters}, "valkey": VALKEY}
