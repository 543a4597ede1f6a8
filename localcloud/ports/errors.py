# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors in DigitalOcean's shape."""

from __future__ import annotations

from collections.abc import Mapping

ERROR_IDS = {
    400: "bad_request",
    401: "unauthorized",
    402: "payment_required",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    412: "precondition_failed",
    413: "request_entity_too_large",
    415: "unsupported_media_type",
    422: "unprocessable_entity",
    429: "too_many_requests",
    500: "server_error",
    501: "not_implemented",
    502: "bad_gateway",
    503: "service_unavailable",
    504: "gateway_timeout",
}

# Status → what DigitalOcean says with it, whatever was asked for.
MESSAGES = {
    401: "Unable to authenticate you.",
    404: "The resource you were accessing could not be found.",
    413: "The request is too large.",
    429: "API rate limit exceeded.",
    500: "Unexpected server-side error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class ApiError(Exception):
    """An answer of status 4xx or 5xx in DigitalOcean's shape ``{"id", "message", "request_id"}``.

    ``id`` follows from the status unless given.
    """

    def __init__(
        self, status: int, message: str, id: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.id = id or ERROR_IDS.get(status, "server_error" if status >= 500 else "bad_request")
        self.headers = dict(headers or {})


def not_found(message: str = MESSAGES[404]) -> ApiError:
    """The 404 that DigitalOcean gives for any unknown id."""
    return ApiError(404, message)
