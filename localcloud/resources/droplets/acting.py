# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doing something to a Droplet: ``POST …/actions``. It shows when it is done, not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud import JSON
from localcloud.contract.relaxations import relax, schema
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.catalogue import SIZES
from localcloud.resources.droplets import actions, backups, creation, images, network, policies, rows
from localcloud.world.world import World, duration, timer

duration("droplet.action", 15.0)
duration("droplet.action.long", 90.0)

ON, OFF = "active", "off"
LONG = frozenset({"resize", "rebuild", "restore", "snapshot"})
BY_TAG = (
    "power_cycle",
    "power_on",
    "power_off",
    "shutdown",
    "enable_ipv6",
    "enable_backups",
    "disable_backups",
    "snapshot",
)


@relax("change_backup_policy is an action of its own schema and mapping, but the enum of types lacks it")
def _change_backup_policy(description: JSON) -> None:
    schema(description, "droplet_action")["properties"]["type"]["enum"].append("change_backup_policy")


def _resize(world: World, row: JSON, body: JSON) -> JSON:
    """Larger or smaller, but never a smaller disk; only while it is off."""
    size = SIZES.get(str(body.get("size")))
    if size is None or row["_region"] not in size.regions:
        raise ApiError(422, "You specified an invalid size for Droplet creation.")
    if row["status"] == ON:
        raise ApiError(422, "Droplet is currently on. Please power it off to run this event.")
    if size.slug == row["size_slug"]:
        raise ApiError(422, "The droplet is already set to this size.")
    if size.disk < row["_disk"]:
        raise ApiError(422, "This size is not available because it has a smaller disk.")
    return {"size_slug": size.slug, **({"_disk": size.disk} if body.get("disk") else {})}


def _rename(world: World, row: JSON, body: JSON) -> JSON:
    if not creation.NAME.fullmatch(str(body.get("name") or "")):
        raise ApiError(422, "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)")
    return {"name": body["name"]}


def _image(world: World, row: JSON, body: JSON) -> JSON:
    image = images.find(world, body.get("image"))
    if image is None or image["min_disk_size"] > row["_disk"]:
        raise ApiError(422, "You specified an invalid image for Droplet creation.")
    return {"_image": image, "status": ON}


def _snapshot(world: World, row: JSON, body: JSON) -> JSON:
    return {"_snapshot": body.get("name") or f"{row['name']}-{int(world.now().timestamp() * 1000)}"}


def _power(wanted: str, refused: str) -> Callable[[World, JSON, JSON], JSON]:
    def power(world: World, row: JSON, body: JSON) -> JSON:
        if row["status"] == wanted:
            raise ApiError(422, refused)
        return {"status": wanted}

    return power


def _enable_backups(world: World, row: JSON, body: JSON) -> JSON:
    if row["_backups"]:
        raise ApiError(422, "Backups have already been enabled on this Droplet.")
    return {"_backups": policies.checked(body.get("backup_policy"))}


def _change_policy(world: World, row: JSON, body: JSON) -> JSON:
    if not row["_backups"]:
        raise ApiError(422, "Backups are not enabled on this Droplet.")
    return {"_backups": policies.checked(body.get("backup_policy"))}


def _disable_backups(world: World, row: JSON, body: JSON) -> JSON:
    if not row["_backups"]:
        raise ApiError(422, "Backups have already been disabled on this Droplet.")
    return {"_backups": None}


def _enable_ipv6(world: World, row: JSON, body: JSON) -> JSON:
    if "ipv6" in row["_features"] or not row["_public"]:
        raise ApiError(422, "IPv6 cannot be enabled on this Droplet.")
    return {"_features": [*row["_features"], "ipv6"]}


def _power_cycle(world: World, row: JSON, body: JSON) -> JSON:
    return {"status": ON}


def _nothing(world: World, row: JSON, body: JSON) -> JSON:
    return {}


# type → what it changes in the row; each refuses what cannot be, in the words that clients' code knows [2].
EFFECTS: dict[str, Callable[[World, JSON, JSON], JSON]] = {
    "power_on": _power(ON, "The droplet is already on."),
    "power_off": _power(OFF, "The droplet is already off."),
    "shutdown": _power(OFF, "The droplet is already off."),
    "reboot": _nothing,
    "power_cycle": _power_cycle,
    "password_reset": _nothing,
    "resize": _resize,
    "rename": _rename,
    "rebuild": _image,
    "restore": _image,
    "snapshot": _snapshot,
    "enable_backups": _enable_backups,
    "change_backup_policy": _change_policy,
    "disable_backups": _disable_backups,
    "enable_ipv6": _enable_ipv6,
}


def _start(request: Request, row: JSON) -> JSON:
    world, body = request.world, request.json
    kind = str(body.get("type"))
    if kind not in EFFECTS:
        raise ApiError(422, f"{kind} is not available for this Droplet.")
    if kind == "snapshot":
        request.token.require(["image:create"])
    actions.require_idle(world, row)
    action = actions.begin(world, row, kind, **EFFECTS[kind](world, row, body))
    world.after("droplet.action.long" if kind in LONG else "droplet.action", "droplets.done", droplet_id=row["id"])
    return actions.render(action, request.token)


@timer("droplets.done")
def done(world: World, droplet_id: int) -> None:
    row = rows.droplets(world).peek(str(droplet_id))
    if row is None:
        return
    before: dict[str, Any] = {"features": list(row["_features"]), "backups": row["_backups"]}
    actions.complete(world, row)
    if name := row.pop("_snapshot", None):
        images.make(world, row, name, "snapshot")
    if "ipv6" in row["_features"] and "ipv6" not in before["features"]:
        network.attach_v6(world, row)
    if row["_backups"] != before["backups"]:
        backups.plan(world, row)


@operation("POST", f"{rows.ONE}/actions", scope="droplet:update", status=201)
def act(request: Request) -> JSON:
    return {"action": _start(request, rows.wanted(request))}


@operation("POST", "/v2/droplets/actions", scope="droplet:update", status=201)
def act_by_tag(request: Request) -> JSON:
    """On each that carries the tag: all or none."""
    request.token.require(["tag:read"])
    if request.json.get("type") not in BY_TAG:
        raise ApiError(422, f"{request.json.get('type')} is not available for tagged Droplets.")
    found = rows.tagged(request.world, request.query.get("tag_name", ""))
    for row in found:
        actions.require_idle(request.world, row)
    return {"actions": [_start(request, row) for row in found]}
