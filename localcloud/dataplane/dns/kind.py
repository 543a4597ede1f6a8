# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind of software that answers for names: one server, in this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.rcode

from localcloud import JSON
from localcloud.dataplane.dns.answers import answer, hosts
from localcloud.dataplane.ground import Ground, free_address, usable
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.world.world import World

log = logging.getLogger("localcloud")

PORT = 53
# Bytes that every client takes by UDP.
PLAIN_UDP = 512


class NameServers(Kind):
    name = "dns"

    def __init__(self) -> None:
        self._at = (free_address([usable(PORT)]), usable(PORT))

    def env(self) -> dict[str, str]:
        """For ``dns_resolver`` of an inventory: ``127.80.1.2``, or with its port when that is another."""
        host, port = self._at
        return {"LOCALCLOUD_RESOLVER": host if port == PORT else f"{host}:{port}"}

    def hosts(self, world: World) -> dict[str, str]:
        return hosts(world)

    def wanted(self, world: World) -> dict[str, JSON]:  # noqa: ARG002
        return {"server": {"at": list(self._at)}}

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return NameServer(ground, key, again)


class NameServer(Thing):
    _udp: asyncio.DatagramTransport | None = None
    _tcp: asyncio.Server | None = None
    _at: tuple[str, int] = ("", 0)

    async def bring(self, spec: JSON) -> None:
        if self._tcp is not None:
            return
        self._at = (spec["at"][0], spec["at"][1])
        loop = asyncio.get_running_loop()
        self._udp, _protocol = await loop.create_datagram_endpoint(lambda: _Datagrams(self._answer), self._at)
        try:
            self._tcp = await asyncio.start_server(self._stream, *self._at)
        except OSError:
            self._udp.close()
            raise

    async def end(self, *, forget: bool) -> None:  # noqa: ARG002
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            self._tcp.close()

    def describe(self) -> list[str]:
        host, port = self._at
        where = f"@{host}" if port == PORT else f"@{host} -p {port}"
        zones = sorted(self.ground.world.table("domains"))
        return [f"dig {where} {zone}" for zone in zones] or [f"dig {where}  (no zones yet)"]

    def _answer(self, wire: bytes, most: int | None) -> bytes:
        """Nothing for what is no question. ``most``: bytes; None for those that the client takes by UDP."""
        try:
            asked = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return b""
        if asked.flags & dns.flags.QR:
            return b""
        try:
            response = answer(self.ground.world, asked)
        except Exception:
            log.exception("a question about names could not be answered")
            response = dns.message.make_response(asked)
            response.set_rcode(dns.rcode.SERVFAIL)
        most = most or (max(PLAIN_UDP, asked.payload) if asked.edns >= 0 else PLAIN_UDP)
        try:
            return response.to_wire(max_size=most)
        except dns.exception.TooBig:
            short = dns.message.make_response(asked)
            short.flags |= dns.flags.TC | dns.flags.AA
            return short.to_wire()

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                size = int.from_bytes(await reader.readexactly(2))
                said = self._answer(await reader.readexactly(size), 65535)
                writer.write(len(said).to_bytes(2) + said)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answered: Callable[[bytes, int | None], bytes]) -> None:
        self._answered = answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, client: tuple[str, int]) -> None:
        if said := self._answered(data, None):
            self._transport.sendto(said, client)
