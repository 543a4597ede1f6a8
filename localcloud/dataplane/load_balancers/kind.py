# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind of software behind load balancers."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from localcloud import JSON
from localcloud.dataplane import nginx
from localcloud.dataplane.ground import Ground, usable
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.dataplane.load_balancers.blocks import blocks
from localcloud.dataplane.load_balancers.health import Health
from localcloud.dataplane.load_balancers.load import Load
from localcloud.dataplane.traffic import Traffic
from localcloud.resources.droplets import rows as droplets
from localcloud.resources.load_balancers import rows
from localcloud.world import private
from localcloud.world.clock import parse
from localcloud.world.world import World

log = logging.getLogger("localcloud")

# The end of a line of its log, as blocks.HTTP has it: status, where it went, seconds.
TOLD = re.compile(rb" (?P<status>\d{3}) (?:\S+, )*\S+ (?P<seconds>\d+\.\d+)$")


class LoadBalancers(Kind):
    name = rows.SOFTWARE

    def missing(self) -> str:
        return "" if nginx.binary() else "no nginx at hand"

    def wanted(self, world: World) -> dict[str, JSON]:
        return {row["id"]: _spec(world, row) for row in rows.table(world).everything() if rows.address(row)}

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return LoadBalancer(ground, key, again)


def _spec(world: World, row: JSON) -> JSON:
    check, table = row["health_check"], world.table("certificates")
    used = {rule["certificate_id"] for rule in row["forwarding_rules"] if rule["certificate_id"]}
    behind = rows.behind(world, row)
    return {
        "address": rows.address(row),
        "nodes": row["size_unit"],
        "rules": row["forwarding_rules"],
        "certificates": {
            id: {"names": found["dns_names"], "not_after": found.get("not_after")}
            for id in sorted(used)
            if (found := table.peek(id))
        },
        # One that is a record only is not there.
        "backends": {str(one["id"]): droplets.address(one) for one in behind if droplets.address(one)},
        "check": {
            **check,
            "port": usable(check["port"]),
            "interval": world.clock.scale(check["check_interval_seconds"]),
        },
        "algorithm": row["algorithm"],
        "sticky": row["sticky_sessions"],
        "redirect": row["redirect_http_to_https"],
        "proxy_protocol": row["enable_proxy_protocol"],
        "idle": row["http_idle_timeout_seconds"],
        "cipher": row["tls_cipher_policy"],
        "firewall": row["firewall"],
    }


class LoadBalancer(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        super().__init__(ground, key, again)
        self._nginx = nginx.Nginx(key, ground.room(key), ground.log(key), again)
        self._health = Health(key, self._others_are_well)
        self._traffic, self._load = Traffic(ground.log(key), TOLD), Load()
        self._spec: JSON = {}
        self._certificates: dict[str, Path] = {}
        # The Droplets that get requests.
        self._used: set[str] = set()

    async def bring(self, spec: JSON) -> None:
        self._spec = spec
        self._certificates = {id: self._certificate(id, **told) for id, told in spec["certificates"].items()}
        self._health.watch(spec["check"], spec["address"], spec["backends"])
        await self._serve()

    async def measure(self) -> dict[str, float]:
        self._traffic.read(asyncio.get_running_loop().time())
        found, pid, spec = self._traffic.figures(), self._nginx.pid, self._spec
        # It may have ended meanwhile, and only Linux tells.
        with suppress(OSError):
            if pid is not None:
                ports = {usable(rule["entry_port"]) for rule in spec["rules"]}
                found |= self._load.read(pid, spec["address"], ports, spec["nodes"])
        return found

    async def end(self, *, forget: bool) -> None:
        await self._health.stop()
        await self._nginx.end()
        if forget:
            self.ground.forget(self.key)

    def describe(self) -> list[str]:
        if not self._spec:
            return []
        lines = [self._line(rule) for rule in self._spec["rules"] if rule["entry_protocol"] != "http3"]
        return [*lines, *self._visit(), f"{len(self._used)} of {len(self._spec['backends'])} Droplets healthy"]

    def _visit(self) -> list[str]:
        """How to go there by its first name, which no resolver of this machine knows."""
        for rule in self._spec["rules"]:
            for name in self._spec["certificates"].get(rule["certificate_id"], {}).get("names", [])[:1]:
                port, host = usable(rule["entry_port"]), name.replace("*", "www", 1)
                return [
                    f'curl --cacert "$DIGITALOCEAN_CA_PATH" --resolve {host}:{port}:{self._spec["address"]} '
                    f"https://{host}{'' if port == 443 else f':{port}'}/"
                ]
        return []

    def _line(self, rule: JSON) -> str:
        port, scheme = usable(rule["entry_port"]), rule["entry_protocol"].replace("http2", "https")
        where = "" if {"http": 80, "https": 443}.get(scheme) == port else f":{port}"
        names = ", ".join(self._spec["certificates"].get(rule["certificate_id"], {}).get("names", []))
        return f"{scheme}://{self._spec['address']}{where}{f'  ({names})' if names else ''}"

    async def _serve(self) -> None:
        healthy = set(self._health.healthy)
        await self._nginx.bring(blocks(self._spec, healthy, self._certificates, self.ground.log(self.key)))
        self._used = healthy

    async def _others_are_well(self) -> None:
        try:
            await self._serve()
        except Exception:
            log.exception("%s: who is well cannot be told to it", self.key)
            self.again()

    def _certificate(self, id: str, names: list[str], not_after: str | None) -> Path:
        """Its names, issued by the instance's authority: the key of one that a user has given is kept by nobody.

        One that is still to be issued has no end yet, and serves meanwhile.
        """
        path = self.ground.room(self.key) / f"{id}{'' if not_after else '-pending'}.pem"
        if path not in self._certificates.values():
            end = {"not_after": parse(not_after)} if not_after else {}
            private.write(path, self.ground.issue(*names, **end).private_key_and_cert_chain_pem.bytes())
        return path
