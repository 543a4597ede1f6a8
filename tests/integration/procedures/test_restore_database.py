# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""restore_database.yml with patients: a backup or a dump in a cluster of its own, the app taken there, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest

from tests.integration.harness.playbooks import in_background
from tests.integration.harness.steps import admin
from tests.integration.procedures.environment import CLUSTER, Environment
from tests.integration.procedures.recovery import backed_up, delete

pytestmark = pytest.mark.xdist_group("procedures")

COUNT = "SELECT count(*) FROM patients"
LATER = "written after the backup"
BUCKET = "fisioflow-local-backups"


@pytest.fixture
def spoilt(running: Environment) -> Iterator[Environment]:
    """A backup with the patients in it, and rows that were written since."""
    backed_up(running)
    running.ask(f"INSERT INTO patients (name) SELECT '{LATER}' FROM generate_series(1, 5)")
    yield running
    running.ask(f"DELETE FROM patients WHERE name = '{LATER}'")


def used(running: Environment) -> set[str]:
    """The clusters of the app's spec."""
    [app] = running.api.ok("GET", "/apps")["apps"]
    return {row["cluster_name"] for row in app["active_deployment"]["spec"]["databases"] if row["engine"] == "PG"}


def watched(running: Environment) -> set[str]:
    policies = running.api.ok("GET", "/monitoring/alerts")["policies"]
    return {id for row in policies if row["type"].startswith("v1/dbaas") for id in row["entities"]}


def test_what_cannot_be_restored_is_refused_before_anything_is_changed(running: Environment) -> None:
    since = running.cloud.admin.seq()
    assert f"the name '{CLUSTER}' is taken by" in running.red("restore_database", restore_name=CLUSTER).printed
    refused = running.red("restore_database", restore_cut_over=True).printed
    assert "This would take the app to another database. To do so, add -e confirm=local." in refused
    gone = running.red("restore_database", restore_cut_over_to="nowhere", confirm="local").printed
    assert "there is no database cluster 'nowhere' to take the app to" in gone
    assert running.cloud.admin.writes(since) == []


def test_the_app_goes_to_the_restored_data_and_back(spoilt: Environment) -> None:
    running = spoilt
    before: dict[str, Any] = {row["name"]: row for row in running.api.ok("GET", "/databases")["databases"]}
    living = running.ask(COUNT)[0][0]

    def restored() -> list[dict[str, Any]]:
        return [row for row in running.api.ok("GET", "/databases")["databases"] if row["name"] not in before]

    # Killed while the cluster is being made, it goes on with that one.
    with in_background(running.cloud, "playbooks/restore_database") as going:
        assert going.wait_until(lambda: bool(restored()))
        going.kill()
    [left] = restored()
    try:
        running.green("restore_database", restore_cut_over=True, confirm="local")
        [made] = restored()
        assert made["id"] == left["id"]
        told = running.report("local-restored")
        assert (told["cluster"], told["app_moved_to"], told["went_on"]) == (made["name"], made["name"], True)
        assert told["inventory"] == f"postgresql_name: {made['name']}"
        # One that has leaked, and was rotated since, is not let in again.
        now, then = passwords(running, made["name"]), passwords(running, CLUSTER)
        assert now.keys() == then.keys()
        assert set(now.values()) & set(then.values()) == set()
        # What was written since stayed behind, and the app's user may write where it works now.
        assert running.ask(COUNT, cluster=made["name"]) == [(living - 5,)]
        running.ask("DELETE FROM patients WHERE false", user="fisioflow_app", cluster=made["name"])
        assert used(running) == {made["name"]}
        assert watched(running) & {made["id"], before[CLUSTER]["id"]} == {made["id"]}
        assert running.sources(made["name"]) == running.sources()
        assert made["maintenance_window"]["day"] == before[CLUSTER]["maintenance_window"]["day"]
        assert "fisioflow-local-restoring" not in running.cluster(made["name"])["tags"]

        running.green("restore_database", restore_cut_over_to=CLUSTER, confirm="local")
        assert used(running) == {CLUSTER}
        assert watched(running) & {made["id"], before[CLUSTER]["id"]} == {before[CLUSTER]["id"]}
        assert running.ask(COUNT) == [(living,)]

        # One that is not healthy there is back where it was, which the API's own way back does not do.
        probe = {"deployment_probe_path": "/api/nothing", "deployment_probe_retries": 1}
        running.red("restore_database", restore_cut_over_to=made["name"], confirm="local", **probe)
        assert used(running) == {CLUSTER}
        assert "database_config_conflict" not in running.runs[-1].printed
        assert running.report("local-restored")["app_moved_to"] == ""
    finally:
        delete(running, *(row["id"] for row in restored()))


