# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked by those who watch: is it alive, are its stores, how many errors were there lately."""

from __future__ import annotations

import asyncio
import hmac
import os
import resource
import sys
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.examples.fisioflow.parts import Parts, parts_of

# Seconds that a store has to answer in.
PATIENCE = 3.0
HEALTHY, UNHEALTHY = "healthy", "unhealthy"
JSON = dict[str, Any]


async def ping(request: Request) -> Response:
    """Touches no store."""
    parts = parts_of(request)
    if "unhealthy" in parts.trouble.now:
        return JSONResponse({"status": "trouble on purpose"}, 503)
    return JSONResponse({"status": "ok", "missing": list(parts.settings.missing)})


async def _database(parts: Parts) -> JSON:
    if parts.database is None:
        return {"status": UNHEALTHY, "message": "DATABASE_URL is not set"}
    await parts.database.ask("SELECT 1")
    return {"status": HEALTHY}


async def _redis(parts: Parts) -> JSON:
    await parts.cache.ping()
    return {"status": HEALTHY if parts.cache.name == "valkey" else "mock"}


async def _memory(_parts: Parts) -> JSON:
    unit = 1 if sys.platform == "darwin" else 1024
    return {"status": HEALTHY, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}


async def _check(name: str, parts: Parts) -> tuple[str, JSON]:
    """Never raises: a store that does not answer is what is to be told."""
    began = time.perf_counter()
    try:
        found = await asyncio.wait_for(CHECKS[name](parts), PATIENCE)
    except Exception as error:
        found = {"status": UNHEALTHY, "message": type(error).__name__}
    return name, {**found, "responseTime": round((time.perf_counter() - began) * 1000, 1)}


CHECKS = {"database": _database, "redis": _redis, "memory": _memory}


async def _checks(parts: Parts) -> tuple[str, JSON]:
    found = dict(await asyncio.gather(*(_check(name, parts) for name in CHECKS)))
    ill = "unhealthy" in parts.trouble.now or any(check["status"] == UNHEALTHY for check in found.values())
    return UNHEALTHY if ill else HEALTHY, found


async def health(request: Request) -> Response:
    """200 whatever it finds, as FisioFlow has it: the body counts."""
    parts = parts_of(request)
    status, checks = await _checks(parts)
    return JSONResponse({"status": status, "version": parts.settings.version, "checks": checks})


async def status(request: Request) -> Response:
    """The same and more, for those who hold the token."""
    parts = parts_of(request)
    expected = f"Bearer {parts.settings.status_token}"
    if not parts.settings.status_token or not hmac.compare_digest(
        request.headers.get("authorization", "").encode(), expected.encode()
    ):
        return JSONResponse({"error": "unauthorized"}, 401)
    state, checks = await _checks(parts)
    count, share = parts.budget.ratio()
    return JSONResponse(
        {
            "status": state,
            "checks": checks,
            "pid": os.getpid(),
            "uptime": round(time.monotonic() - parts.started, 1),
            "errors": {"answers": count, "share": round(share, 4)},
            "trouble": parts.trouble.now,
        }
    )


async def slo(request: Request) -> Response:
    """503 while more than 5 % of the answers of the last two minutes were 5xx."""
    budget = parts_of(request).budget
    count, share = budget.ratio()
    spent = budget.spent()
    body = {"status": "spent" if spent else "ok", "answers": count, "share": round(share, 4)}
    return JSONResponse(body, 503 if spent else 200)


ROUTES = [
    Route("/api/ping", ping),
    Route("/api/health", health),
    Route("/api/health/slo", slo),
    Route("/api/status", status),
]
