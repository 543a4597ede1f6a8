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
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from localcloud.auth import authenticate
from localcloud.exchange import Answer, Call
from localcloud.routing import OPERATIONS, ApiError, Reply, Request, Router

if TYPE_CHECKING:
    from localcloud.server import Server

log = logging.getLogger("localcloud")


class Api:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._router = Router(list(OPERATIONS.values()))

    async def __call__(self, call: Call) -> Answer:
        request_id = str(uuid.uuid4())
        answer = Answer(500)
        try:
            answer = self._answer(call)
        except ApiError as error:
            answer = self.failure(error, request_id)
        except Exception:
            log.exception("%s %s failed (request %s)", call.method, call.path, request_id)
            answer = self.failure(ApiError(500, "Server was unable to give you a response."), request_id)
        answer.headers.append(("x-request-id", request_id))
        return answer

    @staticmethod
    def failure(error: ApiError, request_id: str) -> Answer:
        body = {"id": error.id, "message": error.message, "request_id": request_id}
        return Answer.of_json(error.status, body, list(error.headers.items()))

    def _answer(self, call: Call) -> Answer:
        world = self._server.world
        world.run_timers()
        token = authenticate(world, call.headers.get("authorization", ""))
        op, params = self._router.match(call.method, call.path)
        token.require(op.scopes)
        request = Request(
            method=call.method,
            path=call.path,
            params=params,
            query=dict(parse_qsl(call.query, keep_blank_values=True)),
            body=_body(call),
            world=world,
            token=token,
            headers=call.headers,
            base_url=call.base_url,
            operation=op,
        )
        result = op.handler(request)
        reply = result if isinstance(result, Reply) else Reply(result)
        return Answer.of_json(reply.status or op.status, reply.body, list(reply.headers.items()))


def _body(call: Call) -> dict[str, Any] | None:
    if not call.body.strip():
        return None
    try:
        body = json.loads(call.body)
    except ValueError:
        raise ApiError(400, "The request body is not valid JSON.") from None
    if body is not None and not isinstance(body, dict):
        raise ApiError(400, "The request body must be a JSON object.")
    return body
