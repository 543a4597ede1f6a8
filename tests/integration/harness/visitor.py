# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who comes by the front door of an environment on localcloud: load balancer, proxies, app."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

DOMAIN = "fisioflow.example"


@dataclass
class Visitor:
    """Who knows the domain's address from the name server, and trusts the instance's authority."""

    cloud: LocalCloud
    address: str
    answers: list[int] = field(default_factory=list)

    def ask(
        self,
        path: str,
        *,
        tls: bool = True,
        domain: str = DOMAIN,
        headers: dict[str, str] | None = None,
        method: str = "GET",
        body: str | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection: http.client.HTTPConnection
        if tls:
            context = ssl.create_default_context(cafile=self.cloud.ca)
            connection = http.client.HTTPSConnection(domain, context=context, timeout=20)
            raw = socket.create_connection((self.address, 443), timeout=20)
            connection.sock = context.wrap_socket(raw, server_hostname=domain)
        else:
            connection = http.client.HTTPConnection(domain, timeout=20)
            connection.sock = socket.create_connection((self.address, 80), timeout=20)
        with closing(connection):
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response, response.read()

    def keep_asking(self, over: threading.Event, path: str = "/api/ping") -> None:
        """Zero is an answer that did not come."""
        while not over.wait(0.05):
            try:
                self.answers.append(self.ask(path)[0].status)
            except OSError:
                self.answers.append(0)

    @property
    def failed(self) -> list[int]:
        return [status for status in self.answers if not status or status >= 500]


@contextmanager
def visiting(api: Api, path: str = "/login", visitors: int = 2) -> Iterator[Visitor]:
    """Some who come again and again, until the end of the block."""
    balancers = api.ok("GET", "/load_balancers")["load_balancers"]
    visitor, over = Visitor(api.cloud, balancers[0]["ip"]), threading.Event()
    threads = [threading.Thread(target=visitor.keep_asking, args=(over, path)) for _number in range(visitors)]
    for thread in threads:
        thread.start()
    try:
        yield visitor
    finally:
        over.set()
        for thread in threads:
            thread.join()
