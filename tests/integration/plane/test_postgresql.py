# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostgreSQL cluster of the API is a server that can be connected to, by whom the API says."""

from __future__ import annotations

import signal
import socket
import ssl
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import trustme

from tests.integration.plane.conftest import Clusters, until
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud, emptied, start_localcloud

pytestmark = pytest.mark.xdist_group("plane")

JSON = dict[str, Any]
ME = [{"type": "ip_addr", "value": "127.0.0.1"}]


class Cluster:
    """A cluster or replica of the API, and how to connect to it."""

    def __init__(self, api: Api, id: str, **login: str) -> None:
        self.api, self.id, self.login = api, id, login

    def read(self) -> JSON:
        found: JSON = self.api.ok("GET", f"/databases/{self.id}")["database"]
        return found

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        return self.api.ok(method, f"/databases/{self.id}{path}", body)

    def by(self, user: str, password: str, database: str) -> Cluster:
        return Cluster(self.api, self.id, user=user, password=password, dbname=database)

    def connect(self, **more: Any) -> psycopg.Connection[Any]:
        given = self.read()["connection"]
        login = {"user": given["user"], "password": given["password"], "dbname": given["database"], **self.login}
        verified = {"sslmode": "verify-full", "sslrootcert": self.api.cloud.ca}
        return psycopg.connect(
            **{"host": given["host"], "port": given["port"], **verified, **login, **more}, autocommit=True
        )

    def ask(self, query: str, **more: Any) -> list[Any]:
        """The first column of the answer."""
        with self.connect(**more) as connection:
            cursor = connection.execute(query.encode())
            return [row[0] for row in cursor.fetchall()] if cursor.description else []

    def refusal(self, **more: Any) -> str:
        with pytest.raises(psycopg.OperationalError) as caught:
            self.connect(**more)
        return str(caught.value)

    def user(self, name: str, database: str = "defaultdb") -> Cluster:
        made = self.ok("POST", "/users", {"name": name})["user"]
        return self.by(name, made["password"], database)


@pytest.fixture(scope="module")
def clusters(localcloud_with_software: LocalCloud) -> Iterator[Clusters]:
    """Emptied once: the tests here share a cluster, since each takes its time."""
    with emptied(localcloud_with_software) as cloud:
        api = Api(cloud)
        yield Clusters(api)
        api.session.close()


@pytest.fixture(scope="module")
def cluster(clusters: Clusters) -> Cluster:
    return Cluster(clusters.api, clusters.create("pg", name="wire")["id"])


def test_it_is_reached_as_the_api_says(cluster: Cluster) -> None:
    given = cluster.read()["connection"]
    assert given["port"] == 25060
    assert cluster.ask("SELECT current_user || ' ' || current_database()") == ["doadmin defaultdb"]
    with psycopg.connect(given["uri"]) as plain:
        assert plain.pgconn.ssl_in_use


def test_its_certificate_bears_its_names(cluster: Cluster, tmp_path: Path) -> None:
    given = cluster.read()["connection"]
    for name in ("localhost", "wire-do-user-19081923-0.{}.db.ondigitalocean.com"):
        zone = cluster.api.admin.call("GET", "state")["world"]["tables"]["databases"][cluster.id]["_zone"]
        assert cluster.ask("SELECT 1", host=name.format(zone), hostaddr=given["host"]) == [1]
    assert "does not match" in cluster.refusal(host="db.example.com", hostaddr=given["host"])
    trustme.CA().cert_pem.write_to_path(tmp_path / "another.pem")
    assert "certificate verify failed" in cluster.refusal(sslrootcert=str(tmp_path / "another.pem"))


def test_only_tls_is_spoken(cluster: Cluster) -> None:
    assert "no encryption" in cluster.refusal(sslmode="disable")


def test_doadmin_is_no_superuser(cluster: Cluster) -> None:
    flags = "rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
    with cluster.connect() as connection:
        found = connection.execute(f"SELECT {flags} FROM pg_roles WHERE rolname = 'doadmin'".encode()).fetchone()
        assert found == (False, True, True, True, True)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("COPY (SELECT 1) TO PROGRAM 'true'")
        for extension in ("pg_stat_statements", "pgcrypto", "pg_trgm"):
            connection.execute(f"CREATE EXTENSION {extension}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE EXTENSION file_fdw")
    assert "rejects" in cluster.refusal(user="postgres", password="x")


