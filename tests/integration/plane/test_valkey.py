# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Valkey clusters on the wire."""

from __future__ import annotations

import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import valkey

from tests.integration.plane.conftest import Clusters, runs, until
from tests.localcloud_api import Api
from tests.localcloud_fixtures import start_localcloud

pytestmark = pytest.mark.xdist_group("plane")

Connect = Callable[..., valkey.Valkey]


@pytest.fixture
def connect(api: Api) -> Iterator[Connect]:
    """A client of a cluster as its API tells, by TLS with verification of its address."""
    clients = []

    def connected(cluster: dict[str, Any], **more: Any) -> valkey.Valkey:
        at = cluster["connection"]
        told = {"host": at["host"], "port": at["port"], "username": at["user"], "password": at["password"]}
        tls = {"ssl": at["ssl"], "ssl_ca_certs": api.cloud.ca, "ssl_check_hostname": True}
        clients.append(valkey.Valkey(**{**told, **tls, "decode_responses": True, **more}))
        return clients[-1]

    yield connected
    for client in clients:
        client.close()


def test_it_can_be_used_by_who_knows_the_password(clusters: Clusters, connect: Connect) -> None:
    cluster = clusters.create("valkey")
    at = cluster["connection"]
    assert at["port"] == 25061
    client = connect(cluster)
    assert client.set("session", "x", ex=60)
    assert client.get("session") == "x"
    with pytest.raises(valkey.exceptions.AuthenticationError):
        connect(cluster, password="wrong").ping()
    with pytest.raises(valkey.exceptions.AuthenticationError):
        connect(cluster, username=None, password=None).ping()


def test_a_new_password_leaves_who_is_connected_alone_and_the_old_one_opens_nothing(
    clusters: Clusters, connect: Connect
) -> None:
    cluster = clusters.create("valkey")
    before = connect(cluster, single_connection_client=True)
    before.set("kept", "1")
    new = clusters.api.ok("POST", f"/databases/{cluster['id']}/users/default/reset_auth", {})["user"]["password"]
    until(lambda: _answers(connect(cluster, password=new)), "the new password is known")
    assert before.get("kept") == "1"
    with pytest.raises(valkey.exceptions.AuthenticationError):
        connect(cluster).ping()


def _answers(client: valkey.Valkey) -> bool:
    with suppress(valkey.exceptions.AuthenticationError):
        return bool(client.ping())
    return False


def test_neither_plain_text_nor_an_unknown_authority_nor_another_name_gets_through(clusters: Clusters) -> None:
    cluster = clusters.create("valkey")
    host, port = cluster["connection"]["host"], cluster["connection"]["port"]
    with socket.create_connection((host, port), timeout=10) as plain:
        plain.sendall(b"PING\r\n")
        with suppress(ConnectionResetError):
            assert plain.recv(1024) == b""
    ours = ssl.create_default_context(cafile=clusters.api.cloud.ca)
    for context, name in ((ssl.create_default_context(), host), (ours, "cache.example.com")):
        with socket.create_connection((host, port), timeout=10) as sock, pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(sock, server_hostname=name)


def test_its_certificate_has_every_name_of_it(clusters: Clusters) -> None:
    cluster = clusters.create("valkey")
    at = (cluster["connection"]["host"], cluster["connection"]["port"])
    body = {"do_settings": {"service_cnames": ["cache.clinic.example"]}}
    clusters.api.ok("PUT", f"/databases/{cluster['id']}/do_settings", body)
    context = ssl.create_default_context(cafile=clusters.api.cloud.ca)
    for name in ("cache.clinic.example", cluster["metrics_endpoints"][0]["host"], at[0]):
        with socket.create_connection(at, timeout=10) as sock:
            assert context.wrap_socket(sock, server_hostname=name).version() == "TLSv1.3"


@pytest.mark.parametrize(
    "command",
    [("CONFIG", "GET", "save"), ("BGSAVE",), ("SHUTDOWN",), ("REPLICAOF", "NO", "ONE"), ("ACL", "LIST")],
    ids=lambda words: words[0],
)
def test_what_the_service_keeps_to_itself_is_refused(
    clusters: Clusters, connect: Connect, command: tuple[str, ...]
) -> None:
    client = connect(clusters.create("valkey"))
    with pytest.raises(valkey.exceptions.NoPermissionError):
        client.execute_command(*command)


