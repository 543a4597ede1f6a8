# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin API under ``/_localcloud/``: for tests and demos, not part of DigitalOcean.

It wants the instance's own token, which lies in its home for who may read that. A browser's page or a foreign host name
is refused before: no web site can reach it, whatever it knows. One page is there for browsers, to be read (``page``).
"""

from __future__ import annotations

import copy
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from inspect import isawaitable
from typing import Any
from urllib.parse import parse_qsl

from localcloud import JSON
from localcloud.ports import page
from localcloud.ports.auth import ALL, add_token
from localcloud.ports.exchange import (
    Answer,
    Application,
    Call,
    Receive,
    Scope,
    Send,
    TooLargeError,
    head_of,
    read_call,
    send_answer,
)
from localcloud.ports.settings import change
from localcloud.ports.shared import Shared
from localcloud.ports.words import TOKEN
from localcloud.world import hooks, state_file

log = logging.getLogger("localcloud")

PREFIX = "/_localcloud/"
# Bytes of a request: a whole state goes in by it.
MAX_BODY = 2**30
# Of a log, unless more are asked for.
LINES = 40
# Of a cluster, what is no measure of how busy it is.
SCALE = "disk_scale"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class AdminError(ValueError):
    """What the caller got wrong."""


def _host(call: Call) -> str:
    return call.headers.get("host", "").rsplit(":", 1)[0]


@dataclass(frozen=True)
class Ask:
    query: dict[str, str]
    body: JSON

    def integer(self, name: str) -> int | None:
        return int(self.query[name]) if name in self.query else None


class Admin:
    """Answers what is below ``PREFIX``; the rest of the same port is for ``others``."""

    def __init__(self, shared: Shared, others: Application) -> None:
        self._shared = shared
        self._others = others
        self._routes: dict[str, Callable[[Ask], Any]] = {
            "GET status": lambda _ask: shared.status(),
            "GET env": lambda _ask: shared.env(),
            "POST reset": self._reset,
            "GET logs": self._logs,
            "GET hosts": lambda _ask: shared.world.plane.hosts(),
            "GET journal": self._journal,
            "DELETE journal": lambda _ask: shared.journal.clear(),
            "GET violations": lambda _ask: {"violations": list(shared.contract.violations)},
            "DELETE violations": lambda _ask: shared.contract.violations.clear(),
            "GET undeclared": self._undeclared,
            "DELETE undeclared": lambda _ask: shared.contract.undeclared.clear(),
            "GET faults": lambda _ask: {"faults": shared.faults.describe()},
            "POST faults": lambda ask: {"fault": shared.faults.add(ask.body).describe()},
            "DELETE faults": lambda ask: {"removed": shared.faults.clear(ask.integer("id"))},
            "POST clock": self._clock,
            "PUT settings": self._settings,
            "PUT utilization": self._utilization,
            "POST tokens": self._token,
            "POST seed": self._seed,
            "GET state": lambda _ask: state_file.dump(shared.world),
            "PUT state": self._load,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._others(scope, receive, send)
            return
        head = head_of(scope)
        if scope["path"] == PREFIX + page.NAME and _host(head) in LOCAL_HOSTS:
            await send_answer(head, await page.answer(self._shared, head), send)
            return
        refusal = self._refusal(head)
        try:
            call = head if refusal else await read_call(scope, receive, MAX_BODY)
        except TooLargeError:
            call, refusal = head, Answer.of_json(413, {"message": f"The body has more than {MAX_BODY} bytes."})
        if call is not None:
            await send_answer(call, refusal or await self._answer(call), send)

    def _refusal(self, call: Call) -> Answer | None:
        """Why this caller is not even listened to; None when it is."""
        # A browser says where a page comes from in one of these; a command never does.
        if _host(call) not in LOCAL_HOSTS or "origin" in call.headers or "sec-fetch-site" in call.headers:
            return Answer.of_json(403, {"message": "The admin API is for this machine only."})
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), self._shared.admin_token.encode()):
            where = self._shared.home / TOKEN
            return Answer.of_json(401, {"message": f"The admin API wants the token of this instance, from {where}."})
        return None

    async def _answer(self, call: Call) -> Answer:
        name = call.path.removeprefix(PREFIX).strip("/")
        route = self._routes.get(f"{call.method} {name}")
        if route is None:
            return Answer.of_json(
                404, {"message": f"There is no {call.method} {name}.", "routes": sorted(self._routes)}
            )
        try:
            body = json.loads(call.body) if call.body.strip() else {}
            if not isinstance(body, dict):
                raise AdminError("the body must be a JSON object")
            found = route(Ask(dict(parse_qsl(call.query)), body))
            found = await found if isawaitable(found) else found
            if call.method != "GET":
                await self._shared.world.plane.settle()
            return Answer.of_json(200, found or {})
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            return Answer.of_json(400, {"message": f"{call.method} {name}: {error}"})
        except Exception as error:
            log.exception("%s failed", name)
            return Answer.of_json(500, {"message": f"{type(error).__name__}: {error}"})

    def _reset(self, _ask: Ask) -> None:
        self._shared.reset()

    def _logs(self, ask: Ask) -> Any:
        """Whose logs there are, or the last lines of one."""
        plane = self._shared.world.plane
        if "key" not in ask.query:
            return {"logs": plane.logs()}
        return {"lines": plane.log_tail(ask.query["key"], ask.integer("last") or LINES)}

    def _journal(self, ask: Ask) -> Any:
        journal = self._shared.journal
        return {"seq": journal.seq, "entries": journal.since(ask.integer("since") or 0)}

    def _undeclared(self, _ask: Ask) -> Any:
        rows = sorted(self._shared.contract.undeclared.items())
        return {
            "undeclared": [
                {"what": what, "operation": operation, "field": field, "count": count}
                for (what, operation, field), count in rows
            ]
        }

    def _clock(self, ask: Ask) -> Any:
        seconds = float(ask.body["advance"])
        if seconds < 0:
            raise AdminError("time only goes forward")
        ran = self._shared.world.advance(seconds)
        self._shared.changed()
        return {"clock": self._shared.world.timestamp(), "timers": ran}

    def _utilization(self, ask: Ask) -> Any:
        """How busy each Droplet is: ``{"cpu": 0.9, "memory": 0.2}``; with ``app``, each instance of that app.

        An app is that busy from now on, in the virtual clock; ``restarts`` is how often each was restarted so far. With
        ``cluster``, each node of that one, with how full ``disk``, ``connections`` and ``cache`` are beside; its
        ``disk_scale`` is the part of its disk that there is, so that it can be filled.
        """
        if ask.body.get("cluster"):
            return self._busy_cluster(ask.body)
        world, app = self._shared.world, str(ask.body.get("app") or "")
        parts = ("cpu", "memory", "restarts") if app else ("cpu", "memory")
        known: JSON = {name: float(ask.body[name]) for name in parts if name in ask.body}
        if not known or not all(0 <= value <= 1 or name == "restarts" for name, value in known.items()):
            raise AdminError("cpu and memory must be between 0 and 1")
        table, key = world.table("utilization"), f"app {app}" if app else "droplets"
        row = table.peek(key) or {}
        if app:
            now = world.now().timestamp()
            scale = {"cpu": 100, "memory": 100}
            known = {name: [*row.get(name, []), [now, value * scale.get(name, 1)]] for name, value in known.items()}
        return table.insert(key, {**row, **known})

    def _busy_cluster(self, body: JSON) -> JSON:
        parts = ("cpu", "memory", "disk", "connections", "cache")
        given = {name: float(body[name]) for name in (*parts, SCALE) if name in body}
        if not given or not all(0 <= value <= 1 for value in given.values()) or given.get(SCALE) == 0:
            raise AdminError(f"of a cluster {', '.join((*parts, SCALE))} must be between 0 and 1")
        known = {name: value if name == SCALE else 100 * value for name, value in given.items()}
        table, key = self._shared.world.table("utilization"), f"cluster {body['cluster']}"
        row = table.insert(key, {**(table.peek(key) or {}), **known})
        # What runs follows it.
        self._shared.changed()
        return row

    async def _settings(self, ask: Ask) -> Any:
        now = change(self._shared, ask.body)
        if ask.body.get("keep_state"):
            await self._save()
        return now

    async def _save(self) -> None:
        try:
            await self._shared.save()
        except OSError as error:
            raise AdminError(f"the state cannot be saved: {error}") from None

    def _token(self, ask: Ask) -> Any:
        """``{"scopes": [...] (default: all), "expires_in": seconds (default: never), "name"}`` → ``{"token"}``"""
        world, body = self._shared.world, ask.body
        scopes = body.get("scopes")
        if scopes is not None and not isinstance(scopes, list):
            raise AdminError(f"scopes must be a list, not {scopes!r}")
        expires_in = body.get("expires_in")
        expires_at = None if expires_in is None else world.timestamp(world.now() + timedelta(seconds=float(expires_in)))
        text = f"dop_v1_{world.token_hex(32)}"
        name = str(body.get("name") or f"token-{len(world.table('tokens'))}")
        add_token(world, text, name, [ALL] if scopes is None else [str(scope) for scope in scopes], expires_at)
        return {"token": text, "name": name}

    def _seed(self, ask: Ask) -> Any:
        unknown = sorted(set(ask.body) - set(hooks.SEEDERS))
        if unknown:
            raise AdminError(f"nothing makes {', '.join(unknown)}; there are {', '.join(sorted(hooks.SEEDERS))}")
        for name, count in ask.body.items():
            hooks.SEEDERS[name](self._shared.world, int(count))
        self._shared.changed()
        return {"seeded": ask.body}

    def _load(self, ask: Ask) -> None:
        before = copy.deepcopy(state_file.dump(self._shared.world))
        try:
            self._shared.load(ask.body)
        except Exception:
            # Half a state is worse than none.
            self._shared.load(before)
            raise
        self._shared.changed()
