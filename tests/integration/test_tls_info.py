# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How services encrypt, as seen from outside; also those that do it badly or not at all."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_fixtures import LocalCloud


@contextmanager
def speaking(words: bytes) -> Iterator[int]:
    """A service without TLS that answers like this; its port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1024)
            self.request.sendall(words)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_what_encrypts_well_badly_and_not_at_all(cloud: LocalCloud) -> None:
    host, port = urlsplit(cloud.url).hostname, urlsplit(cloud.url).port

    def looked(name: str, **options: Any) -> Step:
        return Step(name, "tls_info", {"host": host, "port": port, "protocol": "tls", **options})

    other_name = {"host": "clinic.example", "address": "127.0.0.1"}
    with speaking(b"+PONG\r\n") as valkey, speaking(b"R\0\0\0\x08\0\0\0\0") as postgresql, speaking(b"E") as closed:
        run = inside(
            cloud,
            [
                looked("well"),
                looked("another name", **other_name),
                looked("valkey", port=valkey),
                looked("postgresql", port=postgresql, protocol="postgresql"),
                looked("no tls, and nobody in", port=closed, protocol="postgresql"),
                looked("nobody", port=9),
            ],
        )
    told = {name: run.good(name).result["tls"] for name in run.outcomes}
    well = told["well"]
    assert (well["verified"], well["version"], well["plain_text"], well["why"]) == (True, "TLSv1.3", "refused", "")
    assert well["days_left"] > 0
    assert (told["another name"]["reachable"], told["another name"]["verified"]) == (True, False)
    assert "mismatch" in told["another name"]["why"]
    assert [told[name]["plain_text"] for name in ("valkey", "postgresql")] == ["accepted", "accepted"]
    assert (told["no tls, and nobody in"]["verified"], told["no tls, and nobody in"]["plain_text"]) == (
        False,
        "refused",
    )
    assert (told["nobody"]["reachable"], told["nobody"]["plain_text"]) == (False, "unknown")
