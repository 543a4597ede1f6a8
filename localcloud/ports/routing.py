# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a resource registers its operations, and what a handler is given and gives back.

A handler is a plain function: ``def create(request: Request) -> dict | None``. Routing, authentication, scopes,
contract validation, rate limits, faults and the journal happen around it (``localcloud.ports.api``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from localcloud import JSON
from localcloud.ports.auth import Token
from localcloud.ports.errors import ApiError, not_found
from localcloud.world.world import World


@dataclass
class Reply:
    """For the few handlers whose answer is not ``(declared status, JSON body)``.

    ``raw`` is a body that is no JSON; its ``content-type`` goes with the headers. ``live``: it goes on, so that who
    wants it through a websocket gets the rest as it comes.
    """

    body: JSON | None = None
    raw: bytes | None = None
    live: bool = False
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Request:
    """One call, already authenticated, authorised and validated."""

    method: str
    path: str
    params: dict[str, str]
    query: dict[str, str]
    body: JSON | None
    world: World
    token: Token
    headers: Mapping[str, str]
    base_url: str
    operation: Operation
    # For limits that a handler knows of itself; the common ones are the port's.
    rate_limited: bool = True
    raw_query: str = ""

    @property
    def json(self) -> JSON:
        """The body, ``{}`` when there is none."""
        return self.body or {}

    def row(self, table: str, parameter: str) -> JSON:
        """The very record of that table whose key stands in the path; 404 when there is none."""
        found = self.world.table(table).get(self.params[parameter])
        if found is None:
            raise not_found()
        return found

    def require_for(self, **scopes: str | tuple[str, ...]) -> None:
        """403 when the body gives a field (``tags="tag:create"``) whose scopes the token lacks. Empty is left out."""
        wanted = (scope for field, scope in scopes.items() if self.json.get(field))
        self.token.require(name for scope in wanted for name in ((scope,) if isinstance(scope, str) else scope))

    def query_list(self, name: str) -> list[str]:
        """All values of a query parameter: ``a=1&a=2``, ``a[]=1`` or ``a=1,2``."""
        found = [value for key, value in parse_qsl(self.raw_query) if key in (name, f"{name}[]")]
        return [value for text in found for value in text.split(",") if value]


Handler = Callable[[Request], "JSON | Reply | None"]


@dataclass(frozen=True)
class Operation:
    """A method on a path template, e.g. ``GET /v2/vpcs/{vpc_id}``.

    ``safe``: a POST that changes nothing (propose, validate). ``contract``: False for what the API description does not
    know, such as the token info endpoint. ``public``: no token is asked for, since the address itself carries one.
    """

    method: str
    path: str
    scopes: tuple[str, ...]
    status: int
    handler: Handler
    safe: bool = False
    contract: bool = True
    public: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS") and not self.safe


OPERATIONS: dict[tuple[str, str], Operation] = {}


def operation(
    method: str,
    path: str,
    *,
    scope: str | Sequence[str] = (),
    status: int = 200,
    safe: bool = False,
    contract: bool = True,
    public: bool = False,
) -> Callable[[Handler], Handler]:
    """Register a handler. All of ``scope`` are needed; ``status`` is that of success."""

    def register(handler: Handler) -> Handler:
        key = (method.upper(), path)
        if key in OPERATIONS:
            raise ValueError(f"{method} {path} is registered twice")
        scopes = (scope,) if isinstance(scope, str) else tuple(scope)
        OPERATIONS[key] = Operation(method.upper(), path, scopes, status, handler, safe, contract, public)
        return handler

    return register


class Router:
    """Finds the operation of a path. A literal segment wins over a templated one, from left to right."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._routes: dict[int, list[tuple[tuple[int, ...], re.Pattern[str], str]]] = {}
        self._methods: dict[str, dict[str, Operation]] = {}
        self._public: list[re.Pattern[str]] = []
        for op in operations:
            if op.path not in self._methods:
                segments = op.path.strip("/").split("/")
                weight = tuple(1 if s.startswith("{") else 0 for s in segments)
                pattern = "/".join(
                    f"(?P<{s[1:-1].replace('-', '_')}>[^/]+)" if s.startswith("{") else re.escape(s) for s in segments
                )
                self._routes.setdefault(len(segments), []).append((weight, re.compile(pattern), op.path))
                if op.public:
                    self._public.append(re.compile(pattern))
            self._methods.setdefault(op.path, {})[op.method] = op
        for routes in self._routes.values():
            routes.sort(key=lambda route: route[0])

    def is_public(self, path: str) -> bool:
        """Whether no token is asked for there."""
        return any(pattern.fullmatch(path.strip("/")) for pattern in self._public)

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """The operation and its path parameters. 404 for an unknown path, 405 (with ``allow``) for a wrong method."""
        bare = path.strip("/")
        allowed: set[str] = set()
        for _weight, pattern, template in self._routes.get(bare.count("/") + 1, ()):
            found = pattern.fullmatch(bare)
            if found is None:
                continue
            methods = self._methods[template]
            op = methods.get(method) or (methods.get("GET") if method == "HEAD" else None)
            if op is not None:
                return op, found.groupdict()
            allowed.update(methods)
        if allowed:
            raise ApiError(
                405, f"The method {method} is not allowed on {path}.", headers={"allow": ", ".join(sorted(allowed))}
            )
        raise not_found()
