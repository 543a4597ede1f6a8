# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see: a way in, and a dashboard behind it."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from localcloud.examples.fisioflow.api import user
from localcloud.examples.fisioflow.parts import parts_of

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>FisioFlow</title>
<style>body{{font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem;color:#123}}
h1{{color:#0a7}}button,input{{font:inherit;padding:.4rem .8rem}}li{{margin:.2rem 0}}
footer{{color:#789;margin-top:3rem}}</style>
<h1>FisioFlow</h1>{body}<footer>The stand-in of localcloud, version {version}</footer></html>"""
LOGIN = """<form id="login"><input name="name" placeholder="Your name" required> <button>Log in</button></form>
<script>login.onsubmit = async e => { e.preventDefault();
const answer = await fetch("/api/login", {method: "POST", body: JSON.stringify({name: login.name.value})});
if (answer.ok) location = "/dashboard"; else alert((await answer.json()).error); }</script>"""
NEW_PATIENT = """<form id="patient"><input name="who" placeholder="New patient" required> <button>Add</button></form>
<script>patient.onsubmit = async e => { e.preventDefault();
await fetch("/api/patients", {method: "POST", body: JSON.stringify({name: patient.who.value})});
location.reload(); }</script>"""


def _page(request: Request, body: str) -> Response:
    return HTMLResponse(PAGE.format(body=body, version=escape(parts_of(request).settings.version)))


async def home(_request: Request) -> Response:
    return RedirectResponse("/login", 307)


async def login(request: Request) -> Response:
    return _page(request, LOGIN)


async def dashboard(request: Request) -> Response:
    name = await user(request)
    if name is None:
        return RedirectResponse("/login", 307)
    database = parts_of(request).database
    rows = await database.ask("SELECT name FROM patients ORDER BY created_at, id LIMIT 100") if database else []
    items = "".join(f"<li>{escape(row['name'])}</li>" for row in rows) or "<li>nobody yet</li>"
    return _page(request, f"<p>Good day, {escape(name)}. Your patients:</p><ul>{items}</ul>{NEW_PATIENT}")


ROUTES = [Route("/", home), Route("/login", login), Route("/dashboard", dashboard)]
