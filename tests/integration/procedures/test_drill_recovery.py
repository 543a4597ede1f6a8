# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""drill_recovery.yml with patients: measured, compared by checksums, and nothing is left of it."""

from __future__ import annotations

import time

import pytest

from tests.integration.harness.playbooks import in_background
from tests.integration.procedures.environment import Environment
from tests.integration.procedures.recovery import PATIENCE, backed_up

pytestmark = pytest.mark.xdist_group("procedures")

DRILL = "fisioflow-local-drill"
VALKEY = "fisioflow-local-valkey"


def drills(running: Environment) -> list[str]:
    """What there is of drills: clusters, tags, apps, keys."""
    clusters = [row["name"] for row in running.api.ok("GET", "/databases")["databases"]]
    tags = [row["name"] for row in running.api.ok("GET", "/tags")["tags"]]
    apps = [row["spec"]["name"] for row in running.api.ok("GET", "/apps")["apps"]]
    keys = [row["name"] for row in running.api.ok("GET", "/spaces/keys")["keys"]]
    return [name for name in clusters + tags + apps + keys if name.startswith(DRILL)]


def test_a_drill_measures_compares_and_leaves_nothing(running: Environment) -> None:
    backed_up(running)
    before = running.cluster()["id"], running.sources()
    # Of an environment with the prefix fisioflow-local-drill.
    running.api.ok("POST", "/tags", {"name": f"{DRILL}-edge"})
    running.green("drill_recovery")
    told = running.report("local-drill")
    assert (told["ok"], told["findings"], told["cluster"]) == (True, [], DRILL)
    phases = {row["phase"]: row["seconds"] for row in told["phases"]}
    assert list(phases) == ["backup found", "cluster created", "users and grants", "first query", "checks"]
    assert told["rto_minutes"] == pytest.approx(sum([*phases.values()][:4]) / 60, abs=0.02)
    tables = {row["table"]: row for row in told["tables"]}
    assert tables["patients"]["restored"] == running.ask("SELECT count(*) FROM patients")[0][0] > 0
    assert {row["state"] for row in told["tables"]} == {"same"}
    assert told["foreign_keys"] == [{"foreign_key": "appointments_patient_id_fkey", "rows": 0}]
    assert told["newest_row"] == told["newest_row_living"] > "2026"
    assert drills(running) == [f"{DRILL}-edge"]
    running.api.ok("DELETE", f"/tags/{DRILL}-edge")
    assert (running.cluster()["id"], running.sources()) == before


def test_what_misses_an_objective_or_is_not_sound_is_told_by_the_exit_code(running: Environment) -> None:
    """And the chart goes on with earlier drills."""
    running.ask(
        "CREATE TABLE drill_visits AS SELECT gen_random_uuid() AS patient",
        "ALTER TABLE drill_visits ADD FOREIGN KEY (patient) REFERENCES patients NOT VALID",
    )
    try:
        backed_up(running)
        running.ask("INSERT INTO patients (name) VALUES ('written since')")
        running.red("drill_recovery", drill_rto_minutes=0.001, fisioflow_language="pt_BR")
    finally:
        running.ask("DROP TABLE drill_visits", "DELETE FROM patients WHERE name = 'written since'")
    told = running.report("local-drill")
    assert [text[:5] for text in told["findings"]] == ["RTO: ", "1 row"]
    assert "by drill_visits_patient_fkey" in told["findings"][1]
    states = {row["table"]: row["state"] for row in told["tables"]}
    assert (states["patients"], states["drill_visits"]) == ("changed since", "same")
    assert len(told["drills"]["database"]) > 1
    newest = max(running.reports.glob("local-drill-*.html"), key=lambda path: path.stat().st_mtime).read_text()
    assert "<svg" in newest
    assert "Simulado de recuperação" in newest
    assert drills(running) == []


def test_a_killed_drill_leaves_no_cluster(running: Environment) -> None:
    """The guard deletes it; and what a machine that stopped has left, the next drill knows by its tag."""
    with in_background(running.cloud, "playbooks/drill_recovery") as going:
        assert going.wait_until(lambda: DRILL in drills(running))
        going.kill()
    deadline = time.monotonic() + PATIENCE
    while DRILL in [row["name"] for row in running.api.ok("GET", "/databases")["databases"]]:
        assert time.monotonic() < deadline, "the guard did not delete it"
        time.sleep(0.2)


