# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`backup_configuration.yml`: what is kept can be read by its recipients alone, and tells no secret."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest

from tests.integration.harness.playbooks import NEXTAUTH_SECRET
from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")

BUCKET = "fisioflow-local-backups"


def test_the_configuration_is_kept_whole_and_without_a_secret(running: Environment, backups_s3: Any) -> None:
    running.green("backup_configuration", "--check")
    running.green("backup_configuration")
    report = running.report("backup_configuration")
    sealed = backups_s3.get_object(Bucket=BUCKET, Key=report["object"])["Body"].read()
    identity = pyrage.x25519.Identity.from_str((running.cloud.home / "backup-identity").read_text().strip())
    archive = pyrage.decrypt(sealed, [identity])
    assert hashlib.sha256(archive).hexdigest() == report["sha256"]
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        files = {name: (opened.extractfile(name) or io.BytesIO()).read() for name in opened.getnames()}
    manifest = json.loads(files.pop("MANIFEST.json"))
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert {
        f"state/{name}.json" for name in ("app", "zone", "firewalls", "postgresql-sources", "alert-policies")
    } <= set(files)
    assert b"NEXTAUTH_SECRET" in files["state/app.json"]
    assert b"fisioflow.example" in files["state/zone.json"]
    assert b"fisioflow_region" in files["inventory/group_vars/all/30_settings.yml"]
    users = running.api.ok("GET", f"/databases/{running.cluster()['id']}/users")["users"]
    secrets = [NEXTAUTH_SECRET, running.cloud.token, running.cloud.env["SPACES_SECRET_ACCESS_KEY"]]
    for secret in [*secrets, *(user["password"] for user in users)]:
        assert secret.encode() not in archive


def test_a_secret_in_a_file_of_the_inventory_is_refused(running: Environment) -> None:
    since = running.cloud.admin.seq()
    refused = running.red("backup_configuration", "--check", configuration_backup_secrets=["fisioflow_spaces_region"])
    assert "A secret stands in inventory/group_vars/all/00_names.yml" in refused.printed
    assert running.cloud.admin.writes(since) == []
