# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client that counts up in a key finds out, of a server that is killed and of one that has forgotten."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire import failover, valkey
from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.integration.plane.conftest import Clusters, until
from tests.integration.site.account import tables_of
from tests.localcloud_fixtures import LocalCloud

pytestmark = pytest.mark.xdist_group("plane")


@pytest.fixture
def cluster(clusters: Clusters) -> dict[str, Any]:
    return clusters.create("valkey")


@pytest.fixture
def connect(clusters: Clusters, cluster: dict[str, Any]) -> Callable[[], Any]:
    return partial(valkey.client, cluster["connection"], Path(clusters.api.cloud.ca).read_text(), 0.5)


def test_writes_that_were_acknowledged_and_are_gone_are_counted(connect: Callable[[], Any]) -> None:
    writer = failover.Writer(connect)
    for _ in range(10):
        writer.step()
    assert (writer.acknowledged, writer.lost, len(writer.primaries)) == (10, 0, 1)
    other = connect()
    # As a standby that was three writes behind, one that had a write which nobody acknowledged, and one with nothing.
    for held, lost in (("7", 3), ("9", 3), (None, 13)):
        other.set(writer.key, held) if held else other.delete(writer.key)
        writer.step()
        assert writer.lost == lost
    assert other.get(writer.key) == "1"
    assert 0 < other.ttl(writer.key) <= failover.KEY_SECONDS
    writer.end()
    assert other.exists(writer.key) == 0
    other.close()


def test_an_interruption_is_measured_and_who_took_over_is_seen(
    clusters: Clusters, cluster: dict[str, Any], connect: Callable[[], Any]
) -> None:
    writer = failover.Writer(connect)
    writer.step()
    primary = clusters.pids(cluster["id"])["primary"]

    def back() -> bool:
        writer.step()
        return bool(writer.interruptions)

    # It hangs for longer than a client has patience, and is itself again.
    stopped = time.monotonic()
    os.kill(primary, signal.SIGSTOP)
    for _ in range(3):
        writer.step()
    assert (writer.interruptions, writer.answers) == ([], False)
    os.kill(primary, signal.SIGCONT)
    until(back, "it goes on")
    away = (time.monotonic() - stopped) * 1000
    # From what was acknowledged before, up to some milliseconds that pass here.
    assert writer.longest == writer.interruptions.pop()["milliseconds"] > away - 10 > 1000
    assert len(writer.primaries) == 1

    # Stopped before, so that a write is sure to meet that nobody answers: a new one may be there within milliseconds.
    os.kill(primary, signal.SIGSTOP)
    writer.step()
    os.kill(primary, signal.SIGKILL)
    until(back, "it answers again")
    [interruption] = writer.interruptions
    assert interruption["error"]
    until(lambda: writer.step() or len(writer.primaries) == 2, "who took over is seen")
    assert writer.answers
    writer.end()


def test_who_lets_nobody_in_is_told_before_anything_is_provoked(
    clusters: Clusters, cluster: dict[str, Any], connect: Callable[[], Any]
) -> None:
    rules = [{"type": "ip_addr", "value": "127.9.0.0/16"}]
    clusters.api.ok("PUT", f"/databases/{cluster['id']}/firewall", {"rules": rules})
    provoked: list[int] = []
    with pytest.raises(Failure, match="did not answer before anything was provoked"):
        failover.watch(connect, seconds=1, settle=0, provoke=lambda: provoked.append(1), progress=lambda _: None)
    assert provoked == []


def test_an_update_that_is_pending_is_installed_while_it_writes(clusters: Clusters, plane_cloud: LocalCloud) -> None:
    body = {"name": "two", "size": "db-s-1vcpu-2gb", "num_nodes": 2}
    cluster = clusters.create("valkey", **body)
    watch = {"cluster": "two", "seconds": 1}
    idle = inside(plane_cloud, [Step("watch", "database_failover", watch)]).good("watch")
    assert (idle.changed, idle.write_list, idle.result["database_failover"]["provoked"]) == (False, [], "")

    state = plane_cloud.admin.state()
    tables_of(state)["databases"][cluster["id"]]["maintenance_window"]["pending"] = True
    plane_cloud.admin.load(state)
    until(lambda: len(clusters.pids(cluster["id"])) == 3, "it is up")
    steps = [Step("check", "database_failover", watch, check=True), Step("update", "database_failover", watch)]
    run = inside(plane_cloud, steps)
    assert (run.good("check").changed, run["check"].write_list) == (True, [])
    done = run.good("update")
    assert (done.changed, done.result["database_failover"]["provoked"]) == (True, "update")
    assert done.write_list == [f"PUT /v2/databases/{cluster['id']}/install_update"]
    assert done.result["database_failover"]["writes"] > 10
