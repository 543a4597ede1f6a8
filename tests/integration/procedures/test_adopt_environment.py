# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/adopt_environment.yml`: of what was made by hand an inventory comes, whose plan is what was told."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.harness.ansible import ROOT, Played
from tests.integration.harness.playbooks import playbook
from tests.integration.procedures.environment import Environment
from tests.integration.site.outside import s3
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

pytestmark = pytest.mark.xdist_group("procedures")
ADOPT, PLAN = "playbooks/adopt_environment", "playbooks/plan"
PASSWORD = "sentinel8password8of8the8vault"
# What people have put in clear where everybody reads it.
SECRETS = {
    "NEXTAUTH_SECRET": "sentinel8session8value8in8clear",
    "ENCRYPTION_KEY": "sentinel8encrypts8patients8data8",
    "STRIPE_SECRET_KEY": "sk_live_sentinel8stripe8{{8value",
    "SMTP_PASSWORD": "sentinel8mail8value",
}
COMMAND = "sentinel8command8value"
WEBHOOK = "https://hooks.slack.com/services/T8/B8/sentinel8webhook"
PROVIDED = {"FISIOFLOW_STATUS_CHECK_TOKEN": "sentinel8status8value8given"}
# Records alone answer nobody.
UNASKED = {"deployment_probe": False, "edge_probe": False, "edge_renew_seconds": 0}


def by_hand(cloud: LocalCloud) -> None:
    """As somebody clicks one together who is in a hurry."""
    api = Api(cloud)
    vpc = api.vpc("default-nyc1", region="nyc1", ip_range="10.116.0.0/20")
    cluster = {"name": "db-postgresql-nyc1-81923", "engine": "pg", "version": "16", "size": "db-s-1vcpu-2gb"}
    there = api.ok(
        "POST", "/databases", {**cluster, "region": "nyc1", "num_nodes": 1, "private_network_uuid": vpc["id"]}
    )
    host, admin = there["database"]["connection"]["host"], there["database"]["connection"]["password"]
    s3(cloud).create_bucket(Bucket="clinica-files", ACL="public-read")
    images = {"registry_type": "GHCR", "registry": "clinica", "repository": "site", "tag": "latest"}
    clear = [{"key": key, "value": value} for key, value in SECRETS.items()]
    web = {
        "name": "clinica-web",
        "image": images,
        "instance_size_slug": "professional-xs",
        "instance_count": 1,
        "http_port": 8080,
        "run_command": f"node server.js --admin-token {COMMAND}",
        "health_check": {"http_path": "/health"},
        "envs": [
            *clear,
            {"key": "DATABASE_URL", "value": f"postgresql://doadmin:{admin}@{host}:25060/defaultdb?sslmode=require"},
            {"key": "NEXT_PUBLIC_MAPS", "value": "abc", "scope": "RUN_TIME"},
            {"key": "NEXTAUTH_URL", "value": "http://localhost:3000"},
            {"key": "OPENAI_API_KEY", "value": "your-api-key-here"},
            {"key": "S3_BUCKET", "value": "clinica-files"},
            {"key": "S3_ENDPOINT", "value": "https://nyc3.digitaloceanspaces.com"},
            {"key": "WHATSAPP_PHONE_NUMBER_ID", "value": "5511999"},
        ],
    }
    worker = {"name": "mailer", "image": images, "run_command": "node mailer.js"}
    spec = {
        "name": "clinica-app",
        "region": "nyc",
        "services": [web],
        "workers": [worker],
        "databases": [{"name": "cachedb", "engine": "PG"}],
        "domains": [{"domain": "agenda.clinica.example", "type": "PRIMARY"}],
        "envs": [{"key": "LOG_LEVEL", "value": "debug"}],
        "alerts": [{"rule": "DEPLOYMENT_FAILED"}, {"rule": "DOMAIN_FAILED"}],
    }
    app = api.ok("POST", "/apps", {"spec": spec})["app"]["id"]
    [first, second] = [row["id"] for row in api.ok("GET", f"/apps/{app}/alerts")["alerts"]]
    hooks = [{"channel": "#clinica", "url": WEBHOOK}]
    api.ok("POST", f"/apps/{app}/alerts/{first}/destinations", {"slack_webhooks": hooks})
    api.ok("POST", f"/apps/{app}/alerts/{second}/destinations", {"emails": ["ana@clinica.example"]})


