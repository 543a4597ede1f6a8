# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection pools on the wire: many clients, few connections, and none that notices the others."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.pq import ExecStatus

from tests.integration.plane.conftest import Clusters, until
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud, emptied

pytestmark = pytest.mark.xdist_group("plane")

Connection = psycopg.Connection[Any]


class Pools:
    """The pools of one cluster of the API."""

    def __init__(self, api: Api, id: str) -> None:
        self.api, self.id, self._count = api, id, 0

    def make(self, **more: Any) -> dict[str, Any]:
        self._count += 1
        wanted = {"mode": "transaction", "size": 1, "db": "defaultdb", "user": "doadmin", **more}
        body = {"name": f"pool-{self._count}", **wanted}
        made: dict[str, Any] = self.api.ok("POST", f"/databases/{self.id}/pools", body)["pool"]
        return made

    def connect(self, pool: dict[str, Any], **more: Any) -> Connection:
        at = pool["connection"]
        login = {"user": at["user"], "password": at["password"], "dbname": at["database"]}
        verified = {"sslmode": "verify-full", "sslrootcert": self.api.cloud.ca}
        given = {"host": at["host"], "port": at["port"], **verified, **login, "autocommit": True, **more}
        return psycopg.connect(**given)

    def refusal(self, pool: dict[str, Any], **more: Any) -> str:
        with pytest.raises(psycopg.OperationalError) as caught:
            self.connect(pool, **more)
        return str(caught.value)

    def drop(self, pool: dict[str, Any]) -> None:
        self.api.ok("DELETE", f"/databases/{self.id}/pools/{pool['name']}")


def asked(connection: Connection, query: str, *values: Any, **more: Any) -> Any:
    """The first value of the answer."""
    row = connection.execute(query.encode(), values or None, **more).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture(scope="module")
def clusters(localcloud_with_software: LocalCloud) -> Iterator[Clusters]:
    with emptied(localcloud_with_software) as cloud:
        api = Api(cloud)
        yield Clusters(api)
        api.session.close()


@pytest.fixture(scope="module")
def pools(clusters: Clusters) -> Pools:
    return Pools(clusters.api, clusters.create("pg", name="pooled")["id"])


@pytest.fixture
def pool(pools: Pools) -> Iterator[dict[str, Any]]:
    """Of one connection, so that its clients get in each other's way as often as they can."""
    made = pools.make()
    yield made
    pools.drop(made)


def test_it_is_reached_by_its_name_on_a_port_of_its_own(pools: Pools, pool: dict[str, Any]) -> None:
    assert pool["connection"]["port"] == 25061
    with pools.connect(pool) as connection:
        assert asked(connection, "SELECT current_database()") == "defaultdb"
        assert asked(connection, "SELECT current_user") == "doadmin"


def test_many_clients_share_few_connections(pools: Pools) -> None:
    pool = pools.make(size=2)
    processes, failures = set(), []

    def work(number: int) -> None:
        try:
            with pools.connect(pool) as connection:
                for _round in range(5):
                    with connection.transaction():
                        processes.add(asked(connection, "SELECT pg_backend_pid()"))
                        assert asked(connection, "SELECT %s::int", number) == number
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert 1 <= len(processes) <= 2
    pools.drop(pool)


def test_who_may_not_come_is_told_why(pools: Pools, pool: dict[str, Any]) -> None:
    assert "password authentication failed" in pools.refusal(pool, password="wrong")
    assert "password authentication failed" in pools.refusal(pool, user="nobody")
    assert "password authentication failed" in pools.refusal(pool, user="postgres")
    assert "no such database: other" in pools.refusal(pool, dbname="other")
    assert "SSL required" in pools.refusal(pool, sslmode="disable", sslrootcert=None)
    assert "unsupported startup parameter: options" in pools.refusal(pool, options="-c statement_timeout=1")


def test_strangers_are_refused_before_they_can_say_a_word(pools: Pools, pool: dict[str, Any]) -> None:
    path = f"/databases/{pools.id}/firewall"
    at = (pool["connection"]["host"], pool["connection"]["port"])
    pools.api.ok("PUT", path, {"rules": [{"type": "ip_addr", "value": "127.0.0.1"}]})
    with pools.connect(pool) as connection:
        assert asked(connection, "SELECT 1") == 1
    with socket.create_connection(at, timeout=10, source_address=("127.9.1.2", 0)) as sock, suppress(ConnectionError):
        assert sock.recv(1) == b""
    pools.api.ok("PUT", path, {"rules": []})


