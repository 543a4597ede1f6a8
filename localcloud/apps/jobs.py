# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invocations of scheduled jobs. None ever runs here, so the list is empty and no id is known."""

from __future__ import annotations

from localcloud.apps.spec import JSON
from localcloud.apps.store import find_app
from localcloud.routing import Request, not_found, operation, paginate


@operation("GET", "/v2/apps/{app_id}/job-invocations", scope="app:read")
def list_invocations(request: Request) -> JSON:
    find_app(request)
    return paginate(request, "job_invocations", [])


@operation("GET", "/v2/apps/{app_id}/job-invocations/{job_invocation_id}", scope="app:read")
def read_invocation(request: Request) -> JSON:
    raise not_found()


@operation("POST", "/v2/apps/{app_id}/job-invocations/{job_invocation_id}/cancel", scope="app:update")
def cancel_invocation(request: Request) -> JSON:
    raise not_found()


@operation("GET", "/v2/apps/{app_id}/jobs/{job_name}/invocations/{job_invocation_id}/logs", scope="app:read")
def invocation_logs(request: Request) -> JSON:
    raise not_found()
