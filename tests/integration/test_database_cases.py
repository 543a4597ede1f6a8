# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases that once failed, or waited for what had come already: they run through, and are unchanged at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.harness.inside import one
from tests.localcloud_fixtures import LocalCloud

Json = dict[str, Any]
NODE = {"size": "db-s-1vcpu-1gb", "region": "nyc1", "num_nodes": 1}
CLUSTER: Json = {"name": "case", **NODE}
TWO = {"size": "db-s-1vcpu-2gb", "num_nodes": 2}
# A day on which a Standard cluster still got standbys and replicas.
BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


def good(cloud: LocalCloud, module: str, **options: Any) -> Json:
    """Done as check mode predicts it, and unchanged at once."""
    predicted = one(cloud, module, check=True, **options)
    result = one(cloud, module, **options)
    for outcome in (predicted, result):
        assert not outcome.get("failed"), outcome["msg"]
        assert outcome["warnings"] == []
    assert (predicted["changed"], predicted["diff"]) == (result["changed"], result["diff"])
    again = one(cloud, module, **options)
    assert (again["changed"], again["writes"], again["warnings"]) == (False, [], [])
    return result


def set_clock(cloud: LocalCloud, moment: datetime) -> None:
    """Be it back, which the admin API's clock does not do."""
    state = cloud.admin.state()
    state["world"]["clock"]["offset"] = moment.timestamp() - time.time()
    cloud.admin.load(state)


@pytest.mark.parametrize("policy", ["allkeys-random", "allkeys_random"])
def test_a_policy_however_it_is_spelt(cloud: LocalCloud, policy: str) -> None:
    good(cloud, "database_cluster", **CLUSTER, engine="valkey")
    assert good(cloud, "database_config", cluster="case", config={"valkey_maxmemory_policy": policy})["changed"] is True
    other = policy.translate(str.maketrans("-_", "_-"))
    assert good(cloud, "database_config", cluster="case", config={"valkey_maxmemory_policy": other})["changed"] is False
    assert good(cloud, "database_cluster", name="case", eviction_policy=other)["changed"] is False
    assert good(cloud, "database_cluster", name="case", eviction_policy="volatile-lru")["changed"] is True


def test_a_policy_that_somebody_else_spelt(cloud: LocalCloud) -> None:
    """The vendor's provider sends and reads it with a hyphen."""
    made = good(cloud, "database_cluster", **CLUSTER, engine="valkey")["database_cluster"]
    state = cloud.admin.state()
    state["world"]["tables"]["databases"][made["id"]]["_config"]["valkey_maxmemory_policy"] = "allkeys-lru"
    cloud.admin.load(state)
    config = {"valkey_maxmemory_policy": "allkeys_lru"}
    assert good(cloud, "database_config", cluster="case", config=config)["changed"] is False
    assert good(cloud, "database_cluster", name="case", eviction_policy="allkeys_lru")["changed"] is False


def test_a_replica_of_another_size(cloud: LocalCloud) -> None:
    set_clock(cloud, BEFORE)
    good(cloud, "database_cluster", **{**CLUSTER, "size": "db-s-1vcpu-2gb"}, engine="pg", version="17")
    replica = {"cluster": "case", "name": "case-r"}
    good(cloud, "database_replica", **replica, size="db-s-1vcpu-2gb")
    bigger = good(cloud, "database_replica", **replica, size="db-s-2vcpu-4gb")
    [write] = bigger["writes"]
    assert (write["method"], write["path"]) == ("PUT", f"/v2/databases/{bigger['database_replica']['id']}/resize")
    smaller = one(cloud, "database_replica", **replica, size="db-s-1vcpu-2gb")
    assert "cannot get smaller" in smaller["msg"]
    assert smaller["writes"] == []


def test_what_was_there_before_the_change_of_plans(cloud: LocalCloud) -> None:
    set_clock(cloud, BEFORE)
    good(cloud, "database_cluster", **{**CLUSTER, **TWO}, engine="pg")
    set_clock(cloud, datetime(2026, 12, 1, tzinfo=UTC))
    assert good(cloud, "database_cluster", **{**CLUSTER, **TWO}, engine="pg")["changed"] is False
    assert good(cloud, "database_cluster", name="case", num_nodes=3)["changed"] is True
    good(cloud, "database_replica", cluster="case", name="case-r", size="db-s-1vcpu-2gb")
    for check in (True, False):
        new = one(
            cloud,
            "database_cluster",
            check=check,
            **{**CLUSTER, **TWO, "name": "new"},
            engine="pg",
            backup_restore={"database_name": "case"},
        )
        assert "a restored cluster counts as new" in new["msg"]
        assert new["writes"] == []
