# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In the database each user may do what it is for and no more, and the control node is in it for a moment only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.integration.harness.playbooks import PROVIDED, in_background, playbook
from tests.integration.plane.conftest import until
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud, emptied

pytestmark = pytest.mark.xdist_group("plane")

OURS = "127.0.0.1"
PLAYBOOK = "playbooks/provision"
CLUSTER = "fisioflow-local-postgresql"


class Database:
    """The environment's database, reached as one of its users."""

    def __init__(self, api: Api) -> None:
        self.api = api

    @property
    def cluster(self) -> dict[str, Any]:
        found = self.api.ok("GET", "/databases")["databases"]
        return next(row for row in found if row["name"] == CLUSTER)

    @property
    def sources(self) -> list[str]:
        rules = self.api.ok("GET", f"/databases/{self.cluster['id']}/firewall")["rules"]
        return [rule["value"] for rule in rules]

    @property
    def marks(self) -> list[str]:
        return [tag for tag in self.cluster["tags"] or [] if "-privileges-" in tag]

    def let_in(self, *addresses: str) -> None:
        rules = [{"type": "ip_addr", "value": value} for value in addresses]
        self.api.ok("PUT", f"/databases/{self.cluster['id']}/firewall", {"rules": rules})

    def ask(self, user: str, *queries: str) -> list[Any]:
        cluster = self.cluster
        connection = cluster["connection"]
        users = self.api.ok("GET", f"/databases/{cluster['id']}/users")["users"]
        with psycopg.connect(
            host=connection["host"],
            port=connection["port"],
            dbname="fisioflow",
            user=user,
            password=next(row["password"] for row in users if row["name"] == user),
            sslmode="verify-full",
            sslrootcert=self.api.cloud.ca,
            autocommit=True,
        ) as opened:
            for query in queries:
                cursor = opened.execute(query.encode())
            return [row[0] for row in cursor.fetchall()] if cursor.description else []

    def is_refused(self, user: str, query: str) -> bool:
        try:
            self.ask(user, query)
        except InsufficientPrivilege:
            return True
        return False


@pytest.fixture(scope="module")
def database(localcloud_with_software: LocalCloud) -> Iterator[Database]:
    """As the playbook has left it; whoever connects lets himself in."""
    with emptied(localcloud_with_software) as cloud:
        api = Api(cloud)
        played = playbook(cloud, PLAYBOOK, env=PROVIDED)
        assert played.returncode == 0, played.printed[-4000:]
        yield Database(api)
        api.session.close()


def test_the_control_node_is_out_again(database: Database) -> None:
    assert OURS not in database.sources
    assert len(database.sources) == 1
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry|rejects connection"):
        database.ask("fisioflow_owner", "SELECT 1")


def test_an_unchanged_run_lets_nobody_in(database: Database) -> None:
    again = playbook(database.api.cloud, PLAYBOOK, env=PROVIDED)
    assert (again.returncode, again.recap["changed"], again.write_list) == (0, 0, []), again.printed[-4000:]


def test_each_user_may_do_what_it_is_for_and_no_more(database: Database) -> None:
    database.let_in(OURS)
    owner, app, backup, people = (f"fisioflow_{name}" for name in ("owner", "app", "backup", "readonly"))
    database.ask(owner, "CREATE TABLE patients (id serial PRIMARY KEY, name text)")
    database.ask(app, "INSERT INTO patients (name) VALUES ('Ana')", "UPDATE patients SET name = 'Bia'")
    for user in (app, backup, people):
        assert database.ask(user, "SELECT name FROM patients") == ["Bia"]
    for user in (app, backup, people):
        assert database.is_refused(user, "CREATE TABLE mine (id int)"), user
        assert database.is_refused(user, "CREATE ROLE another"), user
        assert database.is_refused(user, "DROP TABLE patients"), user
    for user in (backup, people):
        assert database.is_refused(user, "DELETE FROM patients"), user
    cluster = database.cluster["id"]
    database.api.ok("POST", f"/databases/{cluster}/users", {"name": "stranger"})
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        database.ask("stranger", "SELECT 1")


def test_a_user_that_is_made_again_has_its_privileges_again(database: Database) -> None:
    """Also while the cluster still bears the tag of what was said to the one before."""
    marks = database.marks
    database.api.ok("DELETE", f"/databases/{database.cluster['id']}/users/fisioflow_readonly")
    again = playbook(database.api.cloud, PLAYBOOK, env=PROVIDED)
    assert again.returncode == 0, again.printed[-4000:]
    database.let_in(OURS)
    assert database.ask("fisioflow_readonly", "SELECT name FROM patients") == ["Bia"]
    assert database.marks == marks


def test_other_privileges_are_said_anew_also_for_what_is_there(database: Database) -> None:
    """An extension more makes them others; somebody has revoked one meanwhile."""
    before = database.marks
    database.ask("fisioflow_owner", "REVOKE SELECT ON patients FROM fisioflow_backup")
    assert database.is_refused("fisioflow_backup", "SELECT name FROM patients")
    played = playbook(database.api.cloud, PLAYBOOK, env=PROVIDED, variables={"postgresql_extensions": ["pgcrypto"]})
    assert played.returncode == 0, played.printed[-4000:]
    database.let_in(OURS)
    assert database.ask("fisioflow_backup", "SELECT name FROM patients") == ["Bia"]
    assert database.ask("fisioflow_owner", "SELECT extname FROM pg_extension WHERE extname = 'pgcrypto'") == [
        "pgcrypto"
    ]
    assert len(database.marks) == len(before) == 1
    assert database.marks != before
    tags = [tag["name"] for tag in database.api.ok("GET", "/tags")["tags"]]
    assert [tag for tag in tags if "-privileges-" in tag] == database.marks


def test_a_killed_run_leaves_nobody_in_and_the_next_one_makes_up_for_it(database: Database) -> None:
    """What it was at may still be done by its worker, which is in a session of its own."""
    cloud = database.api.cloud
    database.let_in("10.99.0.0/16")
    before = database.marks
    cloud.admin.fault("status", status=503, method="POST", path="/v2/tags")
    with in_background(cloud, PLAYBOOK, "-e", '{"postgresql_extensions": ["citext"]}') as run:
        assert run.wait_until(lambda: OURS in database.sources), run.output.read_text()[-4000:]
        run.kill()
    until(lambda: OURS not in database.sources, "the guard lets the control node out")
    assert database.sources == ["10.99.0.0/16"]
    assert database.marks == before
    cloud.admin.clear_faults()
    again = playbook(cloud, PLAYBOOK, env=PROVIDED, variables={"postgresql_extensions": ["citext"]})
    assert again.returncode == 0, again.printed[-4000:]
    assert database.marks != before
    assert database.sources == ["10.99.0.0/16"]