def test_somebody_elses_cluster_of_that_name_is_left_alone(running: Environment) -> None:
    values = {"name": DRILL, "engine": "valkey", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "nyc1"}
    made = running.api.ok("POST", "/databases", values)["database"]
    try:
        assert f"does not bear the tag {DRILL}" in running.red("drill_recovery").printed
        assert running.cluster(DRILL)["id"] == made["id"]
    finally:
        running.api.ok("DELETE", f"/databases/{made['id']}")


def test_the_app_is_rebuilt_beside_the_living_one(running: Environment) -> None:
    before = running.active(), running.sources(), running.sources(VALKEY)
    running.green("drill_recovery", drill_scenario="app")
    told = running.report("local-drill-app")
    assert (told["ok"], told["findings"], told["scenario"], told["rpo_hours"]) == (True, [], "app", None)
    phases = {row["phase"]: row["seconds"] for row in told["phases"]}
    assert list(phases) == ["app deployed", "healthy"]
    assert told["rto_minutes"] == pytest.approx(sum(phases.values()) / 60, abs=0.02)
    digest = running.app()["active_deployment"]["spec"]["services"][0]["image"]["digest"]
    assert [row["differs"] for row in told["parts"]] == [[], []]
    assert told["parts"][0]["told"] == f"fisioflow/fisioflow@{digest[:19]}"
    assert drills(running) == []
    assert (running.active(), running.sources(), running.sources(VALKEY)) == before


def test_a_killed_drill_leaves_no_app(running: Environment) -> None:
    """Which never had domains, jobs or alerts, and was one small instance; nor a key, nor an open database."""
    before = running.sources(), running.sources(VALKEY)
    with in_background(running.cloud, "playbooks/drill_recovery", "-e", "drill_scenario=app") as going:
        assert going.wait_until(lambda: DRILL in drills(running))
        made = running.app(DRILL)["spec"]
        going.kill()
    [service] = made["services"]
    assert [made.get(name) or [] for name in ("domains", "jobs", "workers", "alerts")] == [[], [], [], []]
    assert (service["instance_size_slug"], service["instance_count"]) == ("apps-s-1vcpu-0.5gb", 1)
    deadline = time.monotonic() + PATIENCE
    while drills(running) or (running.sources(), running.sources(VALKEY)) != before:
        assert time.monotonic() < deadline, "the guards did not delete all of it"
        time.sleep(0.2)


def test_somebody_elses_app_of_that_name_is_left_alone(running: Environment) -> None:
    image = {"registry_type": "DOCKER_HUB", "registry": "library", "repository": "nginx", "tag": "latest"}
    spec = {"name": DRILL, "region": "nyc", "services": [{"name": "web", "image": image, "http_port": 80}]}
    made = running.api.ok("POST", "/apps", {"spec": spec})["app"]
    try:
        assert "does not bear the env SHORT_LIVED" in running.red("drill_recovery", drill_scenario="app").printed
        assert running.app(DRILL)["id"] == made["id"]
    finally:
        running.api.ok("DELETE", f"/apps/{made['id']}")


def test_the_configuration_is_read_back_compared_and_planned_with(running: Environment) -> None:
    running.green("backup_configuration")
    # Of a drill that was killed.
    unpacked = running.cloud.home.parent / ".ansible/fisioflow" / DRILL
    (unpacked / "inventory").mkdir(parents=True)
    record = {"type": "MX", "name": "@", "data": "mail.fisioflow.example.", "priority": 10}
    made = running.api.ok("POST", "/domains/fisioflow.example/records", record)["domain_record"]
    try:
        running.green("drill_recovery", drill_scenario="configuration")
    finally:
        running.api.ok("DELETE", f"/domains/fisioflow.example/records/{made['id']}")
    told = running.report("local-drill-configuration")
    assert (told["ok"], told["findings"], told["scenario"]) == (True, [], "configuration")
    assert [row["phase"] for row in told["phases"]] == ["bundle read", "compared", "planned"]
    assert {row["part"]: row["differs"] for row in told["parts"] if row["differs"]} == {
        "zone": ["domains[fisioflow.example].records[MX @]"]
    }
    assert {"app", "firewalls", "postgresql-sources", "alert-policies"} <= {row["part"] for row in told["parts"]}
    assert drills(running) == []
    # What was unpacked is gone, and what planned left its plan there.
    assert not unpacked.exists()
