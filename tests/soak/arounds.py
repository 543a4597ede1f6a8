# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a procedure finds, so that it has something to write, and what is to be there when it has completed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.integration.plane.conftest import Clusters
from tests.integration.procedures.clinic import GONE, MADE
from tests.integration.procedures.environment import CLUSTER, Environment
from tests.integration.procedures.recovery import backed_up, delete, older_cluster
from tests.integration.procedures.spaces import UPLOADS, both

# What a run is given beside the variables of its case.
Given = dict[str, Any]
STANDBY = "failover-valkey"
OLD = "fisioflow-local-old"


@contextmanager
def restored(running: Environment) -> Iterator[None]:
    """The new cluster stays until somebody deletes it, and there is one, however often the run was killed."""
    before = {row["id"] for row in running.api.ok("GET", "/databases")["databases"]}
    yield
    made = [row["id"] for row in running.api.ok("GET", "/databases")["databases"] if row["id"] not in before]
    delete(running, *made)
    assert len(made) == 1


@contextmanager
def moved(running: Environment) -> Iterator[None]:
    """The app works with the one new cluster, and is taken back."""
    before = {row["id"] for row in running.api.ok("GET", "/databases")["databases"]}
    yield
    made = [row for row in running.api.ok("GET", "/databases")["databases"] if row["id"] not in before]
    used = {row["cluster_name"] for row in running.app()["active_deployment"]["spec"]["databases"]}
    running.green("restore_database", restore_cut_over_to=CLUSTER, confirm="local")
    delete(running, *(row["id"] for row in made))
    assert [row["name"] in used for row in made] == [True]


@contextmanager
def maintained(running: Environment) -> Iterator[None]:
    yield
    running.green("maintenance", maintenance="off")


@contextmanager
def closed(running: Environment) -> Iterator[None]:
    running.green("maintenance", maintenance="on", confirm="local")
    yield


@contextmanager
def with_a_backup(running: Environment) -> Iterator[None]:
    backed_up(running)
    yield


@contextmanager
def with_a_bundle(running: Environment) -> Iterator[None]:
    # A case before may have deployed what the inventory does not say, which a drill tells.
    assert playbook(running.cloud, "site", env=PROVIDED).returncode == 0
    running.green("backup_configuration")
    yield


@contextmanager
def with_a_dump(running: Environment) -> Iterator[None]:
    running.green("backup_database")
    yield


@contextmanager
def scaled(running: Environment) -> Iterator[None]:
    """Two instances, whichever of the runs has made them; one again afterwards."""
    yield
    assert running.app()["spec"]["services"][0]["instance_count"] == 2
    running.green("scale", scale_app_instance_count=1, deployment_gate_seconds=0)


@contextmanager
def full(running: Environment) -> Iterator[None]:
    """Some time after the deployment before, else nothing is moved."""
    running.cloud.admin.advance(12 * 60)
    with scaled(running):
        yield


@contextmanager
def watched_again(running: Environment) -> Iterator[None]:
    yield
    running.green("monitor")


@contextmanager
def another_version(running: Environment) -> Iterator[None]:
    """Else a second run has nothing to do, and fewer tasks."""
    running.green("deploy", environment_variables={"APP_VERSION": "4"}, deployment_gate_seconds=0)
    yield


@contextmanager
def uploads(running: Environment) -> Iterator[None]:
    """Files that were deleted since they were replicated, and are back when it is over."""
    with both(running) as (home, _away):
        names = [f"letters/{number}.pdf" for number in range(5)]
        for name in names:
            home.put_object(Bucket=UPLOADS, Key=name, Body=name.encode() * 1000)
        running.green("replicate_spaces")
        for name in names[:3]:
            home.delete_object(Bucket=UPLOADS, Key=name)
        yield
        rows = home.list_objects_v2(Bucket=UPLOADS).get("Contents", [])
        assert sorted(row["Key"] for row in rows) == names


@contextmanager
def a_row_lost(running: Environment) -> Iterator[Given]:
    """Which is back afterwards, once, in the place of the living table."""
    running.ask(*MADE)
    running.green("backup_database")
    running.ask("DELETE FROM visits WHERE id = 30", "INSERT INTO visits (room, patient) VALUES (1, 'since')")
    yield {"dump": running.report("backup_database")["name"]}
    assert running.ask("SELECT count(*) FROM visits WHERE id = 30") == [(1,)]
    kept = running.ask("SELECT schemaname FROM pg_tables WHERE tablename = 'visits' AND schemaname <> 'public'")
    running.green("restore_table", table="visits", cleanup=True, confirm="visits")
    running.ask(*GONE)
    assert [name.partition("_")[0] for (name,) in kept] == ["replaced"]


@contextmanager
def a_table_left(running: Environment) -> Iterator[None]:
    """In the schema of restored tables, by an earlier run; nothing of it is left."""
    running.ask(*MADE)
    running.green("backup_database")
    running.green("restore_table", table="visits")
    yield
    left = running.ask("SELECT schemaname FROM pg_tables WHERE tablename = 'visits'")
    running.ask(*GONE)
    assert left == [("public",)]


@contextmanager
def with_a_standby(running: Environment) -> Iterator[None]:
    """No cluster gets smaller again, so that it is not that of the environment."""
    rules = [{"type": "ip_addr", "value": "10.20.0.0/20"}]
    cluster = Clusters(running.api).create(
        "valkey", name=STANDBY, region="nyc1", size="db-s-1vcpu-2gb", num_nodes=2, rules=rules
    )
    yield
    sources = running.sources(STANDBY)
    delete(running, cluster["id"])
    assert sources == ["10.20.0.0/20"]


@contextmanager
def older(running: Environment) -> Iterator[None]:
    """A cluster of the version before, which is of the next one afterwards, with all that was in it."""
    with older_cluster(running, OLD):
        sources = running.sources(OLD)
        yield
        assert (running.cluster(OLD)["version"], running.sources(OLD)) == ("17", sources)
        assert running.ask("SELECT count(*) FROM patients", cluster=OLD) == [(50,)]
