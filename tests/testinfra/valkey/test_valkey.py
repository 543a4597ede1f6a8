# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster, and what it does when memory is full or a node is lost."""

from __future__ import annotations

from typing import Any


def test_the_cluster_is_as_wanted(account: Any) -> None:
    cluster = account.cluster("valkey")
    assert (cluster["engine"], cluster["version"], cluster["status"]) == ("valkey", "8", "online")
    policy = account.get(f"/v2/databases/{cluster['id']}/eviction_policy")["eviction_policy"]
    assert policy == "volatile_lru"
    assert account.get(f"/v2/databases/{cluster['id']}/config")["config"]["valkey_persistence"] == "rdb"
    rules = account.get(f"/v2/databases/{cluster['id']}/firewall")["rules"]
    assert [(rule["type"], rule["value"]) for rule in rules] == [("ip_addr", "10.20.0.0/20")]
