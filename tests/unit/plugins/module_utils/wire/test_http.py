# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server shows is seen: its certificate, status and headers; and who is not trusted has shown nothing."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.http import ask
from tests.name_server import name_server

NAME = "clinic.example"
ANSWER = b"HTTP/1.1 301 Moved\r\nLocation: /login\r\nX-Frame-Options: DENY\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


def trusting(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    ca.configure_trust(context)
    return context


@contextmanager
def serving(leaf: trustme.LeafCert | None, answer: bytes = ANSWER) -> Iterator[int]:
    """The port of a server that says this to everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if leaf:
        leaf.configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    raw, _address = server.accept()
                except OSError:
                    return
                try:
                    with raw, context.wrap_socket(raw, server_side=True) if leaf else raw as one:
                        one.recv(65536)
                        one.sendall(answer)
                except OSError:
                    continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.fixture
def resolver() -> Iterator[str]:
    with name_server({NAME: ["127.0.0.1"]}) as address:
        yield address


def test_status_headers_and_certificate_are_told(ca: trustme.CA, resolver: str) -> None:
    until = datetime.now(UTC) + timedelta(days=30, hours=1)
    with serving(ca.issue_cert(NAME, not_after=until)) as port:
        told = ask(f"https://{NAME}:{port}/x?y=1", trust=trusting(ca), timeout=5, resolver=resolver)
    assert (told["status"], told["headers"]["location"], told["headers"]["x-frame-options"]) == (301, "/login", "DENY")
    ends = until.strftime("%Y-%m-%dT%H:%M:%SZ")
    shown = {"version": "TLSv1.3", "names": [NAME], "not_after": ends, "days_left": 30}
    assert told["tls"] == shown | {"cipher": "TLS_AES_256_GCM_SHA384"}
    assert told["error"] == ""


def test_who_is_not_trusted_has_shown_nothing(ca: trustme.CA, resolver: str) -> None:
    expired = ca.issue_cert(
        NAME, not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2021, 1, 1, tzinfo=UTC)
    )
    for leaf, why in (
        (trustme.CA().issue_cert(NAME), "unable to get local issuer certificate"),
        (ca.issue_cert("other.example"), "mismatch"),
        (expired, "expired"),
    ):
        with serving(leaf) as port:
            told = ask(f"https://{NAME}:{port}/", trust=trusting(ca), timeout=5, resolver=resolver)
        assert (told["status"], told["tls"]) == (0, None)
        assert why in told["error"]


def test_plain_http_has_no_certificate(ca: trustme.CA) -> None:
    with serving(None) as port:
        told = ask(f"http://127.0.0.1:{port}", trust=trusting(ca), timeout=5)
        over = ask(f"https://127.0.0.1:{port}", trust=trusting(ca), timeout=5)
    assert (told["status"], told["tls"], told["error"]) == (301, None, "")
    assert over["status"] == 0
    assert over["error"]


def test_silence_and_strange_words_are_told_as_what_they_are(ca: trustme.CA, resolver: str) -> None:
    with serving(None, b"SSH-2.0-OpenSSH\r\n") as port:
        assert "SSH-2.0" in ask(f"http://127.0.0.1:{port}/", trust=trusting(ca), timeout=5)["error"]
    assert "refused" in ask(f"http://127.0.0.1:{port}/", trust=trusting(ca), timeout=5)["error"]
    nowhere = ask("https://nobody.example/", trust=trusting(ca), timeout=5, resolver=resolver)
    assert (nowhere["status"], nowhere["error"]) == (0, "nobody.example leads nowhere")
    with pytest.raises(Failure, match="begins with https:// or http://"):
        ask("ftp://clinic.example", trust=trusting(ca), timeout=5)
