# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a client begins: TLS, what it wants, its password."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from localcloud.dataplane.pools import wire
from localcloud.dataplane.pools.scram import MECHANISM, Scram

EXTENSION = "_pq_."


@dataclass
class Wanted:
    """``cancels``: the key of another client's, whose query is to be cancelled, and nothing else is wanted."""

    user: str = ""
    database: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    cancels: bytes = b""


class Login:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def wanted(self, context: ssl.SSLContext) -> Wanted:
        """Refused or EOFError for who does not begin as a client does, by TLS."""
        secured = False
        while True:
            length, code = int.from_bytes(await self._reader.readexactly(4)), await self._reader.readexactly(4)
            if not 8 <= length <= wire.LONGEST_START:
                raise wire.Refused("08P01", "invalid startup packet")
            number, body = int.from_bytes(code), await self._reader.readexactly(length - 8)
            if number == wire.SSL and not secured:
                self._writer.write(b"S")
                await self._writer.start_tls(context)
                secured = True
            elif number == wire.GSS:
                self._writer.write(b"N")
            elif number == wire.CANCEL:
                return Wanted(cancels=body)
            elif not secured:
                raise wire.Refused("08P01", "SSL required")
            elif number >> 16 != wire.VERSION_3 >> 16:
                raise wire.Refused("08P01", "unsupported protocol version")
            else:
                return self._read(wire.strings(body), number)

    def _read(self, words: list[str], version: int) -> Wanted:
        given = dict(zip(words[::2], words[1::2], strict=False))
        unknown = [name for name in given if name.startswith(EXTENSION)]
        if version != wire.VERSION_3 or unknown:
            text = b"".join(name.encode() + b"\0" for name in unknown)
            self._writer.write(wire.message(b"v", wire.VERSION_3.to_bytes(4) + len(unknown).to_bytes(4) + text))
        parameters = {name: value for name, value in given.items() if name and name not in unknown}
        user = parameters.pop("user", "")
        return Wanted(user, parameters.pop("database", user), parameters)

    async def authenticate(self, user: str, verifier: Callable[[str], Awaitable[str | None]]) -> None:
        scram = Scram(await verifier(user))
        self._authentication(10, MECHANISM.encode() + b"\0\0")
        chosen, _zero, rest = (await self._answer()).partition(b"\0")
        if chosen.decode(errors="replace") != MECHANISM:
            raise wire.Refused("08P01", f"only {MECHANISM} is offered")
        try:
            self._authentication(11, scram.challenge(rest[4:].decode()).encode())
            verdict = scram.verdict((await self._answer()).decode())
        except ValueError:
            raise wire.Refused("08P01", "malformed SCRAM message") from None
        if verdict is None:
            raise wire.Refused("28P01", f'password authentication failed for user "{user}"')
        self._authentication(12, verdict.encode())
        self._authentication(0, b"")

    def _authentication(self, code: int, body: bytes) -> None:
        self._writer.write(wire.message(b"R", code.to_bytes(4) + body))

    async def _answer(self) -> bytes:
        head = await self._reader.readexactly(wire.HEAD)
        length = int.from_bytes(head[1:]) - 4
        if head[0] != wire.PASSWORD or not 0 <= length <= wire.LONGEST_START:
            raise wire.Refused("08P01", "expected an answer to a request for a password")
        return await self._reader.readexactly(length)