def test_prepared_statements_follow_their_client(pools: Pools, pool: dict[str, Any]) -> None:
    """Both call theirs the same, and have one connection between them."""
    with pools.connect(pool) as one, pools.connect(pool) as two:
        for round in range(4):
            assert asked(one, "SELECT 'one' || %s::text", str(round), prepare=True) == f"one{round}"
            assert asked(two, "SELECT 'two' || %s::text", str(round), prepare=True) == f"two{round}"
        two.execute("DISCARD ALL")
        assert asked(one, "SELECT 'one' || %s::text", "x", prepare=True) == "onex"
        with pytest.raises(psycopg.errors.SyntaxError):
            one.execute("SELEC %s", [1], prepare=True)
        with pytest.raises(psycopg.errors.UndefinedTable):
            one.execute("SELECT %s FROM missing", [1], prepare=True)
        assert asked(one, "SELECT 'one' || %s::text", "y", prepare=True) == "oney"


def _pipelined(connection: Connection) -> list[tuple[str, bytes | None]]:
    """Status and first value of each answer to a pipeline in which something fails."""
    raw = connection.pgconn
    raw.nonblocking = 0
    raw.enter_pipeline_mode()
    raw.send_prepare(b"same", b"SELECT $1::int")
    raw.send_query_prepared(b"same", [b"1"])
    raw.pipeline_sync()
    raw.send_query_params(b"SELECT 1 / $1::int", [b"0"])
    raw.send_prepare(b"skipped", b"SELECT 2")
    raw.send_query_prepared(b"same", [b"2"])
    raw.pipeline_sync()
    raw.send_query_prepared(b"same", [b"3"])
    raw.send_query_prepared(b"skipped", [])
    raw.pipeline_sync()
    found: list[tuple[str, bytes | None]] = []
    while [status for status, _value in found].count("PIPELINE_SYNC") < 3:
        result = raw.get_result()
        if result is not None:
            found.append((ExecStatus(result.status).name, result.get_value(0, 0) if result.ntuples else None))
    raw.exit_pipeline_mode()
    return found


def test_a_pipeline_answers_as_it_does_without_a_pool(pools: Pools, pool: dict[str, Any]) -> None:
    at = pools.api.ok("GET", f"/databases/{pools.id}")["database"]["connection"]
    with pools.connect(pool) as pooled, pools.connect(pool, port=at["port"], dbname=at["database"]) as direct:
        found = _pipelined(direct)
        assert ("TUPLES_OK", b"1") in found
        assert ("TUPLES_OK", b"3") in found
        assert ("PIPELINE_ABORTED", None) in found
        assert [status for status, _value in found].count("FATAL_ERROR") == 2
        assert _pipelined(pooled) == found
        assert asked(pooled, "SELECT 4") == 4


def test_more_statements_than_a_connection_keeps(pools: Pools, pool: dict[str, Any]) -> None:
    with pools.connect(pool) as connection:
        connection.prepared_max = 1000
        for _round in range(2):
            for number in range(210):
                assert asked(connection, f"SELECT {number} + %s::int", 1, prepare=True) == number + 1


def test_rows_are_copied_in_and_out(pools: Pools, pool: dict[str, Any]) -> None:
    text = "x" * 1000
    with pools.connect(pool) as connection, pools.connect(pool) as other:
        connection.execute("CREATE TABLE copied (id int PRIMARY KEY, text text)")
        with connection.cursor().copy("COPY copied FROM STDIN") as copy:
            for number in range(5000):
                copy.write_row((number, text))
        assert asked(other, "SELECT count(*) FROM copied") == 5000
        with pytest.raises(psycopg.errors.UniqueViolation), connection.cursor().copy("COPY copied FROM STDIN") as copy:
            copy.write_row((1, text))
        with connection.cursor().copy("COPY copied TO STDOUT") as copy:
            assert sum(len(block) for block in copy) > 5_000_000
        assert len(other.execute("SELECT * FROM copied").fetchall()) == 5000


def test_a_query_is_cancelled_and_that_of_another_is_not(pools: Pools) -> None:
    pool = pools.make(size=2)
    with pools.connect(pool) as one, pools.connect(pool) as two:
        threading.Timer(0.3, one.cancel_safe).start()
        with two.transaction():
            two.execute("SELECT 1")
            with pytest.raises(psycopg.errors.QueryCanceled):
                one.execute("SELECT pg_sleep(30)")
            assert asked(two, "SELECT 1") == 1
        assert asked(one, "SELECT 1") == 1
    pools.drop(pool)


