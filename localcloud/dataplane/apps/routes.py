# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kind ``route``: requests to an app reach a deployment. It is up once they do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping

from localcloud import JSON
from localcloud.dataplane import caddy, nginx
from localcloud.dataplane.apps import ingress
from localcloud.dataplane.apps.entrance import Entrance, certificate, requests
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.dataplane.traffic import Traffic
from localcloud.resources.apps import address, instances
from localcloud.resources.apps.deployments.stages import is_routed
from localcloud.resources.apps.rows import APPS, DEPLOYMENTS
from localcloud.resources.apps.spec import ROUTED, components
from localcloud.world import private
from localcloud.world.world import World

# Of the end of a line.
TOLD = re.compile(rb'"duration":(?P<seconds>[\d.e-]+),.*"status":(?P<status>\d{3})')
LOOPBACK = "127.0.0.0/8"


class Routes(Kind):
    name = "route"

    def __init__(self) -> None:
        self._entrance = Entrance()

    def missing(self) -> str:
        absent = [name for name, found in (("Caddy", caddy.binary()), ("nginx", nginx.binary())) if found is None]
        return f"there is no {' and no '.join(absent)} for this machine" if absent else ""

    def wanted(self, world: World) -> dict[str, JSON]:
        """Of each app, the way to what gets its requests: to the deployment that is active, or will be."""
        found = {}
        for app in world.table(APPS).everything():
            row = world.table(DEPLOYMENTS).peek(app.get("_routed") or app["_active"] or "")
            if row is not None and is_routed(app, row["spec"]):
                found[row["id"]] = _wanted(world, app, row)
        return found

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Route(ground, key, again, self._entrance)


def _wanted(world: World, app: JSON, deployment: JSON) -> JSON:
    spec = deployment["spec"]
    routed = [component for _kind, component in components(spec, *ROUTED)]
    upstreams = {
        component["name"]: [
            f"{one['address']}:{one['port']}"
            for one in instances.of(world, deployment, component["name"])
            if one["ready"]
        ]
        for component in routed
    }
    return {
        "app": app["id"],
        "at": app["_at"],
        "names": [address.name(app), *(entry["spec"]["domain"] for entry in app["_domains"])],
        "rules": (spec.get("ingress") or {}).get("rules") or [],
        "upstreams": upstreams,
        "protocols": {component["name"]: component.get("protocol", "HTTP") for component in routed},
        "offline": _is_offline(spec),
    }


def _is_offline(spec: JSON) -> bool:
    maintenance = spec.get("maintenance") or {}
    return bool(maintenance.get("enabled") or maintenance.get("archive"))


class Route(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None], entrance: Entrance) -> None:
        super().__init__(ground, key, again)
        self._entrance = entrance
        self._spec: JSON = {}
        self._names: list[str] = []
        self._traffic: Traffic | None = None

    async def bring(self, spec: JSON) -> None:
        if self._names != spec["names"]:
            self._certify(spec)
        await self._entrance.put(self.ground, spec["app"], self.key, _servers(spec), self.again)
        self._spec = spec
        self._traffic = self._traffic or Traffic(requests(self.ground, spec["app"]), TOLD)

    async def measure(self) -> Mapping[str, float]:
        if self._traffic is None:
            return {}
        self._traffic.read(asyncio.get_running_loop().time())
        return self._traffic.figures()

    def _certify(self, spec: JSON) -> None:
        """For its address too, since who comes by that names no host."""
        leaf = self.ground.issue(spec["at"]["https"][0], *spec["names"])
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        private.write(certificate(self.ground, spec["app"]), leaf.private_key_pem.bytes() + chain)
        self._names = spec["names"]

    async def end(self, *, forget: bool) -> None:
        await self._entrance.drop(self.ground, self.key)
        if forget and self._spec and self.ground.world.table(APPS).peek(self._spec["app"]) is None:
            for file in (certificate, requests):
                file(self.ground, self._spec["app"]).unlink(missing_ok=True)

    def describe(self) -> list[str]:
        host, port = self._spec["at"]["https"] if self._spec else ("", 443)
        to = [f"{name} → {', '.join(dials) or 'nobody'}" for name, dials in self._spec.get("upstreams", {}).items()]
        return [f"https://{host}" if port == address.HTTPS else f"https://{host}:{port}", *to] if host else []


def _servers(spec: JSON) -> JSON:
    (host, port), (plain_host, plain_port) = spec["at"]["https"], spec["at"]["http"]
    suffix = "" if port == address.HTTPS else f":{port}"
    to_https = {
        "handler": "static_response",
        "status_code": "301",
        "headers": {"Location": [f"https://{{http.request.host}}{suffix}{{http.request.uri}}"]},
    }
    common = {"automatic_https": {"disable": True}, "protocols": ["h1", "h2"]}
    return {
        f"{spec['app']}": {
            **common,
            "at": (host, port),
            "routes": ingress.offline()
            if spec["offline"]
            else ingress.routes(spec["rules"], spec["upstreams"], spec["protocols"]),
            "logs": {"default_logger_name": spec["app"]},
            "tls_connection_policies": [{"fallback_sni": host}],
            # What proxies before us say of the visitor is kept.
            "trusted_proxies": {"source": "static", "ranges": [LOOPBACK]},
        },
        f"{spec['app']}-plain": {
            **common,
            "at": (plain_host, plain_port),
            "routes": [{"handle": [to_https]}],
        },
    }
