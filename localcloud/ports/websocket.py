# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A text that is pushed line by line through a websocket (RFC 6455): how the vendor's command line reads live logs.

Only what that takes: nothing is read, and each message is ``{"data": "<line>\\n"}``.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from localcloud.ports.exchange import Answer, Call

# Of RFC 6455: what a server proves with that it knows the protocol.
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE = 0x81, 0x88
_NORMAL = (1000).to_bytes(2)

# Seconds between two looks at a text that goes on.
POLL = 0.2


def wanted(call: Call, answer: Answer) -> bool:
    """Whether the caller wants this answer so."""
    is_text = ("content-type", "text/plain") in answer.headers
    return answer.status == 200 and is_text and call.headers.get("upgrade", "").lower() == "websocket"


def frame(kind: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes([kind, length]) + payload
    return bytes([kind, 126]) + length.to_bytes(2) + payload


async def push(call: Call, answer: Answer, again: Callable[[], Awaitable[Answer]], gone: asyncio.Future[Any]) -> None:
    """Send the lines of the answer, and of those after it as long as it is ``live`` and the client there."""
    transport = call.scope["state"]["transport"]
    key = hashlib.sha1(f"{call.headers.get('sec-websocket-key', '')}{_GUID}".encode()).digest()  # noqa: S324
    head = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
    accepted = f"Sec-WebSocket-Accept: {base64.b64encode(key).decode()}"
    transport.write("\r\n".join([*head, accepted, "", ""]).encode())
    sent: set[str] = set()
    while not gone.done():
        for line in answer.body.decode().splitlines():
            if line not in sent:
                sent.add(line)
                transport.write(frame(_TEXT, json.dumps({"data": f"{line}\n"}).encode()))
        if not answer.live:
            break
        # The server underneath stops reading once it has been asked to switch; a client that goes must be noticed.
        transport.resume_reading()
        await asyncio.wait({gone}, timeout=POLL)
        answer = await again()
    transport.write(frame(_CLOSE, _NORMAL))
    transport.close()
    await gone
