# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in, patients and their appointments, uploads; and trouble."""

from __future__ import annotations

import hmac
import re
import secrets
import uuid
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.examples.fisioflow.database import Database
from localcloud.examples.fisioflow.parts import parts_of

SESSION = "session"
SESSION_SECONDS = 8 * 3600
TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise HTTPException(400, "the body must be a JSON object")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise HTTPException(400, f"{name} must be a text")
    return value


def _database(request: Request) -> Database:
    database = parts_of(request).database
    if database is None:
        raise HTTPException(503, "there is no database")
    return database


async def user(request: Request) -> str | None:
    token = request.cookies.get(SESSION)
    return await parts_of(request).cache.get(f"session:{token}") if token else None


async def _required(request: Request) -> str:
    found = await user(request)
    if found is None:
        raise HTTPException(401, "log in first")
    return found


async def login(request: Request) -> Response:
    """Whoever names himself is let in: this is a stand-in, and holds nobody's data."""
    name, token = _text(await _body(request), "name"), secrets.token_urlsafe(32)
    await parts_of(request).cache.put(f"session:{token}", name, SESSION_SECONDS)
    response = JSONResponse({"name": name})
    response.set_cookie(SESSION, token, SESSION_SECONDS, secure=True, httponly=True, samesite="lax")
    return response


async def patients(request: Request) -> Response:
    await _required(request)
    rows = await _database(request).ask("SELECT id::text, name FROM patients ORDER BY created_at, id LIMIT 100")
    return JSONResponse({"patients": rows})


async def add_patient(request: Request) -> Response:
    await _required(request)
    name = _text(await _body(request), "name")
    rows = await _database(request).ask("INSERT INTO patients (name) VALUES (%s) RETURNING id::text, name", [name])
    return JSONResponse({"patient": rows[0]}, 201)


async def add_appointment(request: Request) -> Response:
    await _required(request)
    body = await _body(request)
    try:
        patient, moment = uuid.UUID(_text(body, "patient_id")), datetime.fromisoformat(_text(body, "starts_at"))
    except ValueError:
        raise HTTPException(400, "patient_id must be an id, starts_at a time") from None
    rows = await _database(request).ask(
        "INSERT INTO appointments (patient_id, starts_at) SELECT id, %s FROM patients WHERE id = %s"
        " RETURNING id::text, patient_id::text, starts_at::text",
        [moment, patient],
    )
    if not rows:
        raise HTTPException(404, "there is no such patient")
    return JSONResponse({"appointment": rows[0]}, 201)


async def upload(request: Request) -> Response:
    await _required(request)
    kind = _text(await _body(request), "type")
    if not TYPE.fullmatch(kind):
        raise HTTPException(400, "type must be a media type")
    uploads = parts_of(request).uploads
    if not uploads.ready:
        raise HTTPException(503, "there is no Space")
    key = f"uploads/{uuid.uuid4()}"
    return JSONResponse({"key": key, "url": uploads.address(key, kind)}, 201)


async def trouble(request: Request) -> Response:
    """``{"make": "slow=2,errors=0.5"}``, with the token of /api/status. An empty text ends it."""
    token = parts_of(request).settings.status_token
    shown = request.headers.get("authorization", "")
    if not token or not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        raise HTTPException(401, "unauthorized")
    try:
        parts_of(request).trouble.make(str((await _body(request)).get("make", "")))
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    return JSONResponse({"trouble": parts_of(request).trouble.now})


ROUTES = [
    Route("/api/login", login, methods=["POST"]),
    Route("/api/patients", patients),
    Route("/api/patients", add_patient, methods=["POST"]),
    Route("/api/appointments", add_appointment, methods=["POST"]),
    Route("/api/uploads", upload, methods=["POST"]),
    Route("/api/trouble", trouble, methods=["POST"]),
]
