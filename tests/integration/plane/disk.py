# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of the API, and how full its disk is."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.integration.plane.conftest import Clusters
from tests.localcloud_api import Api

# A megabyte that PostgreSQL does not make smaller.
PIECE = "repeat(md5(random()::text), 32768)"
TABLE = "CREATE TABLE IF NOT EXISTS kept (id serial, text text STORAGE EXTERNAL)"


class Disk:
    def __init__(self, clusters: Clusters, **more: Any) -> None:
        self.api: Api = clusters.api
        self.cluster = clusters.create("pg", name="full", **more)
        self.path = f"/databases/{self.cluster['id']}"
        self.acknowledged = 0

    def connect(self, **more: Any) -> psycopg.Connection[Any]:
        uri = self.cluster["connection"]["uri"].partition("?")[0]
        return psycopg.connect(uri, sslmode="verify-full", sslrootcert=self.api.cloud.ca, autocommit=True, **more)

    def fill(self) -> str:
        """Write, by the connection that one has, until that is refused: the refusal."""
        with self.connect() as sql:
            sql.execute(TABLE)
            for _piece in range(600):
                try:
                    sql.execute(f"INSERT INTO kept (text) VALUES ({PIECE})".encode())
                except psycopg.errors.ReadOnlySqlTransaction as error:
                    return str(error)
                self.acknowledged += 1
        raise AssertionError("it is never full")

    def writes(self) -> bool:
        try:
            with self.connect() as sql:
                sql.execute("CREATE TABLE IF NOT EXISTS after (id int)")
        except psycopg.errors.ReadOnlySqlTransaction:
            return False
        return True

    def kept(self) -> int:
        with self.connect() as sql:
            row = sql.execute("SELECT count(text) FROM kept").fetchone()
        return int(row[0]) if row else -1

    def mebibytes(self) -> int:
        size: int = self.api.ok("GET", self.path)["database"]["storage_size_mib"]
        return size

    def alerts(self) -> str:
        file = self.api.cloud.home / "alerts.jsonl"
        return file.read_text() if file.exists() else ""

    def told(self) -> float:
        """Per cent of the disk that is used, as the metrics have it."""
        own = self.api.ok("GET", "/databases/metrics/credentials")["credentials"]
        at = self.api.cloud.env["DATABASE_METRICS_URL"].format(host=self.cluster["metrics_endpoints"][0]["host"])
        login = (own["basic_auth_username"], own["basic_auth_password"])
        lines = self.api.session.get(at, auth=login, timeout=30).text.splitlines()
        return float(next(line for line in lines if line.startswith("disk_used_percent")).rpartition(" ")[2])
