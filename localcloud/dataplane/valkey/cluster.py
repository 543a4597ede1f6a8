# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes of a cluster: which of them leads, and who takes over when it has died."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from collections.abc import Callable, Mapping

from localcloud import JSON
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Thing
from localcloud.dataplane.nginx import Nginx
from localcloud.dataplane.valkey import front
from localcloud.dataplane.valkey.node import SOCKET, Node
from localcloud.world import private

# Each with the port by which the other follows it.
NODES = {"a": 7001, "b": 7002}
# Of which node the data is, for whoever starts it again.
PRIMARY = "primary"


class Cluster(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        super().__init__(ground, key, again)
        self._room = ground.room(key)
        self._nodes: dict[str, Node] = {}
        self._front = Nginx(f"the front of {key}", self._room, ground.log(f"{key}-front"), again)
        self._at = ("", 0)
        self._gib = 1
        self._names: list[str] = []
        # Seconds of a processor's time that the primary had used, and when that was.
        self._used, self._looked = 0.0, 0.0

    @property
    def primary(self) -> str:
        file = self._room / PRIMARY
        return private.read(file) if file.exists() else "a"

    async def bring(self, spec: JSON) -> None:
        """The primary first, then the way to it: a cluster whose standby is being made anew can be used."""
        if not self._nodes:
            self._prepare(spec)
        if spec["names"] != self._names:
            front.write_certificate(self._room, self.ground.issue(self._at[0], *spec["names"]))
        self._names, self._gib = spec["names"], spec["gib"]
        leader = await self._leader()
        await self._nodes[leader].bring(spec)
        await self._nodes[leader].lead()
        inner = {port: f"{name}/{SOCKET}" for name, port in NODES.items()} if spec["nodes"] > 1 else {}
        blocks = front.blocks(self._at, f"{leader}/{SOCKET}", spec["sources"], inner)
        # The names are in the certificate's file, which the configuration does not show.
        await self._front.bring(f"# {' '.join(self._names)}\n{blocks}")
        for name, node in self._nodes.items():
            if name == leader:
                continue
            if spec["nodes"] > 1:
                await node.bring(spec)
                await node.follow(self._nodes[leader])
            else:
                await node.stop(forget=True)
                await asyncio.to_thread(shutil.rmtree, node.folder, ignore_errors=True)

    def _prepare(self, spec: JSON) -> None:
        host, port = spec["at"]
        self._at = (host, port)
        secret = secrets.token_urlsafe(32)
        for name, own in NODES.items():
            log = self.ground.log(f"{self.key}-{name}")
            self._nodes[name] = Node(self._room / name, (host, own), secret, log, self.again)

    async def _leader(self) -> str:
        """The name of the primary; when it has died, and its standby had all that it had, the standby's from now on."""
        leader = self.primary
        heirs = [name for name, node in self._nodes.items() if name != leader and node.running and node.synced]
        if not self._nodes[leader].running and heirs:
            leader = heirs[0]
            private.write(self._room / PRIMARY, leader.encode())
        return leader

    async def end(self, *, forget: bool) -> None:
        await self._front.end()
        leader = self.primary
        for name in sorted(self._nodes, key=lambda name: name == leader):
            await self._nodes[name].stop(forget=forget)
        if forget:
            await asyncio.to_thread(shutil.rmtree, self._room, ignore_errors=True)

    async def measure(self) -> Mapping[str, float]:
        """Of the primary: per cent of a processor, of the node's memory, of what it may keep; clients, and hits."""
        told = await self._nodes[self.primary].info()
        used, now = told["used_cpu_sys"] + told["used_cpu_user"], time.monotonic()
        # A server that has begun anew has used less.
        spent = max(0.0, used - self._used) / (now - self._looked) if self._looked else 0.0
        self._used, self._looked = used, now
        return {
            "cpu": min(100.0, 100 * spent),
            "memory": 100 * told["used_memory_rss"] / (self._gib << 30),
            "cache": 100 * told["used_memory"] / told["maxmemory"],
            # Without our own connection.
            "connections": told["connected_clients"] - 1,
            "hits": told["keyspace_hits"],
            "misses": told["keyspace_misses"],
            "evicted": told["evicted_keys"],
        }

    def describe(self) -> list[str]:
        leader = self.primary
        lines = [f"rediss://default@{self._at[0]}:{self._at[1]}"] if self._nodes else []
        for name, node in self._nodes.items():
            if node.process is not None and node.running:
                lines.append(f"{'primary' if name == leader else 'standby'}, pid {node.process.pid}")
        return [*lines, f"front, pid {self._front.pid}"] if self._front.pid else lines
