# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DigitalOcean's words for what Valkey calls otherwise, and what a customer may do there."""

from __future__ import annotations

from hashlib import sha256

from localcloud import JSON

# The vendor's platform (Aiven's) keeps these to itself; COMMAND, which its list has too, is what clients begin with.
BLOCKED = (
    *("acl", "bgrewriteaof", "bgsave", "cluster", "config", "debug", "failover", "lastsave", "migrate", "module"),
    *("monitor", "psync", "replconf", "replicaof", "save", "shutdown", "slaveof", "sync"),
)
# Every ten minutes, when anything has changed [S].
SNAPSHOTS = "600 1"


def parameters(config: JSON, most_bytes: int) -> dict[str, str]:
    """Parameters of Valkey that can be changed while it runs."""
    found = {
        "maxmemory": str(most_bytes),
        "maxmemory-policy": str(config["valkey_maxmemory_policy"]).replace("_", "-"),
        "timeout": str(config["valkey_timeout"]),
        "lfu-log-factor": str(config["valkey_lfu_log_factor"]),
        "lfu-decay-time": str(config["valkey_lfu_decay_time"]),
        "notify-keyspace-events": config["valkey_notify_keyspace_events"],
        "acl-pubsub-default": config["valkey_acl_channels_default"],
        "active-expire-effort": str(config["valkey_active_expire_effort"]),
        "io-threads": str(config.get("valkey_io_threads", 1)),
        "save": SNAPSHOTS if config["valkey_persistence"] == "rdb" and config["frequent_snapshots"] else "",
    }
    most = config.get("valkey_pubsub_client_output_buffer_limit")
    if most:
        found["client-output-buffer-limit"] = f"pubsub {most}mb {most // 4}mb 60"
    return found


def rules(password: str, *, blocked: tuple[str, ...] = ()) -> list[str]:
    """Of an access list: everything but what is blocked, for who knows the password."""
    digest = sha256(password.encode()).hexdigest()
    return ["reset", "on", f"#{digest}", "~*", "&*", "+@all", *(f"-{name}" for name in blocked)]
