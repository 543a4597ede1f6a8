# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of PostgreSQL's protocol, version 3: a byte that says what it is, its length, what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

# What a client begins with has no such byte, but a number.
VERSION_3, CANCEL, SSL, GSS = 3 << 16, 80877102, 80877103, 80877104
# More is no beginning.
LONGEST_START = 10_000

# From clients.
QUERY, PARSE, BIND, DESCRIBE, EXECUTE, CLOSE, SYNC, FLUSH, CALL, TERMINATE, PASSWORD = b"QPBDECSHFXp"
COPY = b"dcf"
# From servers.
AUTHENTICATION, PARAMETER, KEY, READY, ERROR, COMPLETE, COPY_IN = b"RSKZECG"
PARSED, CLOSED = b"1", b"3"

HEAD = 5
IDLE = ord("I")


class Refused(Exception):  # noqa: N818 (it is an answer)
    """What a client is told before it is sent away."""

    def __init__(self, code: str, text: str, frame: bytes = b"") -> None:
        super().__init__(text)
        self.frame = frame or error(code, text)


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + (len(body) + 4).to_bytes(4) + body


def error(code: str, text: str) -> bytes:
    fields = {"S": "FATAL", "V": "FATAL", "C": code, "M": text}
    return message(b"E", b"".join(f"{name}{value}\0".encode() for name, value in fields.items()) + b"\0")


def startup(parameters: Mapping[str, str]) -> bytes:
    pairs = b"".join(f"{name}\0{value}\0".encode() for name, value in parameters.items())
    body = VERSION_3.to_bytes(4) + pairs + b"\0"
    return (len(body) + 4).to_bytes(4) + body


def strings(body: bytes) -> list[str]:
    """Those that stand one after the other, each with a zero behind it."""
    return [part.decode(errors="replace") for part in body.split(b"\0")]


def error_code(frame: bytes) -> str:
    return next((field[1:] for field in strings(frame[HEAD:]) if field.startswith("C")), "")


class Frames:
    """Cuts what arrives into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        data, at = self._rest + data, 0
        while len(data) >= at + HEAD:
            end = at + 1 + int.from_bytes(data[at + 1 : at + HEAD])
            if end < at + HEAD:
                raise Refused("08P01", "invalid length of a message")
            if len(data) < end:
                break
            yield data[at], data[at:end]
            at = end
        self._rest = data[at:]
