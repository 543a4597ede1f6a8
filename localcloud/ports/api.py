# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API port: everything that happens around a handler, in DigitalOcean's order.

authenticate → rate limit → route → scope → body → contract → handler → contract.
"""

from __future__ import annotations

import json
import logging
import uuid
from email.utils import format_datetime
from urllib.parse import parse_qsl

from localcloud import JSON
from localcloud.contract.check import Contract, UnknownIdError
from localcloud.contract.messages import Asked, Given
from localcloud.ports.auth import NOBODY, Token, authenticate
from localcloud.ports.errors import MESSAGES, ApiError, not_found
from localcloud.ports.exchange import Answer, Call
from localcloud.ports.faults import Rule
from localcloud.ports.routing import OPERATIONS, Operation, Reply, Request, Router
from localcloud.ports.shared import Shared

log = logging.getLogger("localcloud")

VIOLATION = "contract_violation"

# For operations that the description does not have, and shall not.
UNDESCRIBED = Contract(None)


class Api:
    """Answers the calls of the API port."""

    # An app spec has some thousand.
    max_body = 8 * 2**20

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._router = Router(list(OPERATIONS.values()))

    async def __call__(self, call: Call) -> Answer:
        exchange = _Exchange(self._shared, self._router, call)
        try:
            return exchange.finish(exchange.run())
        except ApiError as error:
            return exchange.finish(exchange.failure(error))
        except Exception:
            log.exception("%s %s failed (request %s)", call.method, call.path, exchange.request_id)
            return exchange.finish(exchange.failure(ApiError(500, "Server was unable to give you a response.")))

    def failure(self, call: Call, rule: Rule) -> Answer:
        """What a fault rule wants to be said, with the headers of any answer."""
        exchange = _Exchange(self._shared, self._router, call)
        status = rule.answered
        headers: dict[str, str] = {}
        if status == 429 or rule.seconds is not None:
            headers["retry-after"] = f"{1 if rule.seconds is None else rule.seconds:g}"
        if status == 429:
            headers["ratelimit-remaining"] = "0"
        if rule.body is None:
            return exchange.finish(exchange.failure(ApiError(status, MESSAGES.get(status, "Error"), headers=headers)))
        body = rule.body.encode()
        kind = "application/json" if rule.body.startswith("{") else "text/html"
        return exchange.finish(Answer(status, body, [("content-type", kind), *headers.items()]))


class _Exchange:
    """One call on its way."""

    def __init__(self, shared: Shared, router: Router, call: Call) -> None:
        self._shared = shared
        self._router = router
        self._call = call
        self._op: Operation | None = None
        self._token: Token | None = None
        self._effect = False
        self.request_id = str(uuid.uuid4())

    def run(self) -> Answer:
        shared, call = self._shared, self._call
        token = NOBODY
        if not self._router.is_public(call.path):
            self._token = token = authenticate(shared.world, call.headers.get("authorization", ""))
            shared.limits.count(token.key, call.path, shared.world.now().timestamp())
        self._op, params = self._router.match(call.method, call.path)
        op = self._op
        token.require(op.scopes)
        given = _body(call)
        contract = shared.contract if op.contract else UNDESCRIBED
        body = contract.meant(op.method, op.path, given) if b"null" in call.body else given
        asked = Asked(op.method, op.path, call.path, params, call.query, call.headers, _as_meant(call, given, body))
        try:
            problem = contract.check_request(asked)
        except UnknownIdError:
            raise not_found() from None
        if problem and contract.strict:
            raise ApiError(400, f"The request violates the API description: {problem}", VIOLATION)
        request = Request(
            method=call.method,
            path=call.path,
            params=params,
            query=dict(parse_qsl(call.query, keep_blank_values=True)),
            body=body,
            world=shared.world,
            token=token,
            headers=call.headers,
            base_url=call.base_url,
            operation=op,
            raw_query=call.query,
            rate_limited=shared.limits.enabled,
        )
        answer = self._handle(op, request)
        return self._check(contract, asked, answer)

    def _handle(self, op: Operation, request: Request) -> Answer:
        before = self._shared.world.fingerprint() if op.writes else b""
        try:
            result = op.handler(request)
        except ApiError as error:
            answer = self.failure(error)
        else:
            reply = result if isinstance(result, Reply) else Reply(result)
            status, headers = reply.status or op.status, list(reply.headers.items())
            if reply.raw is not None:
                answer = Answer(status, reply.raw, headers, live=reply.live)
            else:
                answer = Answer.of_json(status, reply.body, headers)
        if op.writes:
            self._effect = self._shared.world.fingerprint() != before
            if self._effect and answer.status >= 400:
                log.warning("%s changed the account although it answered %s", op.name, answer.status)
        return answer

    def _check(self, contract: Contract, asked: Asked, answer: Answer) -> Answer:
        answer.headers += self._common_headers(answer)
        problem = contract.check_answer(asked, Given(answer.status, answer.headers, answer.body))
        if problem and contract.strict:
            log.error("%s: the answer violates the API description: %s", asked.operation, problem)
            return self.failure(
                ApiError(500, f"localcloud's answer violates the API description: {problem}", VIOLATION)
            )
        return answer

    def failure(self, error: ApiError) -> Answer:
        body = {"id": error.id, "message": error.message, "request_id": self.request_id}
        return Answer.of_json(error.status, body, list(error.headers.items()))

    def finish(self, answer: Answer) -> Answer:
        answer.headers += self._common_headers(answer)
        answer.operation = self._op.name if self._op else ""
        answer.effect = self._effect
        answer.token = self._token.name if self._token else ""
        return answer

    def _common_headers(self, answer: Answer) -> list[tuple[str, str]]:
        """What every answer carries and this one lacks."""
        have = {name for name, _value in answer.headers}
        key = self._token.key if self._token else ""
        now = self._shared.world.now()
        limits = self._shared.limits.headers(key, self._call.path, now.timestamp())
        # The virtual clock's: a client that reckons the age of something goes by the server's time.
        others = [("x-request-id", self.request_id), ("date", format_datetime(now, usegmt=True))]
        return [header for header in [*limits, *others] if header[0] not in have]


def _as_meant(call: Call, given: JSON | None, body: JSON | None) -> bytes:
    """The body as it is to be judged: ``null`` is none."""
    if body is None:
        return b""
    return call.body if body is given else json.dumps(body).encode()


def _body(call: Call) -> JSON | None:
    if not call.body.strip():
        return None
    try:
        body = json.loads(call.body)
        # Python reads more than JSON is: what could not be written back must not get into a record.
        json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ApiError(400, "The request body is not valid JSON.") from None
    if body is not None and not isinstance(body, dict):
        raise ApiError(400, "The request body must be a JSON object.")
    return body
