# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The broker's own side: a fork of the controller that answers whoever of the run comes to its door.

It sees all tokens of the run, which reach it through the door only; no other process of the user may look into it.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import socket
from contextlib import closing, suppress
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker_http import Connections

PR_SET_DUMPABLE = 4


def main(door: socket.socket) -> None:
    """Be the broker until the run is over."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    # What came along is never used, and should stay the controller's pages.
    gc.freeze()
    asyncio.run(_serve(door))


async def _serve(door: socket.socket) -> None:
    loop, connections = asyncio.get_running_loop(), Connections()
    over = asyncio.Event()
    visits: set[asyncio.Task[None]] = set()

    def open_door() -> None:
        message, handed, _flags, _address = socket.recv_fds(door, 1, 1)
        if not message:
            loop.remove_reader(door)
            over.set()
        for fd in handed:
            visit = loop.create_task(_serve_visitor(socket.socket(fileno=fd), connections))
            visits.add(visit)
            visit.add_done_callback(visits.discard)

    door.setblocking(False)
    loop.add_reader(door, open_door)
    await over.wait()
    # Nobody is left who would want the answers.
    os._exit(0)


async def _serve_visitor(visitor: socket.socket, connections: Connections) -> None:
    """One exchange. Whatever goes wrong with the visitor is the visitor's end."""
    reader, writer = await asyncio.open_connection(sock=visitor)
    with closing(writer), suppress(OSError, ValueError):
        head, _newline, body = (await reader.read()).partition(b"\n")
        order = json.loads(head)
        if len(body) != (order["length"] or 0):
            # Killed before it had said everything.
            return
        told, content = await _answer(order, None if order["length"] is None else body, connections)
        writer.write(json.dumps({**told, "length": len(content)}).encode() + b"\n" + content)
        await writer.drain()


async def _answer(order: dict[str, Any], body: bytes | None, connections: Connections) -> tuple[dict[str, Any], bytes]:
    try:
        status, headers, content = await connections.exchange(order, body)
    except ApiError as error:
        failure = {
            "kind": type(error).__name__,
            "message": error.message,
            "executed": error.uncertain,
            "status": error.status,
        }
        return {"failure": failure}, b""
    return {"status": status, "headers": headers}, content
