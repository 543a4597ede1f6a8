# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened to a cluster."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.pages import public
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import rows
from localcloud.resources.databases.clusters import ONE


@operation("GET", f"{ONE}/events", scope="database:read")
def list_events(request: Request) -> JSON:
    cluster = rows.cluster(request)
    return {"events": public(rows.parts(request.world, rows.EVENTS, cluster["id"]))}
