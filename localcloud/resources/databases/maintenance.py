# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the service may update a cluster, and doing so now."""

from __future__ import annotations

import re

from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import fields, rows
from localcloud.resources.databases.clusters import DAYS, ONE

_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


@operation("PUT", f"{ONE}/maintenance", scope="database:update", status=204)
def write_window(request: Request) -> None:
    """``day`` in lower case, ``hour`` as ``04:00``; it is shown with seconds, ``04:00:00`` [S example]."""
    cluster = rows.require_online(rows.cluster(request))
    day = fields.text(request.json, "day").lower()
    hour = _HOUR.fullmatch(fields.text(request.json, "hour"))
    if day not in DAYS:
        raise ApiError(422, "invalid maintenance window day")
    if hour is None:
        raise ApiError(422, "invalid maintenance window hour")
    hours, minutes, seconds = hour.groups("00")
    cluster["maintenance_window"].update({"day": day, "hour": f"{int(hours):02}:{minutes}:{seconds}"})
    rows.note(request.world, cluster, "cluster_update")


@operation("PUT", f"{ONE}/install_update", scope="database:update", status=204)
def install_update(request: Request) -> None:
    """Also when nothing is pending [?]."""
    cluster = rows.require_online(rows.cluster(request))
    cluster["maintenance_window"].update({"pending": False})
    cluster["maintenance_window"].pop("description", None)
    rows.note(request.world, cluster, "cluster_maintenance_perform")
