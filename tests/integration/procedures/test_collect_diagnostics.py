# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`collect_diagnostics.yml`: what is in its archive, and what is not."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path

import pytest

from tests.integration.harness.meddling import Meddling
from tests.integration.harness.playbooks import NEXTAUTH_SECRET
from tests.integration.procedures.environment import CLUSTER, SENTINELS, Environment

pytestmark = pytest.mark.xdist_group("procedures")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")


def newest(running: Environment) -> tuple[Path, dict[str, str]]:
    """The archive, and its files."""
    path = max(running.reports.glob("local-diagnostics-*.tar.gz"), key=lambda file: file.stat().st_mtime)
    with tarfile.open(path) as archive:
        members = {member.name.rpartition("/")[2]: archive.extractfile(member) for member in archive.getmembers()}
        return path, {name: held.read().decode() for name, held in members.items() if held}


def secrets_of(running: Environment) -> set[str]:
    """All that the account holds, and those of the run."""
    meddling = Meddling(running.cloud.admin)
    meddling.collect_secrets()
    env = running.cloud.env
    return {*meddling.secrets, env["DIGITALOCEAN_TOKEN"], env["SPACES_SECRET_ACCESS_KEY"], NEXTAUTH_SECRET}


def test_everything_is_in_one_archive_and_no_secret(running: Environment) -> None:
    secrets = secrets_of(running)
    assert len(secrets) > 8, "passwords, keys and the app's own"
    # Where nobody masks it: a description is free text.
    password = next(
        user["password"]
        for user in running.api.ok("GET", f"/databases/{running.cluster(CLUSTER)['id']}/users")["users"]
        if user["name"] == "fisioflow_app"
    )
    path = f"/databases/{running.cluster(CLUSTER)['id']}/firewall"
    rules = running.api.ok("GET", path)["rules"]
    told = {"type": "ip_addr", "value": "203.0.113.9", "description": f"{password} of ops@clinic.example"}
    running.api.ok("PUT", path, {"rules": [*rules, told]})
    done = running.green("collect_diagnostics")
    running.api.ok("PUT", path, {"rules": rules})
    assert done.write_list == []
    archive, files = newest(running)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert {"index.md", "app.json", "postgresql.json", "valkey-metrics.json", "zone.json", "versions.json"} <= set(
        files
    )
    leaked = {name for name, text in files.items() for secret in secrets if secret in text}
    assert leaked == set()
    assert {name: EMAIL.findall(text) for name, text in files.items() if EMAIL.search(text)} == {}
    assert not [name for name, text in files.items() if any(sentinel in text for sentinel in SENTINELS)]
    assert "of (removed)" in files["postgresql-trusted-sources.json"]
    assert json.loads(files["app.json"])["apps"][0]["spec"]["name"] == "fisioflow-local"
    assert any("listens on" in line for line in json.loads(files["app-logs.json"])["app_logs"]["lines"])
    assert json.loads(files["versions.json"])["ansible-core"]
    assert json.loads(files["dns-answers.json"])["fisioflow.example"] != []
    told_parts = running.report("local-diagnostics")["parts"]
    assert [part["why"] for part in told_parts if part["why"]] == []
    assert {part["file"] for part in told_parts} | {"index.md"} == set(files)


def test_what_cannot_be_asked_is_named(running: Environment) -> None:
    admin = running.cloud.admin
    admin.fault("status", method="GET", path="/v2/load_balancers", status=403)
    running.green("collect_diagnostics")
    admin.clear_faults()
    _archive, files = newest(running)
    assert "load-balancers.json" not in files
    [row] = [line for line in files["index.md"].splitlines() if line.startswith("| load balancers |")]
    assert "403" in row or "Forbidden" in row or "load_balancer:read" in row
    assert "app.json" in files
