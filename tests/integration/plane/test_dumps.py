# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dumps of a real server in a real bucket: what they hold, what they are worth, and what comes back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import programs
from tests.integration.harness.steps import fault
from tests.integration.plane.clinic import BUCKET, JSON, SENTINEL, Clinic, opened
from tests.localcloud_fixtures import LocalCloud

pytestmark = pytest.mark.xdist_group("plane")


@pytest.fixture(scope="module")
def clinic(localcloud_with_software: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with opened(localcloud_with_software, tmp_path_factory.mktemp("dumps")) as found:
        yield found


@pytest.fixture(scope="module")
def dumped(clinic: Clinic) -> JSON:
    return clinic.dump()


def test_a_dump_is_encrypted_to_several_and_comes_back_as_it_was(clinic: Clinic, dumped: JSON) -> None:
    name = dumped["name"]
    assert [f"{name}.dump.age", f"{name}.json"] == [key for key in clinic.stored() if key.startswith(name)]
    content = clinic.content(f"{name}.dump.age")
    assert content.startswith(b"age-encryption.org/v1")
    assert len(content) == dumped["bytes"] > 100_000
    manifest = json.loads(clinic.content(f"{name}.json"))
    assert SENTINEL not in json.dumps(manifest) + json.dumps(dumped)
    assert {row["table"]: row["rows"] for row in manifest["tables"]} == {
        "Odd one.visits_2026": 100,
        "public._migrations": 2,
        "public.clinics": 2,
        "public.empty": 0,
        "public.patients": 3000,
    }
    assert manifest["migration"] == "0002_second"
    assert manifest["recipients"] == clinic.recipients

    for number in (0, 1):
        other = clinic.empty_database()
        back = clinic.do("database_restore", name=name, database=other, identity_file=str(clinic.identity(number)))
        assert back.status == "ok", back.message
        assert back.result["database_restore"]["tables"] == manifest["tables"]
        assert clinic.rows(other) == clinic.rows()
    # A run that was killed right behind it finds it done.
    again = clinic.do("database_restore", name=name, database=other)
    assert (again.status, again.result.get("changed")) == ("ok", False), again.message
    assert again.result["database_restore"]["tables"] == manifest["tables"]
    with clinic.connect(other) as connection:
        connection.execute("DELETE FROM empty; INSERT INTO empty VALUES (1)")
    assert "restore into an empty one" in clinic.do("database_restore", name=name, database=other).message
    assert [row["name"] for row in clinic.infos(cluster="", name=name)] == [name]
    assert clinic.infos(cluster="", name=name[:-1]) == []


def test_an_extension_of_somebody_else_is_no_obstacle(clinic: Clinic) -> None:
    """Only its owner may comment on it, as the dump does."""
    source, other = clinic.empty_database(), clinic.empty_database()
    for database in (source, other):
        with clinic.connect(database) as connection:
            connection.execute("CREATE EXTENSION pgcrypto")
    with clinic.connect(source) as connection:
        connection.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    with clinic.connect(other) as connection:
        connection.execute("CREATE ROLE keeper LOGIN PASSWORD 'keeper4keeper'")
        connection.execute(f"GRANT ALL ON DATABASE {other} TO keeper".encode())
        connection.execute("GRANT ALL ON SCHEMA public TO keeper")
    dump = clinic.dump(database=source)
    login: JSON = {"database": other, "user": "keeper", "password": "keeper4keeper"}
    back = clinic.do("database_restore", name=dump["name"], **login)
    assert back.status == "ok", back.message
    assert back.result["database_restore"]["tables"] == dump["tables"]


def test_the_manifest_is_of_the_very_moment_that_is_dumped(clinic: Clinic, tmp_path: Path) -> None:
    """Somebody writes after the snapshot was taken, and before pg_dump looks."""
    told = tmp_path / "told"
    insert = "INSERT INTO clinics VALUES (3, 'Novo'); UPDATE patients SET name = 'changed' WHERE id = 1"
    psql = Path(programs.find("psql", 16, ""))
    before = clinic.rows()
    script = f'echo "$@" > {told}; env >> {told}; {psql} -q -c "{insert}" >> {told} 2>&1; exec $real "$@"'
    found = clinic.dump(programs=clinic.program("pg_dump", script))
    try:
        assert "--snapshot=" in told.read_text()
        # Of the environment alone, which nobody else may read.
        assert clinic.login["password"] not in told.read_text().splitlines()[0]
        assert len(clinic.rows()[2]) == 3
        other = clinic.empty_database()
        back = clinic.do("database_restore", name=found["name"], database=other)
        assert back.status == "ok", back.message
        assert clinic.rows(other) == before
    finally:
        with clinic.connect() as connection:
            connection.execute("DELETE FROM clinics WHERE id = 3")


def test_one_table_comes_back_beside_the_living_one(clinic: Clinic, dumped: JSON) -> None:
    with clinic.connect() as connection:
        connection.execute("UPDATE patients SET name = 'overwritten' WHERE id <= 10")
    for _again in range(2):
        back = clinic.do("database_restore", name=dumped["name"], table="public.patients", into_schema="From the dump")
        assert back.status == "ok", back.message
        wanted = next(row for row in dumped["tables"] if row["table"] == "public.patients")
        assert back.result["database_restore"]["tables"] == [wanted]
    with clinic.connect() as connection:
        count = 'SELECT count(*) FROM "From the dump".patients o JOIN patients p USING (id) WHERE o.name <> p.name'
        assert (connection.execute(count).fetchone() or [0])[0] >= 10
        connection.execute('DROP SCHEMA "From the dump" CASCADE')
        connection.execute("ALTER TABLE clinics ADD COLUMN city text")
        connection.execute("ALTER TABLE clinics DROP COLUMN name")
    try:
        # As it was dumped, whatever has become of it.
        back = clinic.do("database_restore", name=dumped["name"], table="public.clinics", into_schema="From the dump")
        assert back.status == "ok", back.message
        with clinic.connect() as connection:
            rows = connection.execute('TABLE "From the dump".clinics').fetchall()
            assert rows == [(1, "Centro"), (2, "Praia")]
            connection.execute('DROP SCHEMA "From the dump" CASCADE')
        none = clinic.do("database_restore", name=dumped["name"], table="public.none", into_schema="other")
        assert "holds no table public.none" in none.message
        with clinic.connect() as connection:
            assert connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'other'").fetchone() is None
    finally:
        with clinic.connect() as connection:
            connection.execute("ALTER TABLE clinics ADD COLUMN name text")
            connection.execute("UPDATE clinics SET name = CASE id WHEN 1 THEN 'Centro' ELSE 'Praia' END")
            connection.execute("ALTER TABLE clinics DROP COLUMN city")


def test_a_table_that_no_restore_has_made_is_left_alone(clinic: Clinic, dumped: JSON) -> None:
    with clinic.connect() as connection:
        connection.execute("CREATE SCHEMA living")
        connection.execute("CREATE TABLE living.patients AS SELECT 7 AS seven")
    try:
        for schema in ("living", "public"):
            refused = clinic.do("database_restore", name=dumped["name"], table="public.patients", into_schema=schema)
            assert f"{schema}.patients is there already, and no restore has made it" in refused.message
        with clinic.connect() as connection:
            assert connection.execute("TABLE living.patients").fetchall() == [(7,)]
        assert len(clinic.rows()[0]) == 3000
    finally:
        with clinic.connect() as connection:
            connection.execute("DROP SCHEMA living CASCADE")


def test_what_is_no_whole_dump_is_refused_and_leaves_the_database_empty(clinic: Clinic, dumped: JSON) -> None:
    other, name = clinic.empty_database(), "clinic-pg/defaultdb/20200101T000000Z"
    good = clinic.content(f"{dumped['name']}.dump.age")
    manifest = json.loads(clinic.content(f"{dumped['name']}.json"))

    def kept(content: bytes | None, told: Any = None) -> None:
        clinic.s3.delete_object(Bucket=BUCKET, Key=f"{name}.json")
        clinic.s3.delete_object(Bucket=BUCKET, Key=f"{name}.dump.age")
        if content is not None:
            clinic.s3.put_object(Bucket=BUCKET, Key=f"{name}.dump.age", Body=content)
        if told is not None:
            body = told if isinstance(told, bytes) else json.dumps(told).encode()
            clinic.s3.put_object(Bucket=BUCKET, Key=f"{name}.json", Body=body)

    middle = len(good) // 2
    flipped = good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :]
    foreign = pyrage.encrypt(
        b"PGDMP", [pyrage.x25519.Identity.from_str(clinic.identity(0).read_text().split()[-1]).to_public()]
    )
    fewer = [{**row, "rows": 7} if row["table"] == "public.clinics" else row for row in manifest["tables"]]
    other_rows = [{**row, "checksum": "7"} if row["table"] == "public.patients" else row for row in manifest["tables"]]
    for content, told, words in (
        (flipped, manifest, "is corrupt"),
        (good[:-20], manifest, "bytes instead of"),
        (good, {**manifest, "sha256": "0" * 64}, "its checksum is not that of its manifest"),
        (good, None, "has no manifest"),
        (None, manifest, "is not there itself"),
        (good, b"{", "is none: it is corrupt"),
        (good, {**manifest, "format": 2}, "is of format 2"),
        (
            foreign,
            {**manifest, "bytes": len(foreign), "sha256": hashlib.sha256(foreign).hexdigest()},
            "could not read from input file",
        ),
    ):
        kept(content, told)
        refused = clinic.do("database_restore", name=name, database=other)
        assert words in refused.message, (words, refused.message)
        assert SENTINEL not in refused.message
        assert clinic.tables_in(other) == 0, words
        (row,) = [
            row for row in clinic.infos(check="archive", identity_file=str(clinic.identity(0))) if row["name"] == name
        ]
        assert (row["complete"], words in row["problem"]) == (False, True), (words, row["problem"])
    kept(good, manifest)
    stranger = clinic.do("database_restore", name=name, database=other, identity_file=str(clinic.identity(2)))
    assert "was encrypted to others" in stranger.message
    (row,) = clinic.infos(check="archive", identity_file=str(clinic.identity(2)))[-1:]
    assert "was encrypted to others" in row["problem"]
    clinic.identity(2).chmod(0o644)
    assert "chmod 600" in clinic.do("database_restore", name=name, identity_file=str(clinic.identity(2))).message
    none = clinic.do("database_restore", name=name, identity_file=str(clinic.folder / "nowhere"))
    assert "cannot be read" in none.message
    assert clinic.tables_in(other) == 0
    living = clinic.do("database_restore", name=name)
    assert "restore into an empty one" in living.message
    # What differs is named.
    for told, words in (
        (fewer, "The table public.clinics has 2 rows instead of 7"),
        (other_rows, "its checksum differs"),
    ):
        kept(good, {**manifest, "tables": told})
        assert words in clinic.do("database_restore", name=name, database=clinic.empty_database()).message
    kept(None)