def adopt(cloud: LocalCloud, folder: Path, name: str, *options: str, **variables: Any) -> tuple[Played, dict[str, Any]]:
    """The run, and the figures of its report."""
    inventories = folder / "inventories"
    inventories.mkdir(exist_ok=True)
    if not (inventories / "common").exists():
        (inventories / "common").symlink_to(ROOT / "inventories/common")
    given = {"adopt_environment": name, "adoption_inventories": str(inventories), **variables}
    run = playbook(cloud, ADOPT, *options, variables=given)
    report = cloud.home.parent / f"reports/{name}-adoption.json"
    return run, json.loads(report.read_text()) if report.is_file() else {}


def written(folder: Path, name: str, file: str) -> str:
    return (folder / f"inventories/{name}/group_vars/all/{file}").read_text()


def test_what_was_made_by_hand_is_written_and_its_plan_is_what_was_told(cloud: LocalCloud, tmp_path: Path) -> None:
    by_hand(cloud)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    vault = {"adopt_vault_password_file": str(tmp_path / "password")}
    tried, _none = adopt(cloud, tmp_path, "clinica", "--check", **vault)
    assert (tried.returncode, tried.write_list) == (0, []), tried.printed[-3000:]
    assert not (tmp_path / "inventories/clinica").exists()

    run, made = adopt(cloud, tmp_path, "clinica", "-vvv", **vault)
    assert (run.returncode, run.write_list) == (0, []), run.printed[-5000:]
    files = {str(path): path.read_text() for path in (tmp_path / "inventories/clinica").rglob("*") if path.is_file()}
    reports = {str(path): path.read_text() for path in (cloud.home.parent / "reports").glob("clinica-*")}
    for where, text in {"output": run.printed, **files, **reports}.items():
        assert [
            key
            for key, value in {**SECRETS, "password": PASSWORD, "command": COMMAND, "hook": WEBHOOK}.items()
            if value in text
        ] == [], where
        assert "AVNS_" not in text, where

    assert {(row["what"], row["where"]) for row in made["dangers"]} == {
        *(("secret in clear", f"clinica-web.{key}") for key in (*SECRETS, "DATABASE_URL")),
        ("secret in clear", "app_run_command"),
        ("doadmin", "clinica-web.DATABASE_URL"),
        ("doadmin", "databases"),
        ("open to everybody", "db-postgresql-nyc1-81923"),
        ("full disk", "db-postgresql-nyc1-81923"),
        ("development database", "cachedb"),
        ("retired size", "clinica-web"),
        ("moving tag", "clinica-web"),
        ("health path", "clinica-web.health_check"),
        ("no health check", "clinica-web.liveness_health_check"),
        ("unverified databases", "clinica-web"),
        ("no migration", "jobs"),
        ("public at run time", "clinica-web.NEXT_PUBLIC_MAPS"),
        ("placeholder", "clinica-web.OPENAI_API_KEY"),
        ("wrong address", "clinica-web.NEXTAUTH_URL"),
        ("missing variable", "REDIS_URL"),
        ("public uploads", "clinica-files"),
    }
    assert any("defaultdb" in text for text in made["obstacles"])
    assert any("worker mailer" in text for text in made["left_out"])
    assert (made["vaulted"], made["to_set"]) == (
        sorted(SECRETS),
        ["FISIOFLOW_STATUS_CHECK_TOKEN", "FISIOFLOW_SLACK_URL", "FISIOFLOW_SLACK_CHANNEL"],
    )
    assert "$ANSIBLE_VAULT" in written(tmp_path, "clinica", "28_vault.yml")

    again, seen = adopt(cloud, tmp_path, "clinica", **vault)
    assert (again.returncode, again.recap["changed"]) == (0, 0), again.printed[-3000:]
    assert seen["wrote"] is False
    assert {
        str(path): path.read_text() for path in (tmp_path / "inventories/clinica").rglob("*") if path.is_file()
    } == files

    inventory = str(tmp_path / "inventories/clinica")
    secret = ("--vault-password-file", str(tmp_path / "password"))
    plan = playbook(cloud, PLAN, *secret, inventory=inventory, env=PROVIDED, variables=UNASKED)
    assert (plan.returncode, plan.write_list) == (2, []), plan.printed[-5000:]
    planned = json.loads((cloud.home.parent / "reports/clinica-plan.json").read_text())["resources"]
    assert {row["name"]: row["action"] for row in planned} == {
        row["name"]: row["action"] for row in made["differences"]
    }
    [app], [told] = ([row for row in rows if row["name"] == "app"] for rows in (planned, made["differences"]))
    assert sorted(change["attribute"] for change in app["changes"]) == told["attributes"]


