# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Transport that plays a script: the exact requests that may come, in order, with the answer to each.

A request that the script does not hold fails the test; so do answers that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ConnectionLost
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import Answer
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, Module, execute


class StoppedClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def answer(status: int, data: Any = None, **headers: str) -> Answer:
    names = {key.replace("_", "-"): value for key, value in headers.items()}
    return Answer(status, names, {} if data is None else data)


def error(status: int, message: str = "no", **headers: str) -> Answer:
    return answer(status, {"id": "x", "message": message, "request_id": "r-1"}, **headers)


def lost(*, executed: bool) -> ConnectionLost:
    return ConnectionLost("https://api.test did not answer (gone)", executed=executed)


@dataclass
class Script:
    """`exchanges` are (`METHOD /path`, answer or exception)."""

    exchanges: list[tuple[str, Any]]
    # What is answered when the script is at its end.
    forever: tuple[str, Any] | None = None
    url: str = "https://api.test"
    sent: list[tuple[str, Any, Any]] = field(default_factory=list)
    # Of each request, whether the answer of a moment ago would do.
    recent: list[bool] = field(default_factory=list)
    # As whoever holds the connections does (memory.py).
    _remembered: dict[Any, Answer] = field(default_factory=dict)

    def send(self, method: str, path: str, *, query: Any, body: Any, timeout: float, recent: bool = False) -> Answer:
        line = f"{method} {path}"
        self.recent.append(recent)
        question = line, str(query)
        if recent and question in self._remembered:
            return self._remembered[question]
        self.sent.append((line, query, body))
        assert self.exchanges or self.forever, f"unexpected {line} {body or ''}"
        expected, reply = self.exchanges.pop(0) if self.exchanges else self.forever  # type: ignore[misc]
        assert line == expected
        if method != "GET":
            self._remembered.clear()
        if isinstance(reply, Exception):
            raise reply
        if recent and reply.status == 200:
            self._remembered[question] = reply
        return reply

    def done(self) -> None:
        assert self.exchanges == []


def api(
    script: Script,
    *,
    timeout: float = 60,
    secrets: Secrets | None = None,
    progress: Callable[[str], None] | None = None,
) -> Api:
    clock: Any = StoppedClock()
    return Api(script, timeout=timeout, secrets=secrets or Secrets(), clock=clock, progress=progress)


def scripted(module: type[Module], account: Api) -> type[Module]:
    """The module with that account, and with its clock, in the place of its own."""

    class Tested(module):  # type: ignore[misc,valid-type]
        def __init__(self, invocation: Invocation) -> None:
            super().__init__(invocation)
            self.clock, self.api, self.begun = account.clock, account, account.clock.now()

    return Tested


def play(
    module: type[Module], exchanges: list[tuple[str, Any]], *, check: bool = False, **options: Any
) -> dict[str, Any]:
    """The result, with the bodies of the writes and the warnings. The script must be played to its end."""
    script = Script(list(exchanges))
    spec = module.argument_spec()["argument_spec"]
    params = {**{name: option.get("default") for name, option in spec.items()}, "wait_timeout": 600, **options}
    warnings: list[str] = []
    result = execute(scripted(module, api(script)), Invocation(params, check_mode=check, warn=warnings.append))
    assert "defect" not in result.get("msg", ""), result["msg"]
    script.done()
    written = [body for line, _query, body in script.sent if not line.startswith("GET ")]
    return {**result, "warned": warnings, "written": written}
