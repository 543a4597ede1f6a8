# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App and clusters that are scaled on purpose: told beforehand, done, and told what the inventory has to say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.plane.conftest import Clusters
from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")

# No cluster gets smaller again, so that these are not those of the environment.
PG, VALKEY = "scale-postgresql", "scale-valkey"
FILE = "inventories/local/group_vars/all/30_settings.yml"


@pytest.fixture
def clusters(running: Environment) -> Iterator[dict[str, str]]:
    made = Clusters(running.api)
    ids = {}
    for name, engine in ((PG, "pg"), (VALKEY, "valkey")):
        body = {"region": "nyc1", "rules": [{"type": "ip_addr", "value": "10.20.0.0/20"}]}
        ids[name] = made.create(engine, name=name, **body)["id"]
    yield ids
    for id in ids.values():
        running.api.ok("DELETE", f"/databases/{id}")


def words(text: str) -> str:
    return " ".join(text.split())


def count(running: Environment) -> int:
    return int(running.app()["spec"]["services"][0]["instance_count"])


def test_the_app_gets_what_was_told_and_goes_back_by_the_same_way(running: Environment) -> None:
    since, sources, active = running.cloud.admin.seq(), running.sources(), running.active()
    assert "Say what to scale, as by -e scale_app_instance_count=2" in words(running.red("scale").printed)
    looked = running.green("scale", "--check", scale_app_instance_count=2)
    told = words(looked.printed)
    assert "US dollars a month at most, which is +12.00. The app: a deployment" in told
    assert "The app: a deployment, judged by the app's health, and taken back when it fails." in told
    assert f"In {named_file(told)} write" in told
    assert running.cloud.admin.writes(since) == []

    done = running.green("scale", scale_app_instance_count=2)
    assert (count(running), running.sources()) == (2, sources)
    assert running.active() != active
    figures = running.report("scale")
    assert (figures["ok"], figures["monthly_more"], figures["inventory_lines"]) == (
        True,
        12.0,
        ["app_instance_count: 2"],
    )
    assert figures["wanted"] == [{"what": "app_instance_count", "before": 1, "after": 2}]
    assert set(figures["seconds"]) == {"checks", "app", "verification"}
    assert all(seconds > 0 for seconds in figures["seconds"].values())
    assert f"next: write into {figures['inventory_file']} what is said above" in words(done.printed)

    back = running.green("scale", scale_app_instance_count="1", deployment_gate_seconds=0)
    assert count(running) == 1
    assert "The inventory says all of it already: there is nothing to write." in words(back.printed)


def named_file(told: str) -> str:
    """The file that is named, which is one that there is."""
    return next(word for word in told.split() if word.endswith(FILE))


def test_clusters_are_refused_in_sentences_or_resized_and_reached(
    running: Environment, clusters: dict[str, str]
) -> None:
    names = {"postgresql_name": PG, "valkey_name": VALKEY}
    since = running.cloud.admin.seq()
    refused = running.red("scale", scale_valkey_num_nodes=2, **names)
    assert "This would resize a cluster, which interrupts it and cannot be taken back." in words(refused.printed)
    wrong = {"scale_postgresql_storage_size_mib": 1024, "scale_valkey_size": "db-s-3vcpu-5gb"}
    refused = running.red("scale", confirm="local", **wrong, **names)
    told = words(refused.printed)
    assert f"postgresql_storage_size_mib is 1024, but the cluster '{PG}' cannot go down from 10240" in told
    assert "valkey_size 'db-s-3vcpu-5gb' of Valkey is not on offer" in told
    assert running.cloud.admin.writes(since) == []

    wanted = {"scale_postgresql_storage_size_mib": 20480, "scale_valkey_size": "db-s-1vcpu-2gb"}
    running.green("scale", confirm="local", preflight_budget_usd=200, scale_valkey_num_nodes=2, **wanted, **names)
    pg, valkey = running.cluster(PG), running.cluster(VALKEY)
    assert (pg["size"], pg["num_nodes"], pg["storage_size_mib"]) == ("db-s-1vcpu-1gb", 1, 20480)
    assert (valkey["size"], valkey["num_nodes"], valkey["status"]) == ("db-s-1vcpu-2gb", 2, "online")
    assert [running.sources(name) for name in (PG, VALKEY)] == [["10.20.0.0/20"]] * 2
    figures = running.report("scale")
    assert figures["monthly_more"] == 45 + round(10 * 0.215, 2)
    assert set(figures["seconds"]) == {"checks", "postgresql", "valkey", "verification"}
    assert figures["inventory_lines"] == [
        "valkey_size: db-s-1vcpu-2gb",
        "postgresql_storage_size_mib: 20480",
        "valkey_num_nodes: 2",
    ]

    # Interrupted or impatient people begin again: nothing is left to do.
    since = running.cloud.admin.seq()
    again = running.green(
        "scale", confirm="local", preflight_budget_usd=200, scale_valkey_num_nodes=2, **wanted, **names
    )
    assert "All of it is so already." in again.printed
    # It looks whether they can be reached, as the interrupted run has not.
    assert {write["path"].rpartition("/")[2] for write in running.cloud.admin.writes(since)} == {"firewall"}
    assert [running.sources(name) for name in (PG, VALKEY)] == [["10.20.0.0/20"]] * 2