def test_a_question_that_nobody_answered_stops_it_and_silence_is_no_answer(cloud: LocalCloud, tmp_path: Path) -> None:
    by_hand(cloud)
    for path, status, told in (
        ("/v2/databases", 403, "database cluster"),
        ("/v2/databases/*/firewall", 503, "firewall"),
        ("/v2/apps/*/alerts", 403, "clinica-app"),
    ):
        cloud.admin.fault("status", method="GET", path=path, status=status)
        # Where the API is they take from the environment, too; of what does not answer nobody wants to wait for long.
        told_in: dict[str, Any] = {"digitalocean_connection": {"timeout": 4}, "fisioflow_language": "pt_BR"}
        run, made = adopt(cloud, tmp_path, "clinica", **told_in)
        cloud.admin.clear_faults()
        assert (run.returncode, run.write_list) == (2, []), (path, run.printed[-3000:])
        assert made["failure"].startswith("Nothing was written. "), (path, made)
        assert [words for words in (f"answered {status}", told) if words not in made["failure"]] == [], made["failure"]
        assert made["failure"] in run.printed
        assert "Adoção · clinica · FALHOU" in run.printed
        # There is no inventory to go on with.
        assert "playbooks/plan.yml" not in run.printed
        assert [value for value in SECRETS.values() if value in run.printed] == []
        assert not (tmp_path / "inventories/clinica").exists()


@pytest.mark.soak
def test_of_what_site_has_made_comes_an_inventory_with_which_it_changes_nothing(
    running: Environment, tmp_path: Path
) -> None:
    run, made = adopt(running.cloud, tmp_path, "local")
    assert (run.returncode, run.write_list) == (0, []), run.printed[-5000:]
    assert (made["dangers"], made["differences"], made["obstacles"], made["left_out"]) == ([], [], [], [])
    settings = yaml.safe_load(written(tmp_path, "local", "30_settings.yml"))
    assert settings["app_domains"] == ["fisioflow.example", "www.fisioflow.example"]
    # What the proxies send nobody can read: decision 75.
    assert made["to_set"] == ["FISIOFLOW_ORIGIN_SECRET"]
    env = {"FISIOFLOW_ORIGIN_SECRET": hashlib.sha256(b"local edge").hexdigest()}
    quick = {"edge_drain_seconds": 1, "edge_renew_seconds": 0}
    site = playbook(running.cloud, "site", inventory=str(tmp_path / "inventories/local"), env=env, variables=quick)
    assert (site.returncode, site.recap["changed"], site.write_list) == (0, 0, []), site.printed[-5000:]
