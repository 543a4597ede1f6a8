# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The failover of Valkey as a client meets it: the procedure watches, and the primary is killed from outside."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
import valkey

from tests.integration.plane.conftest import Clusters, until
from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")

# The environment has one node, and no cluster gets smaller again.
NAME = "failover-valkey"
KEYS = "fisioflow:failover:*"


@pytest.fixture
def two(running: Environment) -> Iterator[dict[str, Any]]:
    made = Clusters(running.api)
    rules = [{"type": "ip_addr", "value": "10.20.0.0/20"}]
    cluster = made.create("valkey", name=NAME, region="nyc1", size="db-s-1vcpu-2gb", num_nodes=2, rules=rules)
    yield cluster
    running.api.ok("DELETE", f"/databases/{cluster['id']}")


def test_a_killed_primary_is_measured_and_one_node_is_refused(running: Environment, two: dict[str, Any]) -> None:
    since, clusters, at = running.cloud.admin.seq(), Clusters(running.api), two["connection"]
    refused = running.red("failover_valkey", confirm="local")
    told = " ".join(refused.printed.split())
    assert (
        "fisioflow-local-valkey has one node, so there is nobody to take over: a standby is valkey_num_nodes 2" in told
    )
    assert running.cloud.admin.writes(since) == []

    still = running.red("failover_valkey", confirm="local", failover_cluster=NAME, failover_seconds=1)
    assert "The primary did not change within 1 s, so that nothing was proved" in " ".join(still.printed.split())
    assert running.report("failover_valkey")["longest_ms"] < 1000
    assert running.sources(NAME) == ["10.20.0.0/20"]

    login = {name: at[given] for name, given in (("host", "host"), ("port", "port"), ("username", "user"))}
    login |= {"password": at["password"], "ssl": True, "ssl_ca_certs": running.cloud.ca}

    def writes() -> bool:
        """Whether the procedure has begun, which lets this machine in for that time."""
        with suppress(valkey.ConnectionError), valkey.Valkey(**login) as client:
            return bool(list(client.scan_iter(KEYS)))
        return False

    standby = clusters.pids(two["id"])["standby"]
    with ThreadPoolExecutor(1) as beside:
        run = beside.submit(
            running.green,
            "failover_valkey",
            confirm="local",
            failover_cluster=NAME,
            failover_seconds=60,
            failover_settle=2,
        )
        until(writes, "the procedure writes")
        os.kill(clusters.pids(two["id"])["primary"], signal.SIGKILL)
        done = run.result()
    assert clusters.pids(two["id"])["primary"] == standby
    figures = running.report("failover_valkey")
    assert (figures["ok"], figures["primary_changed"], figures["answers"], figures["provoked"]) == (
        True,
        True,
        True,
        "",
    )
    assert figures["longest_ms"] > 0
    assert figures["writes"] > 50
    assert figures["lost"] >= 0
    print(f"{figures['longest_ms']} ms without Valkey, {figures['lost']} of {figures['writes']} writes lost")
    assert f"{figures['longest_ms']} ms without Valkey" in done.printed
    assert "nothing is provoked" in done.printed
    assert running.sources(NAME) == ["10.20.0.0/20"]