def test_an_untrusted_address_is_refused_before_tls_and_a_trusted_one_is_not(
    clusters: Clusters, connect: Connect
) -> None:
    cluster = clusters.create("valkey")
    before = connect(cluster)
    before.set("kept", "1")
    rules = [{"type": "ip_addr", "value": "127.9.0.0/16"}]
    clusters.api.ok("PUT", f"/databases/{cluster['id']}/firewall", {"rules": rules})
    at = (cluster["connection"]["host"], cluster["connection"]["port"])
    with socket.create_connection(at, timeout=10) as stranger:
        assert stranger.recv(1) == b""
    with socket.create_connection(at, timeout=10, source_address=("127.9.1.2", 0)) as friend:
        context = ssl.create_default_context(cafile=clusters.api.cloud.ca)
        with context.wrap_socket(friend, server_hostname=at[0]) as secured:
            assert secured.version() == "TLSv1.3"
    assert before.get("kept") == "1"
    clusters.api.ok("PUT", f"/databases/{cluster['id']}/firewall", {"rules": []})
    assert connect(cluster).get("kept") == "1"


def test_policy_and_persistence_take_effect(clusters: Clusters, connect: Connect) -> None:
    cluster = clusters.create("valkey")
    id, client = cluster["id"], connect(cluster)
    assert client.info("memory")["maxmemory_policy"] == "noeviction"
    assert client.info("memory")["maxmemory"] == 1024**3 * 4 // 5
    clusters.api.ok("PUT", f"/databases/{id}/eviction_policy", {"eviction_policy": "volatile_lru"})
    assert client.info("memory")["maxmemory_policy"] == "volatile-lru"
    client.set("kept", "1")
    clusters.killed(id, signal.SIGTERM)
    assert connect(cluster).get("kept") == "1"
    clusters.api.ok("PATCH", f"/databases/{id}/config", {"config": {"valkey_persistence": "off"}})
    clusters.killed(id, signal.SIGTERM)
    assert connect(cluster).dbsize() == 0


def test_what_is_set_by_its_configuration_takes_effect(clusters: Clusters, connect: Connect) -> None:
    cluster = clusters.create("valkey")
    client = connect(cluster)
    client.set("kept", "1")
    with pytest.raises(valkey.exceptions.ResponseError, match="out of range"):
        connect(cluster, db=20).ping()
    config = {"valkey_number_of_databases": 32, "valkey_notify_keyspace_events": "KEx"}
    clusters.api.ok("PATCH", f"/databases/{cluster['id']}/config", {"config": config})
    assert connect(cluster).get("kept") == "1"
    client = connect(cluster, db=20)
    told = client.pubsub()
    told.psubscribe("__keyevent@20__:expired")
    client.set("short", "1", px=1)
    until(lambda: (told.get_message(timeout=1) or {}).get("data") == "short", "its end is told")


def test_the_standby_takes_over_with_all_that_was_acknowledged(clusters: Clusters, connect: Connect) -> None:
    cluster = clusters.create("valkey", size="db-s-1vcpu-2gb", num_nodes=2)
    before = clusters.pids(cluster["id"])
    client = connect(cluster)
    for number in range(200):
        client.set(f"key-{number}", number)
    assert client.execute_command("WAIT", 1, 10_000) == 1
    now = clusters.killed(cluster["id"], signal.SIGKILL)
    assert now["primary"] == before["standby"]
    client = connect(cluster)
    assert client.dbsize() == 200
    assert client.set("after", "1")
    assert client.execute_command("WAIT", 1, 10_000) == 1


def test_the_way_between_two_nodes_is_theirs_alone(clusters: Clusters) -> None:
    cluster = clusters.create("valkey", size="db-s-1vcpu-2gb", num_nodes=2)
    host = cluster["connection"]["host"]
    for port in (7001, 7002):
        with socket.create_connection((host, port), timeout=10) as sock, suppress(ConnectionResetError):
            sock.sendall(b"PING\r\n")
            assert sock.recv(1) == b""
        with socket.create_connection((host, port), timeout=10, source_address=(host, 0)) as sock:
            sock.sendall(b"PING\r\n")
            assert sock.recv(100).startswith(b"-NOAUTH")


