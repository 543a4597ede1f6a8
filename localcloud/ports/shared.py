# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ports of one instance share: the world, and all that is said and noted around a request."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import localcloud
from localcloud import JSON
from localcloud.contract.check import Contract
from localcloud.ports import auth
from localcloud.ports.faults import Faults
from localcloud.ports.journal import Journal
from localcloud.ports.limits import Limits
from localcloud.ports.words import ALERTS, HOME, PORTS
from localcloud.world import hooks, state_file
from localcloud.world.world import World


@dataclass
class Options:
    """How an instance was started; what can be changed later is changed here or where it is used."""

    speed: str = "instant"
    strict: bool = True
    keep_state: bool = False
    latency_ms: float = 0
    rtt_ms: float = 0
    rate_limit: bool = True
    http2: bool = True
    records_only: bool = False
    spec: Path | None = None
    seed: int | str = 0
    until_stdin_ends: bool = False


class Shared:
    """``broken``: which resources could not be imported, and why."""

    def __init__(self, home: Path, options: Options, broken: dict[str, str]) -> None:
        self.home = home
        self.settings = options
        self.started = time.time()
        # Of the admin API. Anew at each start; who may read the home has it.
        self.admin_token = secrets.token_urlsafe(32)
        # Of the page, which can be read and no more.
        self.page_token = secrets.token_urlsafe(16)
        # Port → where it answers, once it does.
        self.urls = dict.fromkeys(PORTS, "")
        # Port → what is spoken (h2, http/1.1) → connections that came, which is handshakes.
        self.accepted: dict[str, Counter[str]] = {name: Counter() for name in PORTS}
        # Requests that are being answered, of all ports.
        self.under_way: dict[int, str] = {}
        self.journal = Journal()
        self.faults = Faults()
        self.limits = Limits(options.rate_limit)
        self.contract = Contract(options.spec, options.strict)
        self.world = World(options.seed, options.speed, home)
        self.dirty = False
        self._broken = broken
        self._saving = asyncio.Lock()
        self.token = auth.default_token() if options.records_only else auth.new_token()
        if not state_file.read(self.world, home):
            for start in hooks.STARTERS:
                start(self.world)
        auth.stand(self.world, self.token)

    def changed(self) -> None:
        """Something has changed: what runs has to follow, and the state is to be saved soon, when it is kept at all."""
        self.dirty = True
        self.world.plane.change()

    async def save(self) -> None:
        """Save the state as it is now; requests are answered meanwhile. One that cannot be saved stays dirty."""
        async with self._saving:
            state = state_file.snapshot(self.world)
            self.dirty = False
            try:
                await asyncio.to_thread(state_file.write, self.home, state)
            except BaseException:
                self.dirty = True
                raise
            state_file.saved(self.world, state)

    def load(self, state: JSON) -> None:
        """Replace what the account holds; ValueError when this is no state."""
        state_file.load(self.world, state)
        auth.stand(self.world, self.token)
        # They are moments of the clock that was.
        self.limits.clear()

    def reset(self) -> None:
        """An empty account without faults. The journal and the violations stay: they are about what was."""
        self.world.clear()
        for function in (*hooks.RESETTERS, *hooks.STARTERS):
            function(self.world)
        auth.stand(self.world, self.token)
        self.faults.clear()
        self.limits.clear()
        self.changed()

    def close(self) -> None:
        for function in hooks.STOPPERS:
            function(self.world)

    def env(self) -> dict[str, str]:
        """What points any DigitalOcean client here."""
        token, ca = self.token, str(self.home / "ca.pem")
        # These replace what their readers trust, who would then reach nothing else (a package registry, say).
        bundle = str(self.home / "ca-bundle.pem")
        variables = {
            "DIGITALOCEAN_API_URL": self.urls["api"],
            "DIGITALOCEAN_TOKEN": token,
            "DIGITALOCEAN_ACCESS_TOKEN": token,
            "DO_API_TOKEN": token,
            "DIGITALOCEAN_CA_PATH": ca,
            "SPACES_ENDPOINT_URL": self.urls["spaces"],
            "AWS_CA_BUNDLE": bundle,
            "SSL_CERT_FILE": bundle,
            "REQUESTS_CA_BUNDLE": bundle,
            "CURL_CA_BUNDLE": bundle,
            HOME: str(self.home),
        }
        for source in ENV_SOURCES:
            variables.update(source(self))
        return variables | self.world.plane.env()

    def page_url(self) -> str:
        return f"{self.urls['api']}/_localcloud/page?token={self.page_token}"

    def _firing(self) -> list[JSON]:
        """What alerts have told last, of those that have not been resolved."""
        told = self.world.table(ALERTS).everything()
        last = {event["id"]: event for event in told}
        return [event for event in last.values() if event["state"] == "firing"]

    def status(self) -> JSON:
        contract = self.contract
        return {
            "version": localcloud.__version__,
            "pid": os.getpid(),
            "home": str(self.home),
            "page_url": self.page_url(),
            "api_url": self.urls["api"],
            "spaces_url": self.urls["spaces"],
            "uptime_seconds": round(time.time() - self.started, 1),
            "clock": self.world.timestamp(),
            "speed": self.world.clock.speed,
            "latency_ms": self.settings.latency_ms,
            "rtt_ms": self.settings.rtt_ms,
            "rate_limit": self.limits.enabled,
            "http2": self.settings.http2,
            "records_only": self.settings.records_only,
            "runs": self.world.plane.describe(),
            "records": self.world.plane.records(),
            "alerts": self._firing(),
            "keep_state": self.settings.keep_state,
            "contract": {
                "on": contract.on,
                "strict": contract.strict,
                "source": str(contract.source) if contract.source else None,
                "violations": len(contract.violations),
                "relaxed": contract.relaxed,
            },
            "rows": {name: len(table) for name, table in self.world.tables.items() if len(table)},
            "timers": len(self.world.timers),
            "faults": len(self.faults.describe()),
            "journal": self.journal.seq,
            "connections": {name: dict(counted) for name, counted in self.accepted.items()},
            "under_way": list(self.under_way.values()),
            "broken": self._broken,
        }


EnvSource = Callable[[Shared], dict[str, str]]
ENV_SOURCES: list[EnvSource] = []


def env_source(function: EnvSource) -> EnvSource:
    """``def f(shared)`` gives more variables for ``localcloud env``; their names stand in ``home.VARIABLES`` too."""
    ENV_SOURCES.append(function)
    return function
