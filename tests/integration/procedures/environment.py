# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment that procedures are tried on: built once by `site.yml`, with software behind it and patients."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.integration.harness.ansible import Played
from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

OURS = "127.0.0.1"
APP = "fisioflow-local"
CLUSTER = "fisioflow-local-postgresql"
# Data of patients, which no report, log, name or address may tell.
SENTINELS = ("Sentinela Maria das Dores", "sentinel.patient@clinic.example")


@dataclass
class Environment:
    """What a test of a procedure works with; it leaves the environment as it has found it."""

    api: Api
    built: Played
    runs: list[Played] = field(default_factory=list)

    @property
    def cloud(self) -> LocalCloud:
        return self.api.cloud

    @property
    def reports(self) -> Path:
        return self.cloud.home.parent / "reports"

    def run(
        self,
        procedure: str,
        *options: str,
        env: dict[str, str] | None = None,
        before: dict[str, list[dict[str, Any]]] | None = None,
        **variables: Any,
    ) -> Played:
        """One run of a procedure, which tells no patient's datum whatever comes of it."""
        given = {**PROVIDED, **(env or {})}
        found = playbook(self.cloud, f"playbooks/{procedure}", *options, env=given, variables=variables, before=before)
        self.runs.append(found)
        self.assert_nothing_told(found.printed)
        return found

    def green(self, procedure: str, *options: str, env: dict[str, str] | None = None, **variables: Any) -> Played:
        found = self.run(procedure, *options, env=env, **variables)
        assert found.returncode == 0, found.printed[-6000:]
        return found

    def red(self, procedure: str, *options: str, **given: Any) -> Played:
        """A run that ends with exit code 2; `given` as `run` takes it."""
        found = self.run(procedure, *options, **given)
        assert found.returncode == 2, found.printed[-6000:]
        return found

    def assert_nothing_told(self, printed: str) -> None:
        told = {"output": printed}
        told |= {str(path): path.read_text(errors="replace") for path in self.reports.rglob("*") if path.is_file()}
        told |= {"journal": json.dumps(self.cloud.admin.journal(0))}
        places = [name for name, text in told.items() if any(sentinel in text for sentinel in SENTINELS)]
        assert places == [], "data of patients in: " + ", ".join(places)

    def report(self, name: str) -> dict[str, Any]:
        """The figures of the newest report whose file's name has `name` in it."""
        newest = max(self.reports.glob(f"*{name}*.json"), key=lambda path: path.stat().st_mtime)
        found: dict[str, Any] = json.loads(newest.read_text())
        return found

    # ── The app ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def app(self, name: str = APP) -> dict[str, Any]:
        found = self.api.ok("GET", "/apps")["apps"]
        return next(row for row in found if row["spec"]["name"] == name)

    def active(self) -> str:
        """The id of the deployment that visitors get."""
        return str(self.app()["active_deployment"]["id"])

    # ── The database ─────────────────────────────────────────────────────────────────────────────────────────────────

    def cluster(self, name: str = CLUSTER) -> dict[str, Any]:
        found = self.api.ok("GET", "/databases")["databases"]
        return next(row for row in found if row["name"] == name)

    def sources(self, name: str = CLUSTER) -> list[str]:
        """Who is let into a cluster."""
        rules = self.api.ok("GET", f"/databases/{self.cluster(name)['id']}/firewall")["rules"]
        return [rule["value"] for rule in rules]

    def ask(self, *queries: str, user: str = "fisioflow_owner", cluster: str = CLUSTER) -> list[Any]:
        """The rows of the last query; for that moment the test is let in, beside who is."""
        there = self.cluster(cluster)
        path = f"/databases/{there['id']}/firewall"
        before = self.api.ok("GET", path)["rules"]
        if OURS not in [rule["value"] for rule in before]:
            self.api.ok("PUT", path, {"rules": [*before, {"type": "ip_addr", "value": OURS}]})
        users = self.api.ok("GET", f"/databases/{there['id']}/users")["users"]
        try:
            with psycopg.connect(
                host=there["connection"]["host"],
                port=there["connection"]["port"],
                dbname="fisioflow",
                user=user,
                password=next(row["password"] for row in users if row["name"] == user),
                sslmode="verify-full",
                sslrootcert=self.cloud.ca,
                autocommit=True,
            ) as opened:
                for query in queries:
                    cursor = opened.execute(query.encode())
                return cursor.fetchall() if cursor.description else []
        finally:
            self.api.ok("PUT", path, {"rules": before})


def built(cloud: LocalCloud) -> Environment:
    """By `site.yml`, with patients of whom nothing may be told."""
    api = Api(cloud)
    played = playbook(cloud, "site", env=PROVIDED)
    assert played.returncode == 0, played.printed[-6000:]
    found = Environment(api, played)
    found.ask(
        f"INSERT INTO patients (name) SELECT '{SENTINELS[0]} ' || n || ' {SENTINELS[1]}' FROM generate_series(1, 200) n"
    )
    return found
