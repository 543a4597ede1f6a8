# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call and its answer, free of the server underneath."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass
class Call:
    """``path`` is decoded, ``raw_path`` as it came; ``query`` is the raw query string; header names are lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    scope: Scope
    raw_path: str = ""

    @property
    def base_url(self) -> str:
        return f"{self.scope.get('scheme', 'https')}://{self.headers.get('host', '127.0.0.1')}"


@dataclass
class Answer:
    """What goes back, and what the journal notes of it (operation, whether state changed, the token's name).

    ``live``: it is a text that goes on, for who wants to follow it.
    """

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    operation: str = ""
    effect: bool = False
    token: str = ""
    live: bool = False

    @classmethod
    def of_json(cls, status: int, body: Any, headers: list[tuple[str, str]] | None = None) -> Answer:
        """``body`` None means no body at all, as after a deletion."""
        if body is None:
            return cls(status, b"", list(headers or []))
        raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        return cls(status, raw, [("content-type", "application/json; charset=utf-8"), *(headers or [])])


class TooLargeError(Exception):
    """The body is longer than whoever it is for takes, from anybody."""


def head_of(scope: Scope) -> Call:
    """The request without its body."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    raw_path = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    return Call(scope["method"], scope["path"], query, headers, b"", scope, raw_path)


async def read_call(scope: Scope, receive: Receive, limit: int) -> Call | None:
    """The whole request, or None when the client went away in the middle.

    ``TooLargeError`` for a body of more than ``limit`` bytes: by its own word before anything of it is read, or when
    more has come. It is not known yet who sends it, so nobody may fill the memory.
    """
    call = head_of(scope)
    length = call.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise TooLargeError
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise TooLargeError
        if not message.get("more_body"):
            break
    call.body = b"".join(chunks)
    return call


async def send_answer(call: Call, answer: Answer, send: Send) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if answer.status not in (204, 304) and not any(name == b"content-length" for name, _value in headers):
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if call.method == "HEAD" else answer.body})
