# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`backup_database.yml`: what is in the bucket afterwards, who could read it, and what a run that fails leaves."""

from __future__ import annotations

import json
import time
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest

from tests.integration.harness.playbooks import in_background
from tests.integration.procedures.environment import SENTINELS, Environment

pytestmark = pytest.mark.xdist_group("procedures")

BUCKET = "fisioflow-local-backups"
PREFIX = "fisioflow-local-postgresql/fisioflow/"


def stored(backups_s3: Any) -> dict[str, bytes]:
    rows = backups_s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {row["Key"]: backups_s3.get_object(Bucket=BUCKET, Key=row["Key"])["Body"].read() for row in rows}


def left_behind(running: Environment) -> tuple[list[str], list[str]]:
    """Keys of backups, and who is let into the database beside who was: both nobody."""
    keys = [row["name"] for row in running.api.ok("GET", "/spaces/keys")["keys"]]
    return [name for name in keys if name.startswith(BUCKET)], [way for way in running.sources() if way == "127.0.0.1"]


def test_a_dump_goes_to_another_region_encrypted_and_nothing_is_left_open(
    running: Environment, backups_s3: Any
) -> None:
    would = running.green("backup_database", "--check")
    assert would.write_list == []
    assert "would be dumped" in would.printed

    done = running.green("backup_database")
    report = running.report("backup_database")
    assert (report["ok"], report["region"]) == (True, "sfo3")
    found = stored(backups_s3)
    assert {f"{report['name']}.dump.age", f"{report['name']}.json"} <= found.keys()
    assert report["name"].startswith(PREFIX)
    manifest = json.loads(found[f"{report['name']}.json"])
    (patients,) = running.ask("SELECT count(*) FROM patients")[0]
    assert patients >= 200
    assert {row["table"]: row["rows"] for row in manifest["tables"]}["public.patients"] == patients
    assert manifest["migration"]
    # Only who has the secret half can read it, and then all of it is there.
    identity = (running.cloud.home / "backup-identity").read_text().strip()
    sealed = found[f"{report['name']}.dump.age"]
    assert sealed.startswith(b"age-encryption.org/v1")
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]).startswith(b"PGDMP")
    assert identity not in done.printed
    for content in found.values():
        assert not any(sentinel.encode() in content for sentinel in SENTINELS)

    assert backups_s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    rules = backups_s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert {rule["ID"]: rule.get("Expiration") for rule in rules}["expire-backups"] == {"Days": 30}
    grantees = [row["Grantee"].get("URI", "") for row in backups_s3.get_bucket_acl(Bucket=BUCKET)["Grants"]]
    assert not any("AllUsers" in uri for uri in grantees)
    assert left_behind(running) == ([], [])
    assert SENTINELS[0] not in running.cloud.home.joinpath("backup-identity").read_text()


def test_nobody_to_encrypt_to_and_a_target_that_takes_nothing_are_told_and_leave_nothing(
    running: Environment, backups_s3: Any
) -> None:
    since = running.cloud.admin.seq()
    nobody = running.red("backup_database", backup_recipients=[])
    assert "makes a pair" in nobody.printed
    # Its lifecycle rules would delete patients' files.
    others = running.red("backup_database", backup_bucket_name="fisioflow-local-uploads")
    assert "which holds something else" in others.printed
    assert running.cloud.admin.writes(since) == []
    before = (
        set(stored(backups_s3)) if BUCKET in [row["Name"] for row in backups_s3.list_buckets()["Buckets"]] else set()
    )
    running.cloud.admin.fault("status", method="PUT", path=f"/{BUCKET}/*.age", port="spaces", status=507)
    try:
        full = running.red("backup_database")
    finally:
        running.cloud.admin.clear_faults()
    assert "507" in full.printed
    assert set(stored(backups_s3)) == before
    assert left_behind(running) == ([], [])


@pytest.mark.soak
def test_a_run_that_is_killed_in_the_middle_leaves_no_dump_and_the_next_one_tidies_up(
    running: Environment, backups_s3: Any
) -> None:
    running.green("backup_database")
    before = set(stored(backups_s3))
    # Its first part never gets an answer.
    running.cloud.admin.fault("hang", method="PUT", path=f"/{BUCKET}/*.age", port="spaces", count=1)

    def uploading() -> bool:
        return bool(backups_s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads"))

    with in_background(running.cloud, "playbooks/backup_database") as run:
        assert run.wait_until(uploading), run.output.read_text()[-3000:]
        run.kill()
    running.cloud.admin.clear_faults()
    assert set(stored(backups_s3)) == before
    deadline = time.monotonic() + 30
    while left_behind(running) != ([], []) and time.monotonic() < deadline:
        # The guard outlives the run for as long as that takes.
        time.sleep(0.2)
    assert left_behind(running) == ([], [])
    running.green("backup_database")
    assert not uploading()
    assert len(set(stored(backups_s3)) - before) == 2
