# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making Droplets. The words of a refusal are the API's where an issue is named, and guesses elsewhere."""

from __future__ import annotations

import re
from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources import account, projects, tags, vpcs
from localcloud.resources.catalogue import CLOSED, REGIONS, SIZES
from localcloud.resources.droplets import actions, backups, images, network, policies, rows
from localcloud.world.world import World, duration, timer

duration("droplet.create", 40.0)

NAME = re.compile(r"[a-zA-Z0-9]?[a-z0-9A-Z.\-]*[a-z0-9A-Z]")
MOST_AT_ONCE = 10
MOST_USER_DATA = 65536
# Which scopes a body needs beside droplet:create (the description's prose).
SCOPES = {
    "image": "image:read",
    "ssh_keys": "ssh_key:read",
    "tags": "tag:create",
    "vpc_uuid": "vpc:read",
    "volumes": "block_storage:read",
}


def _keys(world: World, given: list[Any]) -> list[str]:
    """The fingerprints of numbers and fingerprints."""
    known = {str(key[name]): key["fingerprint"] for key in world.table("ssh_keys").all() for name in KEY_NAMES}
    unknown = [str(key) for key in given if str(key) not in known]
    if unknown:
        # digitalocean/doctl issue 257; the words are those of many bug reports
        raise ApiError(422, f"{', '.join(unknown)} are invalid key identifiers for Droplet creation.")
    return [known[str(key)] for key in given]


KEY_NAMES = ("id", "fingerprint")


def _region(body: JSON, size: str) -> str:
    """A region's slug, the beginning of one, or nothing: then it is any."""
    given = str(body.get("region") or "")
    fitting = [slug for slug in REGIONS if slug not in CLOSED and slug.startswith(given)]
    if given in REGIONS:
        fitting = [given]
    if not fitting:
        raise ApiError(422, "You specified an invalid region for Droplet creation.")
    offered = [slug for slug in fitting if slug in SIZES[size].regions]
    if not offered:
        raise ApiError(422, "Size is not available in this region.")
    return offered[0]


def check(world: World, body: JSON) -> JSON:
    """What a Droplet shall be, whole, of the body of a request or a pool's template; 422 when it cannot be."""
    size = str(body.get("size"))
    if size not in SIZES:
        # digitalocean/terraform-provider-digitalocean issue 60
        raise ApiError(422, "You specified an invalid size for Droplet creation.")
    image = images.find(world, body.get("image"))
    if image is None:
        # digitalocean/terraform-provider-digitalocean PR 1035
        raise ApiError(422, "You specified an invalid image for Droplet creation.")
    region = _region(body, size)
    if region not in image["regions"]:
        raise ApiError(422, "Image is not available in this region.")
    if image["min_disk_size"] > SIZES[size].disk:
        raise ApiError(422, "This size is not available because it has a smaller disk.")
    keys = _keys(world, body.get("ssh_keys") or [])
    user_data = body.get("user_data") or ""
    if len(user_data.encode()) > MOST_USER_DATA:
        raise ApiError(422, "User data is too long (maximum is 65536 bytes)")
    if body.get("volumes"):
        raise ApiError(422, "Failed to find volumes")
    public = body.get("public_networking") is not False
    if not public and body.get("ipv6"):
        raise ApiError(422, "ipv6 must be false when public_networking is false")
    for tag in body.get("tags") or []:
        if not tags.NAME.fullmatch(str(tag)):
            raise ApiError(422, f"Tag {tag} is invalid")
    return {
        "size": size,
        "image": image,
        "region": region,
        "keys": keys,
        "user_data": user_data,
        "vpc": _vpc(world, body.get("vpc_uuid"), region),
        "backups": policies.checked(body.get("backup_policy")) if body.get("backups") else None,
        "ipv6": bool(body.get("ipv6")),
        "public": public,
        "monitoring": bool(body.get("monitoring")),
        "agent": body.get("with_droplet_agent") is not False,
        "tags": [tags.canonical(world, tag) for tag in dict.fromkeys(body.get("tags") or [])],
    }


def _vpc(world: World, id: str | None, region: str) -> str:
    """ "" for the region's default one, which is made when there is none."""
    if not id:
        return ""
    vpc = world.table(vpcs.TABLE).get(id)
    if vpc is None:
        raise ApiError(422, "You specified an invalid VPC for Droplet creation.")
    if vpc["region"] != region:
        raise ApiError(422, "The VPC is not in the region of the Droplet.")
    return id


def check_limit(world: World, more: int) -> None:
    if len(rows.droplets(world)) + more > account.droplet_limit(world):
        # pry0cc/axiom issue 422
        raise ApiError(422, "creating this/these droplet(s) will exceed your droplet limit")


def make(world: World, name: str, spec: JSON, project_id: str | None = None, **more: Any) -> JSON:
    """A new Droplet of a checked spec; it becomes active by the virtual clock."""
    id = rows.number(world, "droplet", 500_000_000)
    names = ("droplet_agent", "agent"), ("monitoring", "monitoring"), ("ipv6", "ipv6")
    row: JSON = {
        "id": id,
        "name": name,
        "status": "new",
        "created_at": world.timestamp(),
        "size_slug": spec["size"],
        "tags": list(spec["tags"]),
        "vpc_uuid": spec["vpc"] or vpcs.default_vpc(world, spec["region"])["id"],
        "_region": spec["region"],
        "_image": spec["image"],
        "_disk": SIZES[spec["size"]].disk,
        "_networks": {"v4": [], "v6": []},
        "_features": [*(feature for feature, key in names if spec[key]), "private_networking"],
        "_backups": spec["backups"],
        "_keys": spec["keys"],
        "_user_data": spec["user_data"],
        "_public": spec["public"],
        **more,
    }
    # What a Droplet does is said by its user data alone.
    if spec["user_data"] and (at := world.plane.place(rows.SOFTWARE, {"https": 443, "http": 80})):
        row["_at"] = at
    rows.droplets(world).insert(str(id), row)
    projects.assign(world, rows.urn(row), project_id)
    actions.begin(world, row, "create")
    world.after("droplet.create", "droplets.active", droplet_id=id)
    return row


@timer("droplets.active")
def active(world: World, droplet_id: int) -> None:
    row = rows.droplets(world).peek(str(droplet_id))
    if row is None:
        return
    network.attach(world, row, public=row["_public"])
    if "ipv6" in row["_features"]:
        network.attach_v6(world, row)
    row["status"] = "active"
    actions.complete(world, row)
    backups.plan(world, row)


@operation("POST", "/v2/droplets", scope="droplet:create", status=202)
def create(request: Request) -> JSON:
    """One by ``name``, or several by ``names``: none when one of them cannot be."""
    request.require_for(**SCOPES)
    world, body = request.world, request.json
    several = body.get("names") is not None
    names = body["names"] if several else [body.get("name") or ""]
    if not all(names) or not names:
        raise ApiError(422, "Name can't be blank")
    if len(names) > MOST_AT_ONCE:
        raise ApiError(422, f"You can only create {MOST_AT_ONCE} Droplets at a time.")
    for name in names:
        if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > 255:
            raise ApiError(422, "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)")
    spec = check(world, body)
    check_limit(world, len(names))
    made = [make(world, name, spec) for name in names]
    shown = [rows.render(world, row, request.token) for row in made]
    links = {"actions": [actions.link(actions.of(world, row)[-1], "create") for row in made]}
    return {"droplets": shown, "links": links} if several else {"droplet": shown[0], "links": links}
