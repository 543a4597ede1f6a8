# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`restore_spaces.yml`: one version, a prefix at a time, what was deleted, and what only the replica has."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from tests.integration.procedures.environment import Environment
from tests.integration.procedures.spaces import AWAY, KEYLESS, PATIENT, REPLICA, UPLOADS, both, contents, empty, keys

pytestmark = pytest.mark.xdist_group("procedures")


def test_brings_back_versions_prefixes_what_was_deleted_and_what_only_the_replica_has(running: Environment) -> None:
    before = keys(running)
    with both(running) as (home, away):
        photo, letter, other = f"{PATIENT}/photo.png", f"{PATIENT}/letter.pdf", "others/plan.pdf"
        first = home.put_object(Bucket=UPLOADS, Key=photo, Body=b"first", ContentType="image/png")["VersionId"]
        home.put_object(Bucket=UPLOADS, Key=letter, Body=b"letter")
        home.put_object(Bucket=UPLOADS, Key=other, Body=b"plan")
        time.sleep(1.1)  # S3 tells seconds
        then = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        time.sleep(1.1)
        home.put_object(Bucket=UPLOADS, Key=photo, Body=b"second")
        home.put_object(Bucket=UPLOADS, Key=f"{PATIENT}/new.png", Body=b"new")
        home.delete_object(Bucket=UPLOADS, Key=letter)
        home.put_object(Bucket=UPLOADS, Key=other, Body=b"another plan")
        now = contents(home, UPLOADS)

        nothing = running.red("restore_spaces")
        assert "choose one file with -e restore_key=" in nothing.printed

        names = running.cloud.home.parent / "names.jsonl"
        would = running.green(
            "restore_spaces", "--check", restore_prefix=f"{PATIENT}/", restore_at=then, restore_list=str(names)
        )
        assert "2 of 3 would come back" in would.printed
        assert sorted(json.loads(line)["key"] for line in names.read_text().splitlines()) == [letter, photo]
        assert names.stat().st_mode & 0o777 == 0o600
        assert contents(home, UPLOADS) == now

        done = running.green("restore_spaces", "-v", env=KEYLESS, restore_prefix=f"{PATIENT}/", restore_at=then)
        told = running.report("restored")
        assert (told["ok"], told["restored"], told["deleted"], told["left"]) == (True, 2, 1, 0)
        assert contents(home, UPLOADS) == {**now, photo: b"first", letter: b"letter"}
        assert home.get_object(Bucket=UPLOADS, Key=photo)["ContentType"] == "image/png"
        assert keys(running) == before
        kept = home.list_object_versions(Bucket=UPLOADS, Prefix=photo)["Versions"]
        assert len(kept) == 3, "what was there is a version"
        again = running.green("restore_spaces", restore_prefix=f"{PATIENT}/", restore_at=then)
        assert "0 of 3 came back" in again.printed

        second = next(row["VersionId"] for row in kept if row["VersionId"] != first and not row["IsLatest"])
        running.green("restore_spaces", restore_key=photo, restore_version=second)
        assert contents(home, UPLOADS)[photo] == b"second"
        assert "no such version" in running.red("restore_spaces", restore_key=photo, restore_version="nope").printed

        home.delete_object(Bucket=UPLOADS, Key=letter)
        running.green("restore_spaces", restore_all="true")
        assert running.report("restored")["restored"] == 1
        whole = contents(home, UPLOADS)
        assert whole[letter] == b"letter"

        running.green("replicate_spaces")
        empty(home, UPLOADS)
        home.put_object(Bucket=UPLOADS, Key=other, Body=b"made since")
        lost = running.green("restore_spaces", "-v", env=KEYLESS, restore_all="true", restore_from="replica")
        assert contents(home, UPLOADS) == {**whole, other: b"made since"}
        assert running.report("restored")["restored"] == 3
        assert keys(running) == before

        home.put_bucket_versioning(Bucket=UPLOADS, VersioningConfiguration={"Status": "Suspended"})
        try:
            refused = running.red("restore_spaces", restore_key=photo)
            assert "does not keep versions, nothing was done" in refused.printed
        finally:
            home.put_bucket_versioning(Bucket=UPLOADS, VersioningConfiguration={"Status": "Enabled"})
        assert not any(PATIENT in run.printed for run in (would, done, again, lost, refused))
        assert not any(PATIENT in path.read_text() for path in running.reports.glob("*restored*"))
        assert away.get_bucket_location(Bucket=REPLICA)["LocationConstraint"] == AWAY
