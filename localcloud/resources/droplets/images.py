# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images: what DigitalOcean offers, and what was made of Droplets. ``/v2/images``.

Those made here are records of the table ``images`` by number, as text: the API's image, and ``_droplet_id``.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.contract.relaxations import relax, schema
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.catalogue import CLOSED, REGIONS
from localcloud.resources.droplets import rows
from localcloud.world.world import World

TABLE = "images"

# slug → (number, name, distribution, GiB of disk that it needs, GiB, whether it is an application). The numbers are
# localcloud's own, slugs those of the autumn of 2026.
_OFFERED = {
    "ubuntu-22-04-x64": (195932981, "22.04 (LTS) x64", "Ubuntu", 7, 0.65, False),
    "ubuntu-24-04-x64": (195932982, "24.04 (LTS) x64", "Ubuntu", 7, 0.71, False),
    "ubuntu-25-10-x64": (195932983, "25.10 x64", "Ubuntu", 7, 0.74, False),
    "debian-12-x64": (195932984, "12 x64", "Debian", 7, 0.52, False),
    "debian-13-x64": (195932985, "13 x64", "Debian", 7, 0.55, False),
    "fedora-42-x64": (195932986, "42 x64", "Fedora", 10, 0.78, False),
    "fedora-43-x64": (195932987, "43 x64", "Fedora", 10, 0.79, False),
    "centos-stream-9-x64": (195932988, "9 Stream x64", "CentOS", 10, 0.92, False),
    "almalinux-9-x64": (195932989, "9 x64", "AlmaLinux", 10, 0.83, False),
    "rockylinux-9-x64": (195932990, "9 x64", "Rocky Linux", 10, 0.87, False),
    # The description's examples, and older how-tos, still use it.
    "ubuntu-20-04-x64": (195932991, "20.04 (LTS) x64", "Ubuntu", 7, 0.63, False),
    "docker-20-04": (195932992, "Docker on Ubuntu 22.04", "Ubuntu", 25, 2.28, True),
    "caddy-22-04": (195932993, "Caddy on Ubuntu 22.04", "Ubuntu", 25, 1.12, True),
}


@relax("a public image answers to its slug as well, by the prose of GET /v2/images/{image_id} and godo's GetBySlug")
def _slugs(description: JSON) -> None:
    path = description["paths"]["/v2/images/{image_id}"]["get"]
    path["parameters"] = [
        {"in": "path", "name": "image_id", "required": True, "schema": {"type": "string"}},
    ]


@relax("regions of 2026 (atl1, ric1, mkc1, mem1) and AlmaLinux are on offer and missing in the enums of images")
def _news(description: JSON) -> None:
    regions = schema(description, "region_slug")["enum"]
    regions += [region for region in REGIONS if region not in regions]
    schema(description, "distribution")["enum"].append("AlmaLinux")


def _offered(slug: str) -> JSON:
    id, name, distribution, disk, size, _application = _OFFERED[slug]
    return {
        "id": id,
        "name": name,
        "distribution": distribution,
        "slug": slug,
        "public": True,
        "regions": [region for region in REGIONS if region not in CLOSED],
        "created_at": "2026-09-01T00:00:00Z",
        "min_disk_size": disk,
        "type": "base",
        "size_gigabytes": size,
        "description": name,
        "tags": [],
        "status": "available",
        "error_message": "",
    }


def find(world: World, given: object) -> JSON | None:
    """The image of that slug or number."""
    for slug, offer in _OFFERED.items():
        if str(given) in (slug, str(offer[0])):
            return _offered(slug)
    return world.table(TABLE).get(str(given))


def make(world: World, droplet: JSON, name: str, kind: str) -> JSON:
    """An image of a Droplet: ``snapshot`` or ``backup``."""
    id = rows.number(world, "image", 210_000_000)
    record: JSON = {
        "id": id,
        "name": name,
        "distribution": droplet["_image"]["distribution"],
        "slug": None,
        "public": False,
        "regions": [droplet["_region"]],
        "created_at": world.timestamp(),
        "min_disk_size": droplet["_disk"],
        "type": kind,
        "size_gigabytes": 2.34,
        "description": "",
        "tags": [],
        "status": "available",
        "error_message": "",
        "_droplet_id": droplet["id"],
    }
    return world.table(TABLE).insert(str(id), record)


def _wanted(request: Request) -> JSON:
    found = find(request.world, request.params["image_id"])
    if found is None:
        raise not_found()
    return found


@operation("GET", "/v2/images", scope="image:read")
def list_images(request: Request) -> JSON:
    kind, tag = request.query.get("type"), request.query.get("tag_name")
    own = request.world.table(TABLE).all()
    offered = [] if request.query.get("private") == "true" else [*_OFFERED]
    if kind:
        own, offered = [], [slug for slug in offered if _OFFERED[slug][-1] is (kind == "application")]
    images = [*own, *map(_offered, offered)]
    return paginate(request, "images", [image for image in images if tag is None or tag in image["tags"]])


@operation("GET", "/v2/images/{image_id}", scope="image:read")
def read(request: Request) -> JSON:
    return {"image": public(_wanted(request))}


@operation("PUT", "/v2/images/{image_id}", scope="image:update")
def rename(request: Request) -> JSON:
    image = _wanted(request)
    if image["public"]:
        raise ApiError(403, "You do not have access for the attempted action.")
    for name in ("name", "description", "distribution"):
        if request.json.get(name):
            image[name] = request.json[name]
    return {"image": public(image)}


@operation("DELETE", "/v2/images/{image_id}", scope="image:delete", status=204)
def delete(request: Request) -> None:
    image = _wanted(request)
    if image["public"]:
        raise ApiError(403, "You do not have access for the attempted action.")
    request.world.table(TABLE).delete(str(image["id"]))