def test_an_api_that_says_nothing_changes_no_password_and_locks_nobody_out(running: Environment) -> None:
    """Of a cluster that a backup has made: without its users, and then without the app that may work with it."""
    backed_up(running)
    before, cloud = names(running), running.cloud.admin
    look, once = "fisioflow.digitalocean.restore : Look at", {"method": "GET", "status": 200, "count": 1}
    nobody = admin("fault", "status", path="/v2/databases/*/users", body='{"users": []}', **once)
    no_app = admin("fault", "status", path="/v2/apps", body='{"apps": []}', **once)
    try:
        silent = running.red("restore_database", before={f"{look} its users": [nobody]})
        [left] = names(running) - before
        told = f"The API tells of no user of {left}, so its passwords are still those of the backup: run again."
        assert told in " ".join(silent.printed.split())
        assert [call for call in silent.write_list if "reset_auth" in call] == []
        since = cloud.seq()
        told = " ".join(running.red("restore_database", before={f"{look} the app": [no_app]}).printed.split())
        assert f"There is no app fisioflow-local that would tell whether it works with {left}" in told
        assert cloud.writes(since) == []
        cloud.clear_faults()
        running.green("restore_database")
        assert running.report("local-restored")["went_on"] is True
        assert set(passwords(running, left).values()) & set(passwords(running, CLUSTER).values()) == set()
        assert names(running) - before == {left}
    finally:
        cloud.clear_faults()
        delete(running, *(running.cluster(name)["id"] for name in names(running) - before))


def passwords(running: Environment, cluster: str) -> dict[str, str]:
    users = running.api.ok("GET", f"/databases/{running.cluster(cluster)['id']}/users")["users"]
    return {row["name"]: row["password"] for row in users}


def names(running: Environment) -> set[str]:
    return {row["name"] for row in running.api.ok("GET", "/databases")["databases"]}


def test_what_no_dump_gives_costs_no_cluster(running: Environment, backups_s3: Any, tmp_path: Path) -> None:
    running.green("backup_database")
    name = running.report("backup_database")["name"]
    before, since = names(running), running.cloud.admin.seq()
    none = running.red("restore_database", restore_dump="fisioflow-local-postgresql/fisioflow/20200101T000000Z")
    assert f"the newest one is {name}: correct restore_dump." in none.printed
    nobody = running.red("restore_database", restore_dump="newest", fisioflow_backup_identity="", backup_recipients=[])
    assert "a dump is decrypted with a secret key: set fisioflow_backup_identity" in nobody.printed
    stranger = tmp_path / "stranger"
    stranger.write_text(str(pyrage.x25519.Identity.generate()))
    stranger.chmod(0o600)
    wrong = running.red("restore_database", restore_dump=name, fisioflow_backup_identity=str(stranger))
    assert "was encrypted to others" in wrong.printed
    content = backups_s3.get_object(Bucket=BUCKET, Key=f"{name}.dump.age")["Body"].read()
    flipped = content[:-1] + bytes([content[-1] ^ 1])
    backups_s3.put_object(Bucket=BUCKET, Key=f"{name}.dump.age", Body=flipped)
    try:
        # Check mode looks as well.
        assert "is corrupt" in running.red("restore_database", "--check", restore_dump=name).printed
    finally:
        backups_s3.put_object(Bucket=BUCKET, Key=f"{name}.dump.age", Body=content)
    # But for the keys that live as long as a run.
    written = [call["path"] for call in running.cloud.admin.writes(since) if call["path"].startswith("/v2/")]
    assert {path.split("/")[2] for path in written} == {"spaces"}
    assert names(running) == before


def test_a_dump_comes_back_whole_and_as_the_roles_give_it(running: Environment) -> None:
    running.green("backup_database")
    name = running.report("backup_database")["name"]
    [(living,)] = running.ask(COUNT)
    before = running.api.ok("GET", "/databases")["databases"]
    running.ask(f"INSERT INTO patients (name) VALUES ('{LATER}')")
    # It ends when all of it is there, and nothing tells that yet.
    admin = running.cloud.admin
    admin.fault("status", method="POST", path="/v2/tags/*-filled/resources", status=403)
    try:
        running.red("restore_database", restore_dump="newest")
        admin.clear_faults()
        [left] = names(running) - {row["name"] for row in before}
        running.green("restore_database", restore_dump="newest")
        assert names(running) - {row["name"] for row in before} == {left}
        told = running.report("local-restored")
        assert (told["cluster"], told["dump"], told["went_on"], told["app_moved_to"]) == (left, name, True, "")
        assert told["rows_compared"] >= living
        assert running.ask(COUNT, cluster=left) == [(living,)]
        owners = running.ask("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'", cluster=left)
        assert owners == [("fisioflow_owner",)]
        # The app may write.
        insert = "INSERT INTO patients (name) VALUES ('new') RETURNING id"
        [(id,)] = running.ask(insert, user="fisioflow_app", cluster=left)
        assert running.ask(f"SELECT count(*) FROM patients WHERE id = '{id}'", cluster=left) == [(1,)]
        made, old = running.cluster(left), running.cluster()
        for like in ("size", "num_nodes", "region", "version", "private_network_uuid"):
            assert made[like] == old[like], like
        assert made["maintenance_window"]["day"] == old["maintenance_window"]["day"]
        assert running.sources(left) == running.sources()
        assert "fisioflow-local-restoring" not in made["tags"]
        assert used(running) == {CLUSTER}
        keys = [row["name"] for row in running.api.ok("GET", "/spaces/keys")["keys"]]
        assert [key for key in keys if key.startswith(BUCKET)] == []
    finally:
        admin.clear_faults()
        known = {row["id"] for row in before}
        delete(running, *({row["id"] for row in running.api.ok("GET", "/databases")["databases"]} - known))
        running.ask(f"DELETE FROM patients WHERE name = '{LATER}'")
