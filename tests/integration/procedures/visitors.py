# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Visitors who come through the edge all the time, while a procedure goes on."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.integration.procedures.environment import Environment

DOMAIN = "fisioflow.example"
HEALTH = "/api/health"


@contextmanager
def visited(running: Environment, path: str, each_second: float = 20.0, visitors: int = 2) -> Iterator[list[int]]:
    """What visitors get: statuses; 0 for no answer, -1 for an app that says it is not healthy."""
    at = running.api.ok("GET", "/load_balancers")["load_balancers"][0]["ip"]
    context = ssl.create_default_context(cafile=running.cloud.ca)
    answers: list[int] = []
    over = threading.Event()

    def ask() -> int:
        connection = http.client.HTTPSConnection(DOMAIN, context=context, timeout=20)
        try:
            raw = socket.create_connection((at, 443), timeout=20)
            with closing(connection):
                connection.sock = context.wrap_socket(raw, server_hostname=DOMAIN)
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read()
        except (OSError, http.client.HTTPException):
            return 0
        ill = path == HEALTH and response.status == 200 and json.loads(body)["status"] != "healthy"
        return -1 if ill else response.status

    def keep_asking() -> None:
        pause, due = visitors / each_second, time.monotonic()
        while not over.is_set():
            answers.append(ask())
            due = max(due + pause, time.monotonic() - 1)
            over.wait(max(0.0, due - time.monotonic()))

    threads = [threading.Thread(target=keep_asking) for _visitor in range(visitors)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()
