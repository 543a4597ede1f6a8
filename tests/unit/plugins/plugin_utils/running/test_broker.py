# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run's broker: a real process, asked by real forks, about a real localcloud or a server that a test holds back."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ahead import DROP, KEEP, TAKE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Exchange, direct
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import THREADS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ConnectionLost
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running import broker as running
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker import Broker
from tests.localcloud_fixtures import ROOT, LocalCloud

# Seconds after which what should have happened has not.
PATIENCE = 30
NO_VPC = "/v2/vpcs/3fa85f64-5717-4562-b3fc-2c963f66afa6"
# Of what a run makes, its last process leaves; what `then` does, it does before.
RUN = f"""
import os, signal, sys
sys.path[:0] = ["{ROOT}/collections"]
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker import Broker
broker = Broker()
print(broker.pid, flush=True)
"""


def asked(cloud: LocalCloud, path: str = "/v2/vpcs", method: str = "GET", timeout: float = 20) -> Exchange:
    headers = {"Authorization": f"Bearer {cloud.token}", "Content-Type": "application/json"}
    return Exchange(method, cloud.url + path, headers, None, cloud.ca, timeout, cloud.url)


def calls(cloud: LocalCloud, since: int) -> list[dict[str, Any]]:
    """Those by a token of its own: a process of another test may look for a server whose port this one has now."""
    return [call for call in cloud.admin.journal(since) if call["token"]]


def carried(broker: Broker, exchange: Exchange) -> int:
    """The status that a task sees, by whatever way."""
    return (broker.carry(exchange) or direct(exchange)).status


def lives(pid: int) -> bool:
    """Whether there is such a process; one that nobody has buried does not live."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def comes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def own_broker() -> Iterator[Broker]:
    """One that a test may kill."""
    made = Broker()
    assert lives(made.pid)
    yield made
    if lives(made.pid):
        os.kill(made.pid, signal.SIGKILL)
    os.waitpid(made.pid, 0)


class Held:
    """A server that answers all but one request, over which it waits: until it `goes_on`, or its client is gone.

    Each answer tells which request in the order of their coming it is to.
    """

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self._tls)
        self.ca = str(folder / "authority.pem")
        authority.cert_pem.write_to_path(self.ca)
        self.requests: list[bytes] = []
        self.holds = 1
        self.reached, self.goes_on = threading.Event(), threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._tls.wrap_socket(self._listening.accept()[0], server_side=True)
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: ssl.SSLSocket) -> None:
        with connection:
            self.requests.append(connection.recv(4096).partition(b"\r\n")[0])
            number = len(self.requests)
            if number == self.holds:
                self.reached.set()
                while not self.goes_on.wait(0.01):
                    connection.settimeout(0.01)
                    with suppress(TimeoutError):
                        if not connection.recv(1):
                            return
            connection.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\n%d" % number)

    def asked(self, method: str, *, recent: bool = False, ahead: str = "") -> Exchange:
        return Exchange(method, f"{self.url}/v2/vpcs", {}, None, self.ca, PATIENCE, self.url, recent, ahead)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    server = Held(tmp_path)
    yield server
    server.close()


def pool_of_forks(*calls: Callable[[], Any]) -> Callable[[], list[Any]]:
    """Begins each call in a fork of its own, as a task's worker is one; returns what waits for what they return."""
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe() for _call in calls]
    forks = [
        context.Process(target=lambda call=call, pipe=pipe: pipe.send(call()))
        for call, (_ours, pipe) in zip(calls, pipes, strict=True)
    ]
    for fork in forks:
        fork.start()

    def results() -> list[Any]:
        try:
            assert all(ours.poll(PATIENCE) for ours, _theirs in pipes)
            return [ours.recv() for ours, _theirs in pipes]
        finally:
            for fork in forks:
                fork.join(PATIENCE)

    return results


