# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clinic whose database is dumped: a server with data, a bucket, and keys."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pyrage  # type: ignore[import-untyped]
from botocore.config import Config

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import programs
from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Outcome, Step
from tests.integration.plane.conftest import Clusters
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud, emptied

JSON = dict[str, Any]
SENTINEL = "Sentinela Maria das Dores"
BUCKET = "clinic-backups"
TABLES = f"""
CREATE TABLE clinics (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO clinics VALUES (1, 'Centro'), (2, 'Praia');
CREATE TABLE patients (
    id bigserial PRIMARY KEY, clinic int REFERENCES clinics, name text NOT NULL, born date,
    weight double precision, seen timestamptz, scan bytea, notes jsonb,
    length int GENERATED ALWAYS AS (length(name)) STORED);
INSERT INTO patients (clinic, name, born, weight, seen, scan, notes)
SELECT n % 2 + 1, '{SENTINEL} ' || n || E' \\\\ \\t \\n', date '1950-01-01' + n, n / 7.0, now() - n * interval '1 hour',
       sha256(n::text::bytea), jsonb_build_object('n', n, 'long', repeat(md5(n::text), 4))
FROM generate_series(1, 3000) n;
CREATE SCHEMA "Odd one";
CREATE TABLE "Odd one"."visits-by-day" (day date, note text) PARTITION BY RANGE (day);
CREATE TABLE "Odd one".visits_2026 PARTITION OF "Odd one"."visits-by-day"
    FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO "Odd one"."visits-by-day" SELECT date '2026-01-01' + n, NULL FROM generate_series(0, 99) n;
CREATE TABLE empty (a int);
CREATE TABLE _migrations (name text PRIMARY KEY);
INSERT INTO _migrations VALUES ('0001_first'), ('0002_second');
"""
# Equality by a way of its own, which knows nothing of checksums.
ALL = "SELECT * FROM patients ORDER BY id", 'SELECT * FROM "Odd one"."visits-by-day" ORDER BY day', "TABLE clinics"


@dataclass
class Clinic:
    """A server with data, a bucket, and two pairs of keys."""

    cloud: LocalCloud
    login: JSON
    folder: Path
    s3: Any
    recipients: list[str]
    databases: int = 0

    def connect(self, database: str = "defaultdb") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=self.login["host"], port=self.login["port"], dbname=database, user=self.login["user"],
            password=self.login["password"], sslmode="verify-full", sslrootcert=self.cloud.ca, autocommit=True,
        )  # fmt: skip

    def rows(self, database: str = "defaultdb") -> list[Any]:
        with self.connect(database) as connection:
            return [connection.execute(query.encode()).fetchall() for query in ALL]

    def empty_database(self) -> str:
        self.databases += 1
        name = f"other_{self.databases}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return name

    def tables_in(self, database: str) -> int:
        with self.connect(database) as connection:
            count = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname !~ '^pg_|^inf'").fetchone()
            return int(count[0]) if count else -1

    def do(
        self, module: str, *, dry: bool = False, env: JSON | None = None, before: Any = (), **options: Any
    ) -> Outcome:
        bucket = {"bucket": BUCKET, "region": "fra1"}
        database = {**self.login, "database": "defaultdb", "ca_cert": self.cloud.ca}
        own: JSON = {
            "database_dump": {**database, "cluster": "clinic-pg", "recipients": self.recipients},
            "database_dump_info": {"cluster": "clinic-pg"},
            "database_restore": {**database, "identity_file": str(self.identity(0))},
        }
        given = {**database, **options} if module == "database_restored_table" else {**bucket, **own[module], **options}
        return inside(self.cloud, [Step("it", module, given, check=dry, before=list(before))], env=env)["it"]

    def dump(self, **options: Any) -> JSON:
        done = self.do("database_dump", **options)
        assert done.status == "ok", done.message
        found: JSON = done.result["database_dump"]
        return found

    def infos(self, **options: Any) -> list[JSON]:
        done = self.do("database_dump_info", **options)
        assert done.status == "ok", done.message
        found: list[JSON] = done.result["database_dumps"]
        return found

    def identity(self, number: int) -> Path:
        return self.folder / f"identity{number}"

    def stored(self) -> list[str]:
        return [row["Key"] for row in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def content(self, key: str) -> bytes:
        return bytes(self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def program(self, name: str, script: str) -> str:
        """A folder with a program of that name, a shell script in which `real` is the one of PostgreSQL."""
        folder = self.folder / f"programs-{abs(hash(script))}"
        folder.mkdir(exist_ok=True)
        real = programs.find(name, 16, "")
        for each in ("pg_dump", "pg_restore"):
            path = folder / each
            own = programs.find(each, 16, "")
            path.write_text(f'#!/bin/sh\nexec {own} "$@"\n')
            path.chmod(0o755)
        (folder / name).write_text(
            f'#!/bin/sh\nreal={shlex.quote(real)}\n[ "$1" = --version ] && exec $real --version\n{script}\n'
        )
        return str(folder)


@contextmanager
def opened(there: LocalCloud, folder: Path) -> Iterator[Clinic]:
    pairs = [pyrage.x25519.Identity.generate() for _n in range(3)]
    for number, pair in enumerate(pairs):
        (folder / f"identity{number}").write_text(f"# a comment\n{pair}\n")
        (folder / f"identity{number}").chmod(0o600)
    with emptied(there) as cloud:
        api = Api(cloud)
        cluster = Clusters(api).create("pg")
        api.ok("PUT", f"/databases/{cluster['id']}/firewall", {"rules": [{"type": "ip_addr", "value": "127.0.0.1"}]})
        login = {name: cluster["connection"][name] for name in ("host", "port", "user", "password")}
        s3 = boto3.client(
            "s3", endpoint_url=cloud.spaces_url, region_name="fra1", verify=cloud.ca,
            aws_access_key_id=cloud.env["SPACES_ACCESS_KEY_ID"],
            aws_secret_access_key=cloud.env["SPACES_SECRET_ACCESS_KEY"], config=Config(s3={"addressing_style": "path"}),
        )  # fmt: skip
        s3.create_bucket(Bucket=BUCKET)
        found = Clinic(cloud, login, folder, s3, [str(pair.to_public()) for pair in pairs[:2]])
        with found.connect() as connection:
            connection.execute(TABLES.encode())
        yield found
        s3.close()
        api.session.close()
