# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every port of the whole stack refuses. The kernel lists them, so that a new one is held to it too."""

from __future__ import annotations

import os
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
import requests
import trustme
import valkey
from botocore.exceptions import SSLError
from requests.adapters import HTTPAdapter

from localcloud.client import Admin
from localcloud.dataplane.ground import usable
from localcloud.instance.home import Home
from tests.integration.plane import stack
from tests.integration.plane.conftest import until
from tests.localcloud_api import Api
from tests.localcloud_fixtures import ROOT, LocalCloud

pytestmark = pytest.mark.xdist_group("plane")

Port = tuple[str, int]
# A localcloud all of whose certificates ended yesterday.
EXPIRED = """
import datetime, runpy, trustme
issue, now = trustme.CA.issue_cert, datetime.datetime.now(datetime.timezone.utc)
ended = {"not_before": now - datetime.timedelta(9), "not_after": now - datetime.timedelta(1)}
trustme.CA.issue_cert = lambda self, *names, **more: issue(self, *names, **{**more, **ended})
runpy.run_module("localcloud", run_name="__main__", alter_sys=True)
"""
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME, and what it says of a certificate that it refuses.
ANY_TIME = 0x200000
HAS_EXPIRED, NO_ISSUER = 10, 20
# SSLRequest of PostgreSQL's protocol, and the message with which a client begins that wants none.
WANTS_TLS = struct.pack("!ii", 8, 80877103)
WANTS_NONE = struct.pack("!ii", 36, 196608) + b"user\0doadmin\0database\0pool\0\0"
# Where TLS is not spoken, by program and port: who waits there.
PLAIN = {
    ("nginx", usable(80)): "redirects to https",
    ("python", usable(53)): "the name server",
    ("python", 3000): "an instance of the app, which only its ingress is told of",
    ("nginx", 7001): "a node of Valkey, for the other node alone",
    ("nginx", 7002): "a node of Valkey, for the other node alone",
}


# Of a bucket.
REACHES = [("GET", ""), ("HEAD", ""), ("DELETE", ""), ("GET", "/key"), ("PUT", "/key"), ("DELETE", "/key")]


class _AtAnyTime(HTTPAdapter):
    """Trusts the instance's authority, whatever the clock says."""

    def __init__(self, ca: str) -> None:
        self._context = context(ca, ANY_TIME)
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> Any:
        return super().init_poolmanager(*args, **more, ssl_context=self._context)


@dataclass
class Ports:
    stack: stack.Stack
    api: Api
    tls: dict[Port, str]
    plain: dict[Port, str]
    # Of PostgreSQL: TLS begins when it is asked for.
    asked: set[Port]


def context(ca: str | Path, flags: int = 0) -> ssl.SSLContext:
    found = ssl.create_default_context(cafile=str(ca))
    found.check_hostname = False
    found.verify_flags |= flags
    return found


def handshake(ports: set[Port], at: Port, by: ssl.SSLContext) -> int:
    """0, or why OpenSSL refused the certificate."""
    with socket.create_connection(at, timeout=20) as sock:
        if at in ports:
            sock.sendall(WANTS_TLS)
            assert sock.recv(1) == b"S"
        try:
            with by.wrap_socket(sock, server_hostname=stack.DOMAIN):
                return 0
        except ssl.SSLCertVerificationError as error:
            return error.verify_code


def heard(at: Port, words: bytes) -> bytes:
    """What is answered until the connection ends."""
    said = b""
    with suppress(ConnectionError), socket.create_connection(at, timeout=20) as sock:
        sock.sendall(words)
        while piece := sock.recv(4096):
            said += piece
    return said


@contextmanager
def expired(folder: Path) -> Iterator[Api]:
    """A localcloud with such certificates, asked by one who does not look at their ends."""
    home = Home(folder / "home")
    home.path.mkdir()
    options = ["serve", "--quiet", "--until-stdin-ends", "--port", "0", "--spaces-port", "0", "--no-rate-limit"]
    env = {**os.environ, "LOCALCLOUD_HOME": str(home.path), "PYTHONPATH": str(ROOT)}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-c", EXPIRED, *options],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=env,
        ) as process,
    ):
        try:
            variables = until(home.env, "it has started")
            admin = Admin(variables["DIGITALOCEAN_API_URL"], variables["DIGITALOCEAN_CA_PATH"])
            api = Api(LocalCloud(home.path, variables, admin, process))
            api.session.mount("https://", _AtAnyTime(api.cloud.ca))
            yield api
            api.session.close()
        finally:
            process.terminate()
            process.wait(timeout=30)


def speaks(at: Port) -> str:
    """``postgresql``, ``tls`` or ``plain``."""
    # Who speaks another language knows from the end of the lines that it is no more than that.
    with suppress(OSError), socket.create_connection(at, timeout=20) as sock:
        sock.sendall(WANTS_TLS + b"\r\n\r\n")
        if sock.recv(1) == b"S":
            return "postgresql"
    blind = ssl._create_unverified_context()
    with (
        suppress(OSError),
        socket.create_connection(at, timeout=20) as sock,
        blind.wrap_socket(sock, server_hostname=stack.DOMAIN),
    ):
        return "tls"
    return "plain"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with expired(tmp_path_factory.mktemp("expired")) as api:
        made = stack.build(api)
        listening = stack.ports(api.cloud.process.pid)
        spoken = {at: speaks(at) if (name, at[1]) not in PLAIN else "plain" for at, name in listening.items()}
        tls = {at: program for at, program in listening.items() if spoken[at] != "plain"}
        plain = {at: program for at, program in listening.items() if spoken[at] == "plain"}
        asked = {at for at, how in spoken.items() if how == "postgresql"}
        # The server and its pools, and the app's ways to both.
        assert len(asked) == 4
        yield Ports(made, api, tls, plain, asked)


