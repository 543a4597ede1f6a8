# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m localcloud.examples.fisioflow [migrate]``; what of Node's commands is a migration is taken for one."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localcloud.examples.fisioflow import api, health, pages
from localcloud.examples.fisioflow.database import authority_file
from localcloud.examples.fisioflow.migrations import migrate
from localcloud.examples.fisioflow.parts import Parts, made_of
from localcloud.examples.fisioflow.settings import Settings, read
from localcloud.examples.fisioflow.shell import shell

# Seconds that open requests have after SIGTERM.
GRACE = 20


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    return JSONResponse({"error": error.detail}, error.status_code)


def application(parts: Parts) -> Starlette:
    app = Starlette(
        routes=[*pages.ROUTES, *health.ROUTES, *api.ROUTES],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=shell)],
        exception_handlers={HTTPException: _refused},
    )
    app.state.parts = parts
    return app


def _serve(settings: Settings) -> None:
    parts = made_of(settings)
    parts.trouble.at_start()
    logging.info("version %s listens on %s:%s", settings.version, settings.host, settings.port)
    uvicorn.run(
        application(parts),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        # A proxy that keeps its connections has to let go of them first.
        timeout_keep_alive=120,
    )


def main(arguments: Sequence[str]) -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stdout)
    try:
        settings = read(os.environ)
    except ValueError as error:
        logging.error("the environment cannot be read: %s", error)
        return 2
    if any("migrat" in argument for argument in arguments):
        if not settings.direct_url:
            logging.error("neither DIRECT_URL nor DATABASE_URL is set")
            return 2
        try:
            applied = migrate(settings.direct_url, authority_file(settings.database_ca))
        except Exception as error:
            logging.error("the migration failed: %s: %s", type(error).__name__, str(error).strip().splitlines()[0])
            return 1
        logging.info("migrated: %s", ", ".join(applied) or "nothing to do")
        return 0
    _serve(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
