# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in of AWX: the calls of /api/v2 that the collection awx.awx makes, kept in memory, secrets never told.

Any collection has rows that are found by equality, are created and changed, and are associated with others.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "sentinel6token6of6awx"
HIDDEN = "$encrypted$"
# What is kept secret of a notification, by its type.
SECRETS = {"email": ("password",), "slack": ("token",)}
# Named in the singular, as rows name their type and what they refer to.
TEMPLATES = ("job_templates", "workflow_job_templates", "projects")
ROLES = ("admin_role", "execute_role", "read_role")
Row = dict[str, Any]


def refused_survey(survey: Row) -> str:
    """What AWX answers to a survey that it does not take, in its words; "" for one that it takes."""
    if not survey.get("spec"):
        return "'spec' doesn't contain any items."
    seen: set[str] = set()
    for number, question in enumerate(survey["spec"]):
        for field in ("type", "question_name", "variable", "required"):
            if field not in question:
                return f"'{field}' missing from survey question {number}"
        if question["variable"] in seen:
            return f"'variable' '{question['variable']}' duplicated in survey question {number}."
        seen.add(question["variable"])
        if question["type"] == "multiplechoice" and question["default"] not in question["choices"]:
            return "Default choice must be answered from the choices listed."
    return ""


class Awx:
    """What AWX has, and what was written to it."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[int, Row]] = {}
        self.related: dict[str, list[int]] = {}
        self.surveys: dict[int, Any] = {}
        # Playbooks of the repository, and those that AWX has seen: by the project's number, none until it is synced.
        self.repository: list[str] = []
        self.synced: dict[int, list[str]] = {}
        self.writes: list[str] = []
        self.url = ""

    def rows(self, table: str) -> list[Row]:
        return list(self.tables.get(table, {}).values())

    def named(self, table: str) -> dict[str, Row]:
        return {row["name"]: row for row in self.rows(table)}

    def made(self, table: str, **row: Any) -> int:
        """What somebody has made before; its number."""
        return int(self._create(table, row)["id"])

    async def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"detail": "no"}, 401)
        if request.method != "GET":
            self.writes.append(f"{request.method} {request.url.path}")
        parts = [part for part in request.url.path.removeprefix("/api/v2").split("/") if part]
        body = json.loads(await request.body() or b"{}")
        if not parts:
            return JSONResponse({})
        if len(parts) == 3:
            return self._below(request.method, parts, body)
        if len(parts) == 2:
            return self._one(request.method, parts[0], int(parts[1]), body)
        if request.method == "POST":
            if refused := self._refused(parts[0], body):
                return JSONResponse(refused, 400)
            return JSONResponse(self._create(parts[0], body), 201)
        return self._list(self._find(parts[0], dict(request.query_params)))

    def _find(self, table: str, query: dict[str, str]) -> list[Row]:
        tables = TEMPLATES if table == "unified_job_templates" else (table,)
        rows = [row for name in tables for row in self.rows(name)]
        wanted = {key: value for key, value in query.items() if key not in ("page_size", "page", "order_by")}
        return [row for row in rows if all(str(row.get(key)) == value for key, value in wanted.items())]

    def _list(self, rows: list[Row]) -> Response:
        return JSONResponse(
            {"count": len(rows), "next": None, "previous": None, "results": [self._told(row) for row in rows]}
        )

    def _refused(self, table: str, body: Row) -> Row:
        playbooks = self.synced.get(body.get("project", 0), [])
        if table == "job_templates" and body.get("playbook") not in playbooks:
            return {"playbook": ["Playbook not found for project."]}
        return {}

    def _sync(self, project: int) -> Row:
        """Which is over when it is looked at for the second time."""
        update = self._create("project_updates", {"project": project, "status": "pending", "finished": None})
        self.tables["projects"][project]["summary_fields"]["current_update"] = {"id": update["id"]}
        return update

    def _go_on(self, update: Row) -> None:
        if update["status"] == "running":
            self.synced[update["project"]] = list(self.repository)
            self.tables["projects"][update["project"]]["summary_fields"].pop("current_update", None)
            update |= {"status": "successful", "finished": "now", "failed": False, "scm_revision": str(self.repository)}
        elif update["status"] == "pending":
            update["status"] = "running"

    def _create(self, table: str, body: Row) -> Row:
        number = sum(map(len, self.tables.values())) + 1
        kind = "inventory" if table == "inventories" else table.removesuffix("s")
        url = f"/api/v2/{table}/{number}/"
        roles = {name: {"id": number * 10 + at, "name": name} for at, name in enumerate(ROLES)}
        row = {
            **body,
            "id": number,
            "type": kind,
            "url": url,
            "related": {"survey_spec": f"{url}survey_spec/"} if "template" in table else {},
            "summary_fields": {"object_roles": roles},
        }
        self.tables.setdefault(table, {})[number] = row
        if table == "projects":
            row |= {"scm_revision": "", "related": {"update": f"{url}update/"}}
            self._sync(number)
        return self._told(row)

    def _one(self, method: str, table: str, number: int, body: Row) -> Response:
        row = self.tables.get(table, {}).get(number)
        if row is None:
            return JSONResponse({"detail": "Not found."}, 404)
        if table == "project_updates":
            self._go_on(row)
        if method == "PATCH":
            if refused := self._refused(table, row | body):
                return JSONResponse(refused, 400)
            row.update(body)
        return JSONResponse(self._told(row))

    def _below(self, method: str, parts: list[str], body: Row) -> Response:
        place = "/".join(parts)
        if parts[2] == "playbooks":
            return JSONResponse(self.synced.get(int(parts[1]), []))
        if parts[2] == "update":
            return JSONResponse(self._sync(int(parts[1])), 202)
        if parts[2] == "survey_spec":
            if method == "POST":
                if refused := refused_survey(body):
                    return JSONResponse({"error": refused}, 400)
                self.surveys[int(parts[1])] = body
            return JSONResponse(self.surveys.get(int(parts[1]), {}))
        held = self.related.setdefault(place, [])
        if method == "GET":
            return self._list([row for rows in self.tables.values() for key, row in rows.items() if key in held])
        if body.get("disassociate"):
            held.remove(body["id"])
        else:
            held.append(body["id"])
        return Response(status_code=204)

    def _told(self, row: Row) -> Row:
        """As AWX tells it: with words in the place of secrets."""
        told = copy.deepcopy(row)
        if row["type"] == "credential":
            told["inputs"] = dict.fromkeys(row.get("inputs") or {}, HIDDEN)
        for field in SECRETS.get(str(row.get("notification_type")), ()):
            if field in told["notification_configuration"]:
                told["notification_configuration"][field] = HIDDEN
        return told


@contextmanager
def awx() -> Iterator[Awx]:
    """One that answers on a free port of this machine until the block ends."""
    made = Awx()
    routes = [Route("/api/{path:path}", made.answer, methods=["GET", "POST", "PATCH", "DELETE"])]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    made.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.should_exit = True
        thread.join()