def test_what_a_client_sets_goes_with_it_alone(pools: Pools, pool: dict[str, Any]) -> None:
    shown = "SELECT current_setting('application_name') || ' ' || current_setting('TimeZone')"
    with pools.connect(pool, application_name="o'ne") as one, pools.connect(pool, application_name="two") as two:
        one.execute("SET TIME ZONE 'America/Sao_Paulo'")
        assert asked(two, shown) == "two UTC"
        assert asked(one, shown) == "o'ne America/Sao_Paulo"
        assert one.info.timezone.key == "America/Sao_Paulo"


def test_a_transaction_that_is_left_open_is_undone(pools: Pools, pool: dict[str, Any]) -> None:
    gone = pools.connect(pool, autocommit=False)
    gone.execute("CREATE TABLE undone (id int)")
    gone.close()
    with pools.connect(pool) as connection:
        assert asked(connection, "SELECT to_regclass('undone')::text") is None


def test_a_session_is_cleaned_for_the_next_and_a_statement_stands_alone(pools: Pools) -> None:
    session, statement = pools.make(mode="session"), pools.make(mode="statement")
    with pools.connect(session) as connection:
        connection.execute("CREATE TEMPORARY TABLE mine AS SELECT 1 AS id")
        process = asked(connection, "SELECT pg_backend_pid()")
        assert asked(connection, "SELECT id FROM mine") == 1
    with pools.connect(session) as connection:
        assert asked(connection, "SELECT pg_backend_pid()") == process
        assert asked(connection, "SELECT to_regclass('mine')::text") is None
    with pools.connect(statement) as connection:
        assert asked(connection, "SELECT 1") == 1
        with pytest.raises(psycopg.OperationalError, match="transaction blocks not allowed"):
            connection.execute("BEGIN")
    pools.drop(session)
    pools.drop(statement)


def test_without_a_user_each_comes_as_himself(pools: Pools) -> None:
    made = pools.api.ok("POST", f"/databases/{pools.id}/users", {"name": "anna"})["user"]
    pool = pools.make(user="")
    with pools.connect(pool, user="anna", password=made["password"]) as connection:
        assert asked(connection, "SELECT current_user") == "anna"
    new = pools.api.ok("POST", f"/databases/{pools.id}/users/anna/reset_auth", {})["user"]["password"]
    assert "password authentication failed" in pools.refusal(pool, user="anna", password=made["password"])
    with pools.connect(pool, user="anna", password=new) as connection:
        assert asked(connection, "SELECT current_user") == "anna"
    pools.drop(pool)


def test_a_server_that_is_away_is_waited_for(pools: Pools, pool: dict[str, Any]) -> None:
    with pools.connect(pool) as connection:
        process = asked(connection, "SELECT pg_backend_pid()")
        os.kill(_parent(process), signal.SIGINT)
        until(lambda: not Path(f"/proc/{process}").exists(), "the server ends")
        assert asked(connection, "SELECT pg_backend_pid()") != process


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def test_it_grows_and_goes_as_the_api_says(pools: Pools) -> None:
    pool = pools.make()
    with pools.connect(pool, autocommit=False) as one:
        asked(one, "SELECT 1")
        body = {"mode": "transaction", "size": 2, "db": "defaultdb", "user": "doadmin"}
        pools.api.ok("PUT", f"/databases/{pools.id}/pools/{pool['name']}", body)
        with pools.connect(pool) as two:
            assert asked(two, "SELECT 2") == 2
        pools.drop(pool)
        with pytest.raises(psycopg.OperationalError):
            one.execute("SELECT 1")
    assert "no such database" in pools.refusal(pool)


def test_who_waits_gets_the_place_that_a_larger_size_brings(pools: Pools, pool: dict[str, Any]) -> None:
    with pools.connect(pool) as first, pools.connect(pool) as second, first.transaction():
        first.execute("SELECT 1")
        served = threading.Event()

        def wait() -> None:
            asked(second, "SELECT 1")
            served.set()

        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not served.wait(0.5), "the only connection is taken"
        larger = {"mode": pool["mode"], "size": 2, "db": pool["db"], "user": pool["user"]}
        pools.api.ok("PUT", f"/databases/{pools.id}/pools/{pool['name']}", larger)
        # The first client keeps what it has.
        came = served.wait(10)
    waiting.join(10)
    assert came