def test_what_fails_on_the_way_leaves_nothing_that_looks_like_a_dump(clinic: Clinic) -> None:
    before = clinic.stored()
    half = clinic.program("pg_dump", 'head -c 300000 /dev/zero; echo "pg_dump: error: the disk is on fire" >&2; exit 1')
    failed = clinic.do("database_dump", programs=half)
    assert failed.message == "Could not dump the database defaultdb: pg_dump: error: the disk is on fire."
    for path, status in (("/clinic-backups/*.age", 507), ("/clinic-backups/*.age", 403)):
        refused = clinic.do("database_dump", before=fault(f"PUT {path}", kind="status", status=status, port="spaces"))
        assert str(status) in refused.message, refused.message
        clinic.cloud.admin.clear_faults()
    nobody = clinic.do("database_dump", password="wrong")
    assert "authentication failed" in nobody.message
    denied = clinic.do("database_dump", bucket="nobodys-bucket")
    assert "nobodys-bucket" in denied.message or "NoSuchBucket" in denied.message
    old = clinic.folder / "old"
    old.mkdir()
    (old / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    (old / "pg_dump").chmod(0o755)
    assert "the newest that there is is of 9" in clinic.do("database_dump", programs=str(old)).message
    assert "begins with age1" in clinic.do("database_dump", recipients=["age1nonsense"]).message
    assert "makes a pair" in clinic.do("database_dump", recipients=[]).message
    assert clinic.stored() == before
    assert not clinic.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads")


def test_a_run_removes_what_one_before_has_not_finished(clinic: Clinic, dumped: JSON) -> None:
    half = "clinic-pg/defaultdb/20200202T000000Z"
    clinic.s3.put_object(Bucket=BUCKET, Key=f"{half}.dump.age", Body=b"half")
    clinic.s3.put_object(Bucket=BUCKET, Key="other/defaultdb/20200202T000000Z.dump.age", Body=b"somebody else's")
    clinic.s3.create_multipart_upload(Bucket=BUCKET, Key="clinic-pg/defaultdb/20200203T000000Z.dump.age")
    (row,) = [row for row in clinic.infos() if row["name"] == half]
    assert not row["complete"]
    assert "never finished" in row["problem"]
    found = clinic.dump()
    assert found["removed"] == [half, "clinic-pg/defaultdb/20200203T000000Z"]
    assert f"{half}.dump.age" not in clinic.stored()
    assert "other/defaultdb/20200202T000000Z.dump.age" in clinic.stored()
    assert not clinic.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads")
    assert {found["name"], dumped["name"]} <= {row["name"] for row in clinic.infos() if row["complete"]}


def test_check_mode_connects_to_nothing_and_age_goes_by_the_clouds_clock(clinic: Clinic, dumped: JSON) -> None:
    assert clinic.do("database_dump", dry=True, host="127.0.0.1", port=9).result["changed"]
    would = clinic.do("database_restore", dry=True, name=dumped["name"], host="127.0.0.1", port=9)
    assert would.result["database_restore"]["migration"] == "0002_second"
    young = clinic.infos(check="checksum", limit=1)
    assert young[0]["complete"]
    assert young[0]["age_hours"] < 1
    clinic.cloud.admin.advance(30 * 3600)
    assert 30 <= clinic.infos(limit=1)[0]["age_hours"] < 31