def test_a_larger_size_is_more_memory_and_a_second_node_follows(clusters: Clusters, connect: Connect) -> None:
    cluster = clusters.create("valkey")
    client = connect(cluster)
    client.set("kept", "1")
    clusters.api.ok("PUT", f"/databases/{cluster['id']}/resize", {"size": "db-s-1vcpu-2gb", "num_nodes": 2})
    clusters.online(cluster["id"])
    until(lambda: client.info("replication")["connected_slaves"] == 1, "the standby follows")
    assert client.info("memory")["maxmemory"] == 2 * 1024**3 * 4 // 5
    assert client.get("kept") == "1"


def test_a_front_that_is_killed_is_back_and_leaves_no_worker_behind(clusters: Clusters, connect: Connect) -> None:
    cluster = clusters.create("valkey")
    client = connect(cluster)
    client.set("kept", "1")
    before = clusters.pids(cluster["id"])
    children = Path(f"/proc/{before['front']}/task/{before['front']}/children")
    workers = [int(pid) for pid in children.read_text().split()]
    assert workers
    os.kill(before["front"], signal.SIGKILL)
    until(lambda: clusters.pids(cluster["id"]).get("front", before["front"]) != before["front"], "it is back")
    assert connect(cluster).get("kept") == "1"
    assert clusters.pids(cluster["id"])["primary"] == before["primary"]
    assert not any(runs(pid) for pid in workers)


def test_an_instance_that_is_killed_leaves_no_process_and_the_next_one_has_the_data(
    tmp_path: Path, connect: Connect
) -> None:
    with start_localcloud(tmp_path / "home", "--keep-state", records_only=False) as cloud:
        api = Api(cloud)
        clusters = Clusters(api)
        cluster = clusters.create("valkey", size="db-s-1vcpu-2gb", num_nodes=2)
        connect(cluster, ssl_ca_certs=cloud.ca).set("kept", "1")
        pids = clusters.pids(cluster["id"])
        assert len(pids) == 3
        state = tmp_path / "home" / "state.json"
        until(lambda: state.exists() and cluster["id"] in state.read_text(), "the state is saved")
        cloud.process.kill()
        until(lambda: not any(runs(pid) for pid in pids.values()), "all have ended")
        api.session.close()
    with start_localcloud(tmp_path / "home", records_only=False) as cloud:
        api = Api(cloud)
        again = Clusters(api).online(cluster["id"])
        assert again["connection"] == cluster["connection"]
        until(lambda: len(Clusters(api).pids(cluster["id"])) == 3, "all are back")
        assert connect(cluster, ssl_ca_certs=cloud.ca).get("kept") == "1"
        api.session.close()


def test_its_metrics_are_those_of_the_server(clusters: Clusters, connect: Connect) -> None:
    cluster = clusters.create("valkey")
    client = connect(cluster)
    client.set("big", "x" * 20_000_000)
    for key in ("big", "missing", "missing"):
        client.strlen(key)
    api = clusters.api
    own = api.ok("GET", "/databases/metrics/credentials")["credentials"]
    at = api.cloud.env["DATABASE_METRICS_URL"].format(host=cluster["metrics_endpoints"][0]["host"])

    def told() -> dict[str, float] | None:
        answer = api.session.get(at, auth=(own["basic_auth_username"], own["basic_auth_password"]), timeout=30)
        lines = [line.split() for line in answer.text.splitlines() if not line.startswith("#")]
        found = {name: float(value) for name, value in lines}
        return found if found["redis_keyspace_misses"] == 2 else None

    found = until(told, "the last figures are told")
    assert (found["redis_keyspace_hits"], found["redis_clients"]) == (1, 1)
    assert 20_000_000 < found["redis_used_memory"] < 40_000_000
    assert 90 < found["mem_available_percent"] < 99
    api.admin.utilization(cluster=cluster["name"], cache=0.5)
    assert told()["redis_used_memory"] == found["redis_maxmemory"] / 2


def test_the_cluster_ends_with_its_record(clusters: Clusters) -> None:
    cluster = clusters.create("valkey")
    pid = clusters.pids(cluster["id"])["primary"]
    clusters.api.ok("DELETE", f"/databases/{cluster['id']}")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((cluster["connection"]["host"], cluster["connection"]["port"]), timeout=10)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
