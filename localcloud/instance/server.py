# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One instance: its world, and the two ports on one event loop."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import pkgutil
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import localcloud
from localcloud.contract.check import Contract
from localcloud.ports.admin import PREFIX, Admin
from localcloud.ports.auth import default_token
from localcloud.ports.dispatch import MESSAGES, Api
from localcloud.ports.exchange import Answer, Call, Receive, Scope, Send
from localcloud.ports.faults import Faults, Rule
from localcloud.ports.guard import Guard
from localcloud.ports.journal import Journal
from localcloud.ports.limits import Limits
from localcloud.world import hooks, store
from localcloud.world.home import VARIABLE
from localcloud.world.world import World

log = logging.getLogger("localcloud")

# What could not be imported, and why: reported by status, so that one broken part does not take the others down.
BROKEN: dict[str, str] = {}


def load_resources() -> None:
    """Import every module below ``localcloud``, so that what they register is there."""
    for module in pkgutil.walk_packages(localcloud.__path__, "localcloud.", onerror=lambda _name: None):
        if module.name.endswith("__main__"):
            continue
        try:
            importlib.import_module(module.name)
        except Exception as error:
            BROKEN[module.name] = f"{type(error).__name__}: {error}"
            log.exception("%s is left out", module.name)


@dataclass
class Options:
    """How an instance was started; what can be changed later is changed here or where it is used."""

    speed: str = "instant"
    strict: bool = True
    keep_state: bool = False
    latency_ms: float = 0
    rate_limit: bool = True
    spec: Path | None = None
    seed: int | str = 0
    until_stdin_ends: bool = False


class Server:
    """What the ports, the admin API and the resource packages share."""

    def __init__(self, home: Path, options: Options | None = None) -> None:
        load_resources()
        self.home = home
        self.settings = options or Options()
        self.started = time.time()
        # Of the admin API. Anew at each start; who may read the home has it.
        self.admin_token = secrets.token_urlsafe(32)
        self.api_url = ""
        self.spaces_url = ""
        self.journal = Journal()
        self.faults = Faults()
        self.limits = Limits(self.settings.rate_limit)
        self.contract = Contract(self.settings.spec, self.settings.strict)
        self.world = World(self.settings.seed, self.settings.speed, home)
        self.dirty = False
        self._saving = asyncio.Lock()
        if not store.read(self):
            for start in hooks.STARTERS:
                start(self.world)
        api = Api(self)
        self._api = Guard(self, "api", api, api.injected)
        self._admin = Admin(self)
        self._spaces: Guard | None = None

    async def api(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application of the API port."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._admin(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    async def spaces(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application of the Spaces port."""
        if self._spaces is None:
            self._spaces = Guard(self, "spaces", hooks.SPACES_FRONTS[0](self), _spaces_failure)
        await self._spaces(scope, receive, send)

    def changed(self) -> None:
        """Something has changed: the state is to be saved soon, when it is kept at all."""
        self.dirty = True

    async def save(self) -> None:
        """Save the state as it is now; requests are answered meanwhile. One that cannot be saved stays dirty."""
        async with self._saving:
            state = store.snapshot(self)
            self.dirty = False
            try:
                await asyncio.to_thread(store.write, self.home, state)
            except BaseException:
                self.dirty = True
                raise
            store.saved(self, state)

    def reset(self) -> None:
        """An empty account without faults. The journal and the violations stay: they are about what was."""
        self.world.clear()
        for function in (*hooks.RESETTERS, *hooks.STARTERS):
            function(self.world)
        self.faults.clear()
        self.limits.clear()
        self.dirty = True

    def close(self) -> None:
        for function in hooks.STOPPERS:
            function(self.world)

    def env(self) -> dict[str, str]:
        """What points any DigitalOcean client here."""
        token, ca = default_token(), str(self.home / "ca.pem")
        # These replace what their readers trust, who would then reach nothing else (a package registry, say).
        bundle = str(self.home / "ca-bundle.pem")
        variables = {
            "DIGITALOCEAN_API_URL": self.api_url,
            "DIGITALOCEAN_TOKEN": token,
            "DIGITALOCEAN_ACCESS_TOKEN": token,
            "DO_API_TOKEN": token,
            "DIGITALOCEAN_CA_PATH": ca,
            "SPACES_ENDPOINT_URL": self.spaces_url,
            "AWS_CA_BUNDLE": bundle,
            "SSL_CERT_FILE": bundle,
            "REQUESTS_CA_BUNDLE": bundle,
            "CURL_CA_BUNDLE": bundle,
            VARIABLE: str(self.home),
        }
        for source in hooks.ENV_SOURCES:
            variables.update(source(self))
        return variables

    def status(self) -> dict[str, Any]:
        contract = self.contract
        return {
            "version": localcloud.__version__,
            "pid": os.getpid(),
            "home": str(self.home),
            "api_url": self.api_url,
            "spaces_url": self.spaces_url,
            "uptime_seconds": round(time.time() - self.started, 1),
            "clock": self.world.timestamp(),
            "speed": self.world.clock.speed,
            "latency_ms": self.settings.latency_ms,
            "rate_limit": self.limits.enabled,
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
            "under_way": [*self._api.under_way.values(), *(self._spaces.under_way.values() if self._spaces else ())],
            "broken": BROKEN,
        }


def _spaces_failure(call: Call, rule: Rule) -> Answer:
    status = 429 if rule.kind == "burst" else rule.status
    headers = {} if rule.seconds is None else {"retry-after": f"{rule.seconds:g}"}
    message = MESSAGES.get(status, "Error")
    if rule.body is None and hooks.SPACES_FAILURES:
        return hooks.SPACES_FAILURES[0](call, status, message, headers)
    code = "SlowDown" if status in (429, 503) else "InternalError"
    body = (
        rule.body
        if rule.body is not None
        else f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    )
    return Answer(status, body.encode(), [("content-type", "application/xml"), *headers.items()])
