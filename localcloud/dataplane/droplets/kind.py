# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind of software that Droplets are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from localcloud import JSON
from localcloud.dataplane import caddy
from localcloud.dataplane.droplets import cloud_init, firewall
from localcloud.dataplane.ground import Ground, usable
from localcloud.dataplane.kinds import FailedError, Kind, Thing
from localcloud.resources.droplets import rows
from localcloud.world import private
from localcloud.world.world import World


class Droplets(Kind):
    name = rows.SOFTWARE

    def missing(self) -> str:
        return "" if caddy.binary() else "no Caddy at hand"

    def wanted(self, world: World) -> dict[str, JSON]:
        return {
            str(row["id"]): {
                "name": row["name"],
                "address": rows.address(row),
                "user_data": row["_user_data"],
                "inbound": firewall.inbound(world, row["id"]),
            }
            for row in rows.droplets(world).everything()
            if rows.address(row) and row["status"] != "off"
        }

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Droplet(ground, key, again)


class Droplet(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        super().__init__(ground, key, again)
        self._caddy = caddy.Caddy(ground, key, again)
        self._lines: list[str] = []

    async def bring(self, spec: JSON) -> None:
        try:
            machine = cloud_init.read(spec["user_data"])
        except ValueError as error:
            raise FailedError(f"it stays a record: {error}") from None
        root = self.ground.room(self.key) / "root"
        self._write(machine, root)
        try:
            config = await self._caddy.adapt(root / cloud_init.CADDYFILE[1:])
        except RuntimeError as error:
            raise FailedError(f"its Caddyfile is wrong: {error}") from None
        servers = config.get("apps", {}).get("http", {}).get("servers", {})
        listening = [_place(server, spec) for server in servers.values()]
        await self._caddy.serve(config)
        self._lines = [spec["name"], *(f"{spec['address']}:{port}" for ports in listening for port in ports)]

    async def end(self, *, forget: bool) -> None:
        await self._caddy.stop()
        if forget:
            self.ground.forget(self.key)

    def describe(self) -> list[str]:
        return [*self._lines, *([f"pid {self._caddy.pid}"] if self._caddy.pid else [])]

    def _write(self, machine: cloud_init.Machine, root: Path) -> None:
        """Each file below the Droplet's own root, in which they name each other."""
        pairs = [path for key, certificate, _name in machine.certificates for path in (key, certificate)]
        paths = sorted({*machine.files, *pairs}, key=len, reverse=True)
        named = re.compile("|".join(map(re.escape, paths)))
        for path in paths:
            (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        for path, content in machine.files.items():
            private.write(root / path[1:], named.sub(lambda found: f"{root}{found[0]}", content).encode())
        for key, certificate, name in machine.certificates:
            if not (root / key[1:]).exists():
                leaf = self.ground.issue(name)
                private.write(root / key[1:], leaf.private_key_pem.bytes())
                private.write(root / certificate[1:], b"".join(blob.bytes() for blob in leaf.cert_chain_pems))


def _place(server: JSON, spec: JSON) -> list[int]:
    """Let one server of its Caddy answer at the Droplet's address alone, to whom its firewall lets in; its ports."""
    asked = [int(listen.rpartition(":")[2]) for listen in server["listen"]]
    ports = [usable(port) for port in asked]
    server["listen"] = [f"{spec['address']}:{port}" for port in ports]
    guards = [route for port in asked for route in firewall.routes(spec["inbound"], port)]
    server["routes"] = [*guards, *server.get("routes", [])]
    return ports