def in_forks(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returns, all made at the same time."""
    return pool_of_forks(*calls)()


def connections(cloud: LocalCloud, since: int) -> int:
    return len({call["connection"] for call in calls(cloud, since)})


def test_tasks_that_follow_each_other_share_one_connection(cloud: LocalCloud, own_broker: Broker) -> None:
    since = cloud.admin.seq()
    assert [in_forks(lambda: carried(own_broker, asked(cloud))) for _ in range(3)] == [[200]] * 3
    assert len(calls(cloud, since)) == 3
    assert connections(cloud, since) == 1


def test_ten_hosts_at_once_share_a_few_connections(cloud: LocalCloud, own_broker: Broker) -> None:
    since = cloud.admin.seq()
    paths = [[f"/v2/vpcs?page={page}&per_page={size}" for page in range(1, 5)] for size in range(10, 20)]

    def host(mine: list[str]) -> list[int]:
        return [carried(own_broker, asked(cloud, path)) for path in mine]

    assert in_forks(*(partial(host, mine) for mine in paths)) == [[200] * 4] * 10
    assert len(calls(cloud, since)) == 40
    assert connections(cloud, since) <= THREADS


def test_what_comes_back_is_what_comes_back_directly(cloud: LocalCloud, broker: Broker) -> None:
    for exchange in (asked(cloud), asked(cloud, "/v2/nowhere"), asked(cloud, NO_VPC, "DELETE")):
        ours, theirs = broker.carry(exchange), direct(exchange)
        assert ours
        assert (ours.status, ours.content.partition(b"request_id")[0]) == (
            theirs.status,
            theirs.content.partition(b"request_id")[0],
        )
        unlike = {"date", "x-request-id", "ratelimit-remaining", "ratelimit-reset", "connection", "content-length"}
        assert {name for name, value in ours.headers.items() if theirs.headers.get(name) != value} <= unlike
        assert ours.headers.keys() == theirs.headers.keys()


def test_a_read_whose_broker_is_killed_is_made_directly(held: Held, own_broker: Broker) -> None:
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(carried, own_broker, held.asked("GET"))
        assert held.reached.wait(PATIENCE)
        os.kill(own_broker.pid, signal.SIGKILL)
        assert answer.result(PATIENCE) == 200
    assert held.requests == [b"GET /v2/vpcs HTTP/1.1"] * 2


def test_a_write_whose_broker_is_killed_is_uncertain_and_not_made_again(held: Held, own_broker: Broker) -> None:
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(own_broker.carry, held.asked("POST"))
        assert held.reached.wait(PATIENCE)
        os.kill(own_broker.pid, signal.SIGKILL)
        with pytest.raises(ConnectionLost, match="did not answer") as lost:
            answer.result(PATIENCE)
    assert lost.value.uncertain
    assert held.requests == [b"POST /v2/vpcs HTTP/1.1"]


def test_a_broker_that_hangs_is_waited_for_once(
    cloud: LocalCloud, own_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SPARE", 0.2)
    os.kill(own_broker.pid, signal.SIGSTOP)
    assert own_broker.carry(asked(cloud, NO_VPC, timeout=0.2)) is None
    started = time.monotonic()
    assert carried(own_broker, asked(cloud, NO_VPC, timeout=PATIENCE)) == 404
    assert time.monotonic() - started < PATIENCE


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_without_a_broker_everything_goes_directly(cloud: LocalCloud, own_broker: Broker, method: str) -> None:
    os.kill(own_broker.pid, signal.SIGKILL)
    assert comes_true(lambda: not lives(own_broker.pid))
    assert carried(own_broker, asked(cloud, NO_VPC, method)) == 404


def test_there_is_none_where_its_libraries_are_not(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LIBRARIES", ("httpcore", "no_such_library"))
    none = Broker()
    assert none.pid == 0
    assert carried(none, asked(cloud)) == 200


def test_there_is_none_where_there_can_be_no_sockets(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left() -> None:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(running.socket, "socketpair", none_left)
        none = Broker()
    assert none.pid == 0
    assert carried(none, asked(cloud)) == 200


def test_signals_of_an_interrupted_run_do_not_end_it(cloud: LocalCloud, own_broker: Broker) -> None:
    since = cloud.admin.seq()
    own_broker.carry(asked(cloud))
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(own_broker.pid, sent)
    assert carried(own_broker, asked(cloud)) == 200
    assert connections(cloud, since) == 1


def test_nothing_of_it_is_in_the_file_system_and_nothing_of_the_run_is_open(
    cloud: LocalCloud, own_broker: Broker
) -> None:
    own_broker.carry(asked(cloud))
    opened = {str(entry.readlink()) for entry in Path(f"/proc/{own_broker.pid}/fd").iterdir()}
    assert {name for name in opened if not name.startswith(("socket:", "anon_inode:"))} == {os.devnull}
    inodes = {name[len("socket:[") : -1] for name in opened if name.startswith("socket:")}
    # Of a Unix socket with a name, the line has a path behind its inode.
    for line in Path("/proc/net/unix").read_text().splitlines():
        if line.split()[6] in inodes:
            assert len(line.split()) == 7


@pytest.mark.parametrize("end", ["", "os.kill(os.getpid(), signal.SIGKILL)", "os.killpg(0, signal.SIGKILL)"])
def test_it_ends_with_the_run(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN + end], stdout=subprocess.PIPE, start_new_session=True, timeout=PATIENCE, check=False
    )
    pid = int(done.stdout)
    assert comes_true(lambda: not lives(pid))


def test_it_lives_as_long_as_a_fork_of_the_run() -> None:
    fork = "if not os.fork(): sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", RUN + fork], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout
        assert run.stdin
        pid = int(run.stdout.readline())
        run.wait(PATIENCE)
        assert lives(pid)
        run.stdin.close()
        assert comes_true(lambda: not lives(pid))


def test_nobody_waits_for_it_at_the_end_of_a_pipe() -> None:
    """It stands still, and so cannot end by itself."""
    stop = """
while os.readlink(f"/proc/{broker.pid}/fd/1") != os.devnull:
    pass
os.kill(broker.pid, signal.SIGSTOP)
"""
    done = subprocess.run([sys.executable, "-c", RUN + stop], stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
    pid = int(done.stdout)
    try:
        assert lives(pid)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert comes_true(lambda: not lives(pid))


# ── What is remembered ───────────────────────────────────────────────────────────────────────────────────────────────


def worker_of(task: str, broker: Broker, exchange: Exchange) -> bytes:
    """What a worker of that task is told."""
    broker.attend(task)
    received = broker.carry(exchange)
    assert received
    return received.content


def test_equal_reads_under_way_are_sent_once_for_all_workers_of_a_task(held: Held, own_broker: Broker) -> None:
    def host() -> bytes:
        return worker_of("t", own_broker, held.asked("GET", recent=True))

    own_broker.attend("t")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(own_broker.carry, held.asked("GET", recent=True))
        assert held.reached.wait(PATIENCE)
        others = pool_of_forks(host, host)
        held.goes_on.set()
        assert first.result(PATIENCE).content == b"1"
        assert others() == [b"1", b"1"]
    assert len(held.requests) == 1


def test_a_read_that_began_before_a_write_is_not_for_who_asks_after_it(held: Held, own_broker: Broker) -> None:
    own_broker.attend("t")
    with ThreadPoolExecutor(1) as pool:
        before = pool.submit(own_broker.carry, held.asked("GET", recent=True))
        assert held.reached.wait(PATIENCE)
        # Somebody else's, of another task.
        assert in_forks(lambda: worker_of("u", own_broker, held.asked("POST"))) == [b"2"]
        assert own_broker.carry(held.asked("GET", recent=True)).content == b"3"
        held.goes_on.set()
        assert before.result(PATIENCE).content == b"1"
        assert own_broker.carry(held.asked("GET", recent=True)).content == b"3"
    assert len(held.requests) == 3


def test_what_is_read_while_something_is_written_is_not_remembered(held: Held, own_broker: Broker) -> None:
    own_broker.attend("t")
    with ThreadPoolExecutor(1) as pool:
        write = pool.submit(own_broker.carry, held.asked("POST"))
        assert held.reached.wait(PATIENCE)
        assert own_broker.carry(held.asked("GET", recent=True)).content == b"2"
        held.goes_on.set()
        write.result(PATIENCE)
        assert own_broker.carry(held.asked("GET", recent=True)).content == b"3"


def test_what_was_there_before_a_write_is_not_remembered_while_it_is_under_way(held: Held, own_broker: Broker) -> None:
    held.holds = 2
    own_broker.attend("t")
    own_broker.carry(held.asked("GET", recent=True))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(own_broker.carry, held.asked("POST"))
        assert held.reached.wait(PATIENCE)
        assert own_broker.carry(held.asked("GET", recent=True)).content == b"3"
        held.goes_on.set()


@pytest.mark.parametrize(
    ("task", "recent", "told"), [("t", True, b"2"), ("t", False, b"3"), ("u", True, b"3"), ("", True, b"3")]
)
def test_the_next_task_asks_again_and_so_does_who_wants_it_fresh(
    held: Held, own_broker: Broker, task: str, recent: bool, told: bytes
) -> None:
    """Between two tasks somebody may have written who has no broker: a command, a module in a process of its own."""
    held.goes_on.set()
    own_broker.carry(held.asked("GET"))
    own_broker.attend("t")
    assert own_broker.carry(held.asked("GET", recent=True)).content == b"2"
    if task and task != "t":
        own_broker.attend(task)
    elif not task:
        own_broker._task = ""
    assert own_broker.carry(held.asked("GET", recent=recent)).content == told


def test_a_task_s_memory_ends_with_its_last_worker(held: Held, own_broker: Broker) -> None:
    held.goes_on.set()
    asked_for = held.asked("GET", recent=True)
    assert in_forks(lambda: worker_of("t", own_broker, asked_for)) == [b"1"]
    assert in_forks(lambda: worker_of("t", own_broker, asked_for)) == [b"2"]


def test_nothing_is_remembered_any_more_once_something_is_written_that_it_does_not_see(
    held: Held, own_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.goes_on.set()
    own_broker.attend("t")
    own_broker.carry(held.asked("GET", recent=True))
    with monkeypatch.context() as patched:
        patched.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")
        assert own_broker.carry(held.asked("GET", recent=True)) is None
        assert own_broker.carry(held.asked("POST")) is None
    assert [own_broker.carry(held.asked("GET", recent=True)).content for _ in range(2)] == [b"2", b"3"]


# ── What is read ahead ───────────────────────────────────────────────────────────────────────────────────────────────


def told(broker: Broker, exchange: Exchange) -> tuple[bytes, bool]:
    """The number of the request that was answered, and whether it is of before."""
    received = broker.carry(exchange)
    assert received
    return received.content, received.ahead


@pytest.mark.parametrize("recent", [True, False])
def test_what_is_read_ahead_is_for_the_first_look_of_any_task(held: Held, own_broker: Broker, recent: bool) -> None:
    held.goes_on.set()
    own_broker.attend("t")
    assert told(own_broker, held.asked("GET", recent=recent, ahead=KEEP)) == (b"1", False)
    own_broker.attend("u")
    assert told(own_broker, held.asked("GET", recent=recent, ahead=TAKE)) == (b"1", True)
    own_broker.attend("v")
    assert told(own_broker, held.asked("GET", recent=recent, ahead=TAKE)) == (b"2", False)


def test_what_is_under_way_is_waited_for(held: Held, own_broker: Broker) -> None:
    with ThreadPoolExecutor(2) as pool:
        early = pool.submit(told, own_broker, held.asked("GET", ahead=KEEP))
        assert held.reached.wait(PATIENCE)
        late = pool.submit(told, own_broker, held.asked("GET", ahead=TAKE))
        # Both have been taken up before it goes on: what comes to the door later is answered later.
        assert own_broker.carry(held.asked("HEAD"))
        held.goes_on.set()
        assert (early.result(PATIENCE), late.result(PATIENCE)) == ((b"1", False), (b"1", True))


def test_what_a_task_reads_anyway_is_not_asked_twice(held: Held, own_broker: Broker) -> None:
    held.goes_on.set()
    own_broker.attend("t")
    assert told(own_broker, held.asked("GET", recent=True)) == (b"1", False)
    own_broker.carry(held.asked("GET", recent=True, ahead=KEEP))
    own_broker.attend("u")
    assert told(own_broker, held.asked("GET", recent=True, ahead=TAKE)) == (b"1", True)
    assert len(held.requests) == 1


def test_the_other_looks_of_that_task_share_it_and_nobody_else_does(held: Held, own_broker: Broker) -> None:
    """An information is never of before, nor is what somebody wants to know who has begun to do something."""
    held.goes_on.set()
    own_broker.attend("t")
    own_broker.carry(held.asked("GET", recent=True, ahead=KEEP))
    own_broker.attend("u")
    looks = [told(own_broker, held.asked("GET", recent=True, ahead=way)) for way in (TAKE, TAKE, "", "", TAKE)]
    assert looks == [(b"1", True), (b"1", True), (b"2", False), (b"2", False), (b"2", False)]


@pytest.mark.parametrize("way", [KEEP, TAKE, ""])
def test_reads_that_only_look_leave_the_rest_there(held: Held, own_broker: Broker, way: str) -> None:
    held.goes_on.set()
    own_broker.carry(held.asked("GET", ahead=KEEP))
    own_broker.carry(held.asked("HEAD", ahead=way))
    assert told(own_broker, held.asked("GET", ahead=TAKE)) == (b"1", True)


@pytest.mark.parametrize(("method", "way"), [("POST", ""), ("PUT", TAKE), ("DELETE", DROP), ("HEAD", DROP)])
def test_nothing_is_kept_once_something_is_done_or_waited_for(
    held: Held, own_broker: Broker, method: str, way: str
) -> None:
    held.goes_on.set()
    own_broker.carry(held.asked("GET", ahead=KEEP))
    in_forks(lambda: worker_of("u", own_broker, held.asked(method, ahead=way)))
    assert told(own_broker, held.asked("GET", ahead=TAKE)) == (b"3", False)


def test_what_was_under_way_when_something_was_written_is_not_kept(held: Held, own_broker: Broker) -> None:
    with ThreadPoolExecutor(1) as pool:
        early = pool.submit(told, own_broker, held.asked("GET", ahead=KEEP))
        assert held.reached.wait(PATIENCE)
        assert own_broker.carry(held.asked("POST"))
        held.goes_on.set()
        early.result(PATIENCE)
    assert told(own_broker, held.asked("GET", ahead=TAKE)) == (b"3", False)


def test_nothing_is_kept_once_others_are_left_to_write(held: Held, own_broker: Broker) -> None:
    held.goes_on.set()
    own_broker.carry(held.asked("GET", ahead=KEEP))
    own_broker.leave_others_to_write()
    assert told(own_broker, held.asked("GET", ahead=TAKE)) == (b"2", False)
    own_broker.carry(held.asked("GET", ahead=KEEP))
    assert told(own_broker, held.asked("GET", ahead=TAKE)) == (b"4", False)


def test_without_a_broker_nothing_is_of_before(cloud: LocalCloud, own_broker: Broker) -> None:
    own_broker.carry(replace(asked(cloud), ahead=KEEP))
    os.kill(own_broker.pid, signal.SIGKILL)
    assert comes_true(lambda: not lives(own_broker.pid))
    since = cloud.admin.seq()
    exchange = replace(asked(cloud), ahead=TAKE)
    received = own_broker.carry(exchange) or direct(exchange)
    assert (received.status, received.ahead, len(calls(cloud, since))) == (200, False, 1)


def test_of_spaces_it_is_for_the_same_key(own_broker: Broker, held: Held) -> None:
    """What is signed is signed anew each time."""
    held.goes_on.set()

    def signed(key: str, signature: str, way: str) -> Exchange:
        head = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20261129/nyc3/s3, Signature={signature}"}
        return replace(held.asked("GET", ahead=way), headers=head)

    own_broker.carry(signed("A", "1", KEEP))
    assert told(own_broker, signed("B", "2", TAKE)) == (b"2", False)
    assert told(own_broker, signed("A", "3", TAKE)) == (b"1", True)


def test_no_request_of_a_run_is_one_too_many(cloud: LocalCloud, own_broker: Broker) -> None:
    """The API is not asked what it would refuse: who asks is told here when its turn is."""
    cloud.admin.settings(rate_limit=True)
    since = cloud.admin.seq()
    with ThreadPoolExecutor(THREADS) as pool:
        told = [own_broker.carry(asked(cloud)) for _ in range(1)]
        told += pool.map(lambda _: own_broker.carry(asked(cloud)), range(269))
    answers = [received for received in told if received is not None]
    late = [received for received in answers if received.status == 429]
    assert (len(answers), len(late)) == (270, 20)
    assert all(1 <= int(received.headers["retry-after"]) <= 62 for received in late)
    assert {call["status"] for call in calls(cloud, since)} == {200}