def test_where_no_tls_is_spoken_is_known(there: Ports) -> None:
    assert {(program, port) for (_address, port), program in there.plain.items()} == PLAIN.keys()
    for (address, port), program in there.plain.items():
        if (program, port) == ("nginx", usable(80)):
            host = f"Host: {stack.DOMAIN}\r\nConnection: close\r\n\r\n"
            said = heard((address, port), f"GET /a HTTP/1.1\r\n{host}".encode()).decode()
            assert said.split()[1] in ("301", "307"), said
            assert f"location: https://{stack.DOMAIN}/a" in said.lower()


def test_plain_text_is_refused_at_every_other(there: Ports) -> None:
    """Nothing is said, or that this is no way to speak."""
    request = f"GET / HTTP/1.1\r\nHost: {stack.DOMAIN}\r\nConnection: close\r\n\r\n".encode()
    said = {at: heard(at, WANTS_NONE if at in there.asked else request) for at in there.tls}
    served = {
        at: words
        for at, words in said.items()
        if words and b" 400 " not in words.partition(b"\r\n")[0] and not words.startswith(b"E")
    }
    assert served == {}
    # PostgreSQL's own word for it, not one about the password or the database.
    assert all(b"encryption" in said[at] or b"SSL required" in said[at] for at in there.asked), said


@pytest.mark.parametrize("why", ["unknown authority", "expired", "neither"])
def test_a_certificate_is_refused_at_every_port(there: Ports, tmp_path: Path, why: str) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    by, code = {
        "unknown authority": (context(tmp_path / "other.pem", ANY_TIME), NO_ISSUER),
        "expired": (context(there.api.cloud.ca), HAS_EXPIRED),
        "neither": (context(there.api.cloud.ca, ANY_TIME), 0),
    }[why]
    assert {at: handshake(there.asked, at, by) for at in there.tls} == dict.fromkeys(there.tls, code)


def test_clients_refuse_what_has_expired(there: Ports) -> None:
    cloud, cache = there.api.cloud, there.stack.valkey["connection"]
    uri = there.stack.postgresql["connection"]["uri"].partition("?")[0]
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(uri, sslmode="verify-full", sslrootcert=cloud.ca)
    told = {"host": cache["host"], "port": cache["port"], "username": cache["user"], "password": cache["password"]}
    with pytest.raises(valkey.exceptions.ConnectionError, match="certificate has expired"):
        valkey.Valkey(**told, ssl=True, ssl_ca_certs=cloud.ca).ping()
    space = boto3.client(
        "s3", endpoint_url=cloud.spaces_url, region_name="fra1", verify=cloud.ca,
        aws_access_key_id="x", aws_secret_access_key="x",
    )  # fmt: skip
    with pytest.raises(SSLError, match="certificate has expired"):
        space.list_buckets()
    space.close()
    with pytest.raises(requests.exceptions.SSLError, match="certificate has expired"):
        requests.get(f"{cloud.url}/v2/account", verify=cloud.ca, timeout=20)


def test_a_stranger_is_refused_at_every_port_of_a_database(there: Ports) -> None:
    clusters = {cluster["connection"]["host"]: cluster for cluster in (there.stack.postgresql, there.stack.valkey)}
    for cluster in clusters.values():
        rules = [{"type": "ip_addr", "value": "127.9.0.0/16"}]
        there.api.ok("PUT", f"/databases/{cluster['id']}/firewall", {"rules": rules})
    at = {port for port in {**there.tls, **there.plain} if port[0] in clusters}
    assert len(at) == 5
    trusted = context(there.api.cloud.ca, ANY_TIME)

    def told(port: Port, source: str) -> bytes:
        """What is first said over TLS, or nothing."""
        with suppress(ConnectionError, ssl.SSLEOFError), socket.create_connection(port, 20, (source, 0)) as sock:
            if port in there.asked:
                sock.sendall(WANTS_TLS)
                assert sock.recv(1) in (b"S", b"")
            with trusted.wrap_socket(sock, server_hostname=port[0]) as secured:
                secured.sendall(WANTS_NONE if port in there.asked else b"PING\r\n")
                return secured.recv(4096)
        return b""

    # PostgreSQL looks at who comes once it knows what for; it asks him for no password.
    strangers = {port: told(port, "127.10.0.1") for port in at}
    server = next(port for port in at if there.tls.get(port) == "postgres")
    assert b"pg_hba.conf rejects connection" in strangers.pop(server)
    assert strangers == dict.fromkeys(strangers, b"")
    friends = {port: told(port, "127.9.0.1") for port in at & there.tls.keys()}
    asks_for_a_password = {port: said.startswith((b"R", b"-NOAUTH")) for port, said in friends.items()}
    assert asks_for_a_password == dict.fromkeys(friends, True), friends


def test_a_key_without_a_grant_opens_no_bucket(there: Ports) -> None:
    env = there.api.cloud.env
    everything = env["SPACES_ACCESS_KEY_ID"], env["SPACES_SECRET_ACCESS_KEY"]
    assert stack.sign(there.api, "PUT", "second", *everything) == 200
    own = there.api.ok("POST", "/spaces/keys", {"name": "nothing", "grants": []})["key"]
    nothing = own["access_key"], own["secret_key"]
    calls = [(method, f"{bucket}{key}") for bucket in (stack.BUCKET, "second") for method, key in REACHES]
    assert {call: stack.sign(there.api, *call, *nothing) for call in calls} == dict.fromkeys(calls, 403)
    assert {stack.sign(there.api, "GET", bucket, *everything) for bucket in (stack.BUCKET, "second")} == {200}
