# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases that once failed, or waited for what had come already: they run through, and are unchanged at once.

In this process, since what counts here is what the modules and the API make of the options.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import client
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_cluster import DatabaseCluster
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_config import DatabaseConfig
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_replica import DatabaseReplica
from tests.localcloud_fixtures import LocalCloud

Json = dict[str, Any]
NODE = {"size": "db-s-1vcpu-1gb", "region": "nyc1", "num_nodes": 1}
CLUSTER: Json = {"name": "case", **NODE}
TWO = {"size": "db-s-1vcpu-2gb", "num_nodes": 2}
# A day on which a Standard cluster still got standbys and replicas.
BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the API listed in the test before is of another account."""
    monkeypatch.setattr(client, "_remembered", {})


def run(cloud: LocalCloud, module: type, *, check: bool = False, **options: Any) -> Json:
    """The result, with the writes that it sent and the warnings that it gave."""
    given = {"api_token": cloud.token, "api_url": cloud.url, "ca_path": cloud.ca, **options}
    validated = ArgumentSpecValidator(**module.argument_spec()).validate(given)  # type: ignore[attr-defined]
    assert not validated.error_messages
    warnings: list[str] = []
    seq = cloud.admin.seq()
    invocation = Invocation(validated.validated_parameters, check_mode=check, diff=True, warn=warnings.append)
    result = execute(module, invocation)
    return {**result, "warnings": warnings, "writes": cloud.admin.writes(seq)}


def good(cloud: LocalCloud, module: type, **options: Any) -> Json:
    """Done as check mode predicts it, and unchanged at once."""
    predicted = run(cloud, module, check=True, **options)
    result = run(cloud, module, **options)
    for outcome in (predicted, result):
        assert not outcome.get("failed"), outcome["msg"]
        assert outcome["warnings"] == []
    assert (predicted["changed"], predicted["diff"]) == (result["changed"], result["diff"])
    again = run(cloud, module, **options)
    assert (again["changed"], again["writes"], again["warnings"]) == (False, [], [])
    return result


def set_clock(cloud: LocalCloud, moment: datetime) -> None:
    """Be it back, which the admin API's clock does not do."""
    state = cloud.admin.state()
    state["world"]["clock"]["offset"] = moment.timestamp() - time.time()
    cloud.admin.load(state)


@pytest.mark.parametrize("policy", ["allkeys-random", "allkeys_random"])
def test_a_policy_however_it_is_spelt(cloud: LocalCloud, policy: str) -> None:
    good(cloud, DatabaseCluster, **CLUSTER, engine="valkey")
    assert good(cloud, DatabaseConfig, cluster="case", config={"valkey_maxmemory_policy": policy})["changed"] is True
    other = policy.translate(str.maketrans("-_", "_-"))
    assert good(cloud, DatabaseConfig, cluster="case", config={"valkey_maxmemory_policy": other})["changed"] is False
    assert good(cloud, DatabaseCluster, name="case", eviction_policy=other)["changed"] is False
    assert good(cloud, DatabaseCluster, name="case", eviction_policy="volatile-lru")["changed"] is True


def test_a_policy_that_somebody_else_spelt(cloud: LocalCloud) -> None:
    """The vendor's provider sends and reads it with a hyphen."""
    made = good(cloud, DatabaseCluster, **CLUSTER, engine="valkey")["database_cluster"]
    state = cloud.admin.state()
    state["world"]["tables"]["databases"][made["id"]]["_config"]["valkey_maxmemory_policy"] = "allkeys-lru"
    cloud.admin.load(state)
    config = {"valkey_maxmemory_policy": "allkeys_lru"}
    assert good(cloud, DatabaseConfig, cluster="case", config=config)["changed"] is False
    assert good(cloud, DatabaseCluster, name="case", eviction_policy="allkeys_lru")["changed"] is False


def test_a_replica_of_another_size(cloud: LocalCloud) -> None:
    set_clock(cloud, BEFORE)
    good(cloud, DatabaseCluster, **{**CLUSTER, "size": "db-s-1vcpu-2gb"}, engine="pg", version="17")
    replica = {"cluster": "case", "name": "case-r"}
    good(cloud, DatabaseReplica, **replica, size="db-s-1vcpu-2gb")
    bigger = good(cloud, DatabaseReplica, **replica, size="db-s-2vcpu-4gb")
    [write] = bigger["writes"]
    assert (write["method"], write["path"]) == ("PUT", f"/v2/databases/{bigger['database_replica']['id']}/resize")
    smaller = run(cloud, DatabaseReplica, **replica, size="db-s-1vcpu-2gb")
    assert "cannot get smaller" in smaller["msg"]
    assert smaller["writes"] == []


def test_what_was_there_before_the_change_of_plans(cloud: LocalCloud) -> None:
    set_clock(cloud, BEFORE)
    good(cloud, DatabaseCluster, **{**CLUSTER, **TWO}, engine="pg")
    set_clock(cloud, datetime(2026, 12, 1, tzinfo=UTC))
    assert good(cloud, DatabaseCluster, **{**CLUSTER, **TWO}, engine="pg")["changed"] is False
    assert good(cloud, DatabaseCluster, name="case", num_nodes=3)["changed"] is True
    good(cloud, DatabaseReplica, cluster="case", name="case-r", size="db-s-1vcpu-2gb")
    for check in (True, False):
        new = run(
            cloud,
            DatabaseCluster,
            check=check,
            **{**CLUSTER, **TWO, "name": "new"},
            engine="pg",
            backup_restore={"database_name": "case"},
        )
        assert "a restored cluster counts as new" in new["msg"]
        assert new["writes"] == []