def test_users_and_databases_are_those_of_the_api(cluster: Cluster) -> None:
    cluster.ok("POST", "/dbs", {"name": "clinic"})
    app = cluster.user("app", "clinic")
    assert app.ask("SELECT current_user || ' ' || current_database()") == ["app clinic"]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.ask("CREATE TABLE public.notes (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.ask("CREATE ROLE mighty SUPERUSER")
    with cluster.connect(dbname="clinic") as admin:
        admin.execute("GRANT app TO CURRENT_USER")
        admin.execute("CREATE SCHEMA app AUTHORIZATION app")
    app.ask("CREATE TABLE app.notes AS SELECT 7 AS id")
    password = cluster.ok("POST", "/users/app/reset_auth", {})["user"]["password"]
    assert "authentication failed" in app.refusal()
    app = cluster.by("app", password, "clinic")
    assert app.ask("SELECT rolreplication FROM pg_roles WHERE rolname = 'app'") == [False]
    cluster.ok("PUT", "/users/app", {"settings": {"pg_allow_replication": True}})
    assert app.ask("SELECT rolreplication FROM pg_roles WHERE rolname = 'app'") == [True]
    cluster.ok("DELETE", "/users/app")
    assert "authentication failed" in app.refusal()
    assert cluster.ask("SELECT id FROM app.notes", dbname="clinic") == [7]
    cluster.ok("DELETE", "/dbs/clinic")
    assert "does not exist" in cluster.refusal(dbname="clinic")


def test_what_is_changed_on_the_server_stays(cluster: Cluster) -> None:
    """The API's next change does not undo it."""
    own = cluster.user("own")
    with cluster.connect() as admin:
        admin.execute("ALTER ROLE own PASSWORD 'of-our-own'")
        admin.execute("CREATE ROLE beside LOGIN PASSWORD 'beside'")
    cluster.ok("POST", "/users", {"name": "another"})
    assert "authentication failed" in own.refusal()
    assert cluster.by("own", "of-our-own", "defaultdb").ask("SELECT 1") == [1]
    assert cluster.by("beside", "beside", "defaultdb").ask("SELECT 1") == [1]


def first_words(cluster: Cluster, source: str) -> bytes:
    """What the server says first, over TLS, to one who connects from that address: ``R`` asks for a password."""
    given = cluster.read()["connection"]
    start = struct.pack("!I", 196608) + b"user\0doadmin\0database\0defaultdb\0\0"
    with socket.create_connection((given["host"], given["port"]), source_address=(source, 0)) as plain:
        plain.sendall(struct.pack("!II", 8, 80877103))
        assert plain.recv(1) == b"S"
        context = ssl.create_default_context(cafile=cluster.api.cloud.ca)
        with context.wrap_socket(plain, server_hostname=given["host"]) as wire:
            wire.sendall(struct.pack("!I", len(start) + 4) + start)
            return wire.recv(1)


def test_trusted_sources_are_enforced_by_address(cluster: Cluster) -> None:
    sources = "127.0.0.1", "127.99.0.1", "127.98.0.1"
    assert [first_words(cluster, source) for source in sources] == [b"R", b"R", b"R"]
    other = {"type": "ip_addr", "value": "127.99.0.1"}
    cluster.ok("PUT", "/firewall", {"rules": [other]})
    assert [first_words(cluster, source) for source in sources] == [b"E", b"R", b"E"]
    assert "rejects connection" in cluster.refusal()
    cluster.ok("PUT", "/firewall", {"rules": [*ME, other]})
    assert [first_words(cluster, source) for source in sources] == [b"R", b"R", b"E"]
    cluster.ok("PUT", "/firewall", {"rules": []})
    assert cluster.ask("SELECT 1") == [1]


def test_what_a_password_is_checked_against_is_nowhere_to_be_read(cluster: Cluster) -> None:
    cluster.ok("PATCH", "/config", {"config": {"log_min_duration_statement": 0}})
    cluster.user("secretive")
    cluster.ask("SELECT 'is heard'")
    with cluster.connect() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        seen = "SELECT count(*) FROM pg_stat_statements WHERE query LIKE '%SCRAM-%' AND query NOT LIKE '%pg_stat%'"
        assert connection.execute(seen.encode()).fetchone() == (0,)
    log = "\n".join(cluster.api.admin.log(f"postgresql/{cluster.id}", 1000))
    assert "is heard" in log
    assert "SCRAM-SHA-256$" not in log


def test_configuration_takes_effect(cluster: Cluster) -> None:
    wanted = {"work_mem": 16, "log_min_duration_statement": 5000, "max_locks_per_transaction": 128}
    cluster.ok("PATCH", "/config", {"config": wanted})
    shown = [cluster.ask(f"SHOW {name}")[0] for name in wanted]
    assert shown == ["16MB", "5s", "128"]


def test_connections_are_limited_by_size_and_grow_with_it(cluster: Cluster) -> None:
    app = cluster.user("app")
    held = [app.connect() for _number in range(22)]
    assert "reserved for" in app.refusal()
    for connection in held:
        connection.close()
    admin = cluster.api.admin
    admin.settings(speed="real")
    cluster.ok("PUT", "/resize", {"size": "db-s-1vcpu-2gb", "num_nodes": 1})
    assert (cluster.read()["status"], cluster.ask("SHOW max_connections")) == ("resizing", ["50"])
    admin.settings(speed="instant")
    admin.advance(3600)
    assert cluster.read()["status"] == "online"


@pytest.fixture(scope="module")
def advanced(clusters: Clusters) -> Cluster:
    """Standard clusters get no replica from 2026-11-30 on."""
    made = clusters.create("advanced_pg", name="advanced", size="gd-2vcpu-8gb")
    return Cluster(clusters.api, made["id"])


def test_the_advanced_edition_creates_no_extension(advanced: Cluster) -> None:
    with advanced.connect() as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE EXTENSION pg_trgm")
        assert connection.execute("SELECT count(*) >= 0 FROM pg_stat_statements").fetchone() == (True,)
    parameters = {"work_mem": "1024", "archive_command": "false", "max_wal_size": "64MB"}
    advanced.ok("PATCH", "/config", {"config": {"pg_parameters": parameters}})
    assert advanced.ask("SHOW work_mem") == ["1MB"]
    advanced.ok("PATCH", "/config", {"config": {"pg_parameters": {"random_page_cost": "cheap", "work_mem": "2048"}}})
    assert [advanced.ask(f"SHOW {name}")[0] for name in ("work_mem", "random_page_cost")] == ["2MB", "4"]


def test_a_replica_follows_and_becomes_a_cluster_of_its_own(advanced: Cluster, clusters: Clusters) -> None:
    cluster = advanced
    until(lambda: cluster.ok("GET", "/backups")["backups"], "a first backup")
    cluster.ask("CREATE TABLE followed AS SELECT 1 AS id")
    made = cluster.ok("POST", "/replicas", {"name": "follower", "size": cluster.read()["size"]})["replica"]
    replica = Cluster(cluster.api, clusters.online(made["id"])["id"])
    cluster.ask("INSERT INTO followed VALUES (2)")
    until(lambda: replica.ask("SELECT id FROM followed ORDER BY id") == [1, 2], "the replica follows")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        replica.ask("INSERT INTO followed VALUES (3)")
    replica.ok("PUT", "/firewall", {"rules": [{"type": "ip_addr", "value": "127.99.0.1"}]})
    assert "rejects connection" in replica.refusal()
    assert cluster.ask("SELECT 1") == [1]
    replica.ok("PUT", "/firewall", {"rules": []})
    cluster.ok("PUT", "/replicas/follower/promote")
    replica.ask("INSERT INTO followed VALUES (3)")
    assert cluster.ask("SELECT max(id) FROM followed") == [2]
    assert replica.user("later").ask("SELECT current_user") == ["later"]


def test_a_backup_has_the_data_of_its_moment(cluster: Cluster, clusters: Clusters) -> None:
    def backups() -> list[str]:
        return [backup["created_at"] for backup in cluster.ok("GET", "/backups")["backups"]]

    until(backups, "a first backup")
    app = cluster.user("restored")
    cluster.ask("CREATE TABLE dated AS SELECT 1 AS id")
    before = backups()
    cluster.api.admin.advance(2 * 86_400)
    until(lambda: len(backups()) > len(before) + 1, "two more backups")
    cluster.ask("INSERT INTO dated VALUES (2)")

    def restored(name: str, **moment: str) -> Cluster:
        source = {"database_name": cluster.read()["name"], **moment}
        return Cluster(
            cluster.api, clusters.create("pg", name=name, size="db-s-1vcpu-2gb", backup_restore=source)["id"]
        )

    old, older = restored("old", backup_created_at=backups()[-1]), restored("older", backup_created_at=backups()[-2])
    assert [old.ask("SELECT id FROM dated"), older.ask("SELECT id FROM dated")] == [[1], [1]]
    assert restored("present").ask("SELECT id FROM dated ORDER BY id") == [1, 2]
    assert "authentication failed" in old.refusal(password=cluster.read()["connection"]["password"])
    assert Cluster(old.api, old.id, **app.login).ask("SELECT current_user") == ["restored"]


def test_a_backup_that_is_cut_short_is_taken_again(clusters: Clusters) -> None:
    made = clusters.create("pg", name="cut")
    cluster = Cluster(clusters.api, made["id"])
    # It needs a restart, before the first backup can be there.
    cluster.ok("PATCH", "/config", {"config": {"max_locks_per_transaction": 128}})
    until(lambda: cluster.ok("GET", "/backups")["backups"], "a first backup")
    cluster.ok("DELETE", "")


def test_nothing_runs_behind_seeds(clusters: Clusters) -> None:
    admin = clusters.api.admin
    admin.seed(databases=2)
    names = {row["name"]: row["id"] for row in clusters.api.ok("GET", "/databases")["databases"]}
    runs = " ".join(run["key"] for run in admin.status()["runs"])
    assert [names[f"other-team-{number:02}"] in runs for number in (1, 2)] == [False, False]
    source = {"database_name": "other-team-01"}
    made = clusters.create("pg", name="from-a-record", region="nyc3", backup_restore=source)
    assert Cluster(clusters.api, made["id"]).ask("SELECT current_user") == ["doadmin"]


def test_a_server_that_is_killed_comes_back_with_its_data(cluster: Cluster, clusters: Clusters) -> None:
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
        connection.execute("INSERT INTO kept VALUES (2)")
        clusters.killed(cluster.id, signal.SIGKILL)
    assert cluster.ask("SELECT id FROM kept ORDER BY id") == [1, 2]


def test_a_cluster_that_is_deleted_leaves_nothing(clusters: Clusters) -> None:
    cluster = Cluster(clusters.api, clusters.create("pg", name="gone")["id"])
    process = Path(f"/proc/{clusters.pids(cluster.id)['primary']}")
    room = (process / "cwd").readlink().parent
    assert room.name == cluster.id
    cluster.ok("DELETE", "")
    assert not process.exists()
    assert not room.exists()


def test_data_outlives_an_instance_that_keeps_its_state(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with start_localcloud(home, "--keep-state", records_only=False) as cloud:
        clusters = Clusters(Api(cloud))
        id = clusters.create("pg", name="kept")["id"]
        cluster = Cluster(clusters.api, id)
        cluster.ask("CREATE TABLE kept AS SELECT 1 AS id")
        cluster.user("app").ask("ALTER ROLE app PASSWORD 'of-our-own'")
        address = cluster.read()["connection"]["host"]
    with start_localcloud(home, records_only=False) as cloud:
        clusters = Clusters(Api(cloud))
        cluster = Cluster(clusters.api, id)
        until(lambda: clusters.pids(id), "it is up again")
        assert cluster.read()["connection"]["host"] == address
        assert cluster.ask("SELECT id FROM kept") == [1]
        assert cluster.by("app", "of-our-own", "defaultdb").ask("SELECT 1") == [1]
        process = Path(f"/proc/{clusters.pids(id)['primary']}")
        room = (process / "cwd").readlink().parent
        cloud.process.kill()
        until(lambda: not process.exists(), "the server ends with its instance")
        assert room.exists()
        (home / "state.json").unlink()
    with start_localcloud(home, records_only=False):
        assert not room.exists()


def test_its_metrics_are_those_of_the_server(cluster: Cluster) -> None:
    cluster.ok("POST", "/dbs", {"name": "measured"})
    own = cluster.api.ok("GET", "/databases/metrics/credentials")["credentials"]
    login = own["basic_auth_username"], own["basic_auth_password"]
    node = cluster.read()["metrics_endpoints"][0]["host"]
    at = cluster.api.cloud.env["DATABASE_METRICS_URL"].format(host=node)

    def told() -> dict[str, float]:
        answer = cluster.api.session.get(at, auth=login, timeout=30)
        lines = [line.split() for line in answer.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    measured = 'postgresql_numbackends{db="measured"}'
    before = until(lambda: (found := told()).get(measured) == 0 and found, "the database is told of")
    held = [cluster.connect(dbname="measured") for _number in range(3)]
    held[0].execute("CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 200000)")
    disk = 'disk_used_percent{path="/data"}'
    after = until(
        lambda: (found := told())[measured] == 3 and found[disk] > before[disk] + 1 and found,
        "the connections and what they wrote are told of",
    )
    for connection in held:
        connection.close()
    assert 0 < 100 - after["mem_available_percent"] < 50
