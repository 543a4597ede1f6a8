# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups by the virtual clock, snapshots, and what is told of both."""

from __future__ import annotations

from datetime import timedelta

from localcloud import JSON
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources.droplets import images, policies, rows
from localcloud.world.clock import parse
from localcloud.world.world import World, timer


def plan(world: World, row: JSON) -> None:
    """The next backup, by the policy that it has now; none without one."""
    world.cancel("droplets.backup", id=row["id"])
    if row["_backups"]:
        world.after(policies.seconds_until(world, row["_backups"]), "droplets.backup", id=row["id"])


@timer("droplets.backup")
def make(world: World, id: int) -> None:
    row = rows.droplets(world).peek(str(id))
    if row is None or not row["_backups"]:
        return
    oldest = world.now() - timedelta(days=row["_backups"]["retention_period_days"])
    for image in _of(world, row, "backup"):
        if parse(image["created_at"]) < oldest:
            world.table(images.TABLE).delete(str(image["id"]))
    images.make(world, row, f"{row['name']} {world.timestamp()[:10]}", "backup")
    plan(world, row)


def _of(world: World, row: JSON, kind: str) -> list[JSON]:
    found = world.table(images.TABLE).all()
    return [image for image in found if image["_droplet_id"] == row["id"] and image["type"] == kind]


def _record(world: World, row: JSON) -> JSON:
    record: JSON = {"droplet_id": row["id"], "backup_enabled": row["_backups"] is not None}
    if row["_backups"]:
        record["backup_policy"] = row["_backups"]
        record["next_backup_window"] = policies.next_window(world, row["_backups"])
    return record


@operation("GET", f"{rows.ONE}/backups", scope="droplet:read")
def list_backups(request: Request) -> JSON:
    return paginate(request, "backups", _of(request.world, rows.wanted(request), "backup"))


@operation("GET", f"{rows.ONE}/snapshots", scope="droplet:read")
def list_snapshots(request: Request) -> JSON:
    return paginate(request, "snapshots", _of(request.world, rows.wanted(request), "snapshot"))


@operation("GET", f"{rows.ONE}/backups/policy", scope="droplet:read")
def read_policy(request: Request) -> JSON:
    return {"policy": _record(request.world, rows.wanted(request))}


@operation("GET", "/v2/droplets/backups/policies", scope="droplet:read")
def list_policies(request: Request) -> JSON:
    """A page of Droplets, as a map by their numbers."""
    found = [_record(request.world, row) for row in rows.droplets(request.world).all()]
    answer = paginate(request, "policies", found)
    return {**answer, "policies": {str(record["droplet_id"]): record for record in answer["policies"]}}


@operation("GET", "/v2/droplets/backups/supported_policies", scope="droplet:read")
def list_supported(request: Request) -> JSON:
    return {
        "supported_policies": [
            {
                "name": plan,
                "possible_window_starts": policies.HOURS,
                "window_length_hours": policies.LENGTH,
                "retention_period_days": days,
                "possible_days": policies.DAYS if plan == "weekly" else [],
            }
            for plan, days in policies.RETENTION.items()
        ]
    }
