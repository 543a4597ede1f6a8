# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every answer goes through: the origin's secret, trouble, rate limits, security headers, the error budget."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localcloud.examples.fisioflow.parts import Parts, parts_of

log = logging.getLogger("fisioflow")

HEADERS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "private, no-store",
}
# Asked by those who know no secret: the platform and the monitoring.
CHECKS = ("/api/ping", "/api/health", "/api/health/slo", "/api/status")
# What makes trouble is never in trouble itself.
SWITCH = "/api/trouble"
# Prefix → how often within how many seconds.
LIMITS = {"/api/login": (5, 900), "/api/uploads": (10, 3600), "/api/reports": (20, 3600), "/api/": (100, 900)}

Next = Callable[[Request], Awaitable[Response]]


async def shell(request: Request, call_next: Next) -> Response:
    parts = parts_of(request)
    try:
        response = await _checked(request, parts, call_next)
    except Exception as error:
        # Never what was asked or found: that may be a patient's.
        log.error("%s %s failed: %s", request.method, request.url.path, type(error).__name__)
        response = JSONResponse({"error": "internal error"}, 500)
    if request.url.path not in CHECKS:
        parts.budget.note(response.status_code)
    response.headers.update(HEADERS)
    if (origin := request.headers.get("origin")) in parts.settings.origins:
        response.headers.update({"access-control-allow-origin": origin or "", "vary": "Origin"})
    return response


async def _checked(request: Request, parts: Parts, call_next: Next) -> Response:
    path = request.url.path
    if path == SWITCH:
        return await call_next(request)
    if path not in CHECKS and not _from_edge(request, parts.settings.origin_secrets):
        return JSONResponse({"error": "come by the front door"}, 403)
    if await parts.trouble.strike():
        return JSONResponse({"error": "trouble on purpose"}, 500)
    if path not in CHECKS and parts.settings.rate_limits and (refused := await _limited(request, parts)):
        return refused
    return await call_next(request)


def _from_edge(request: Request, secrets: tuple[str, ...]) -> bool:
    shown = request.headers.get("x-origin-secret", "").encode()
    return not secrets or any(hmac.compare_digest(shown, secret.encode()) for secret in secrets)


async def _limited(request: Request, parts: Parts) -> Response | None:
    """Each visitor by his address, as the proxies before us tell it."""
    found = next(((prefix, limit) for prefix, limit in LIMITS.items() if request.url.path.startswith(prefix)), None)
    if found is None:
        return None
    prefix, (most, seconds) = found
    address = request.headers.get("x-forwarded-for", "").split(",")[0].strip() or (request.client or ("",))[0]
    try:
        count = await parts.cache.count(f"limit:{prefix}:{address}", seconds)
    except Exception as error:
        # Who cannot count lets in: patients wait for their clinic.
        log.warning("rate limits are off: %s", type(error).__name__)
        return None
    if count > most:
        return JSONResponse({"error": "too many requests"}, 429, {"retry-after": str(seconds)})
    return None
