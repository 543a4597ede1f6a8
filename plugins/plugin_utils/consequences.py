# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What depends on a planned change: a deployment, a restart, an interval without service.

Sources: the API description of 2026-08-07 for what it says of itself; PostgreSQL's documentation for parameters that
are set at server start only; the vendor's pages for resizing, upgrading and moving clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# Parameters of a database's configuration that count from the server's next start on.
AT_START = {
    *("autovacuum_freeze_max_age", "autovacuum_max_workers", "max_connections", "max_files_per_process"),
    *("max_locks_per_transaction", "max_logical_replication_workers", "max_pred_locks_per_transaction"),
    *("max_prepared_transactions", "max_replication_slots", "max_wal_senders", "max_worker_processes"),
    *("shared_buffers_percentage", "stat_monitor_enable", "track_activity_query_size", "track_commit_timestamp"),
    "valkey_number_of_databases",
}
# Of a cluster: attribute → what changing it means.
CLUSTER = {
    "size": "new nodes take over: an interval without service, a longer one without a standby",
    "num_nodes": "nodes are added or taken away; the primary serves on",
    "storage_size_mib": "the disk grows, and never shrinks again; nobody tells whether connections are cut",
    "version": "an upgrade: an interval without service, and no way back to the version before",
    "region": "a move of the data to another region: an interval without service when it takes over",
}


def consequences(resource: Data) -> list[str]:
    """Sentences without a full stop, for one resource of a plan."""
    tell = _BY_KIND.get(resource["kind"])
    return [] if tell is None or resource["action"] == "cannot" else list(tell(resource))


def _touched(resource: Data) -> list[str]:
    return [change["attribute"] for change in resource["changes"]]


def _cluster(resource: Data) -> Iterator[str]:
    if resource["action"] == "create":
        yield "it takes minutes until it is online"
    if resource["action"] == "change":
        touched = _touched(resource)
        yield from (sentence for attribute, sentence in CLUSTER.items() if attribute in touched)


def _config(resource: Data) -> Iterator[str]:
    at_start = sorted({path.rpartition(".")[2] for path in _touched(resource)} & AT_START)
    if at_start and resource["action"] == "change":
        yield f"a restart of the server, for {', '.join(at_start)}: an interval without service"


def _app(resource: Data) -> Iterator[str]:
    touched = _touched(resource)
    if touched and all(path.startswith("alert_destinations.") for path in touched):
        return
    yield "a deployment, judged by the app's health, and taken back when it fails"
    yield "meanwhile the databases let the whole private network in"
    if any(path.startswith("spec.jobs[") for path in touched):
        yield "its jobs run with it as they are then, migrations before the new version takes over"


def _key(resource: Data) -> Iterator[str]:
    if resource["action"] == "create":
        yield "its secret goes straight into the app's encrypted environment"


_BY_KIND: dict[str, Callable[[Data], Iterator[str]]] = {
    kinds.DATABASE_CLUSTER.noun: _cluster,
    kinds.DATABASE_CONFIG.noun: _config,
    kinds.APP.noun: _app,
    kinds.SPACES_KEY.noun: _key,
}
