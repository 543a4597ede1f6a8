# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registries themselves: ``/v2/registries``; and ``/v2/registry``, for whoever has only one.

Records of the table ``registries`` by name; ``_repositories`` is what is in one (repositories.py).
"""

from __future__ import annotations

import base64
import re

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import public
from localcloud.ports.routing import Request, operation
from localcloud.resources.registries import tiers
from localcloud.world import hooks
from localcloud.world.world import World

TABLE = "registries"
NAME = re.compile(r"[a-z0-9-]{1,63}")
# Names are unique among all customers.
TAKEN = ("digitalocean", "docker", "example")
SERVER = "registry.digitalocean.com"
# In the API's words: nebari-dev/nebari pull request 265; digitalocean/doctl issue 1776.
EXISTS = "name already exists"
HAS_ONE = "user already has a registry"
SEVERAL = "This API is not supported if you have created multiple registries. Please use '/v2/registries' instead."


def wanted(request: Request) -> JSON:
    """That of the address, the very record; 404 otherwise."""
    return request.row(TABLE, "registry_name")


def _only(world: World) -> JSON:
    rows = world.table(TABLE).all()
    if len(rows) > 1:
        raise ApiError(412, SEVERAL)
    if not rows:
        raise not_found()
    return rows[0]


def _free_name(world: World, name: object) -> str:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ApiError(422, "invalid registry name")
    if name in TAKEN or world.table(TABLE).peek(name):
        raise ApiError(409, EXISTS)
    return name


def insert(world: World, name: str, region: str) -> JSON:
    now = world.timestamp()
    row = {
        "name": name,
        "region": region,
        "created_at": now,
        "storage_usage_bytes": 0,
        "storage_usage_bytes_updated_at": now,
        "_repositories": {},
    }
    return world.table(TABLE).insert(name, row)


@operation("GET", "/v2/registries", scope="registry:read")
def list_registries(request: Request) -> JSON:
    """All of them: there are no pages."""
    subscription = {"subscription": tiers.current(request.world)}
    return {"registries": [public(row) | subscription for row in request.world.table(TABLE).all()]}


@operation("POST", "/v2/registries", scope="registry:create", status=201)
def create(request: Request) -> JSON:
    """Without a tier: that of the account, or the smallest. A tier that is given is that of the account from now on."""
    return {"registry": public(_create(request))}


def _create(request: Request) -> JSON:
    world, body = request.world, request.json
    name = _free_name(world, body.get("name"))
    subscription = tiers.current(world)
    present = subscription["tier"]["slug"] if subscription else "starter"
    slug = tiers.known(body.get("subscription_tier_slug", present))
    if len(world.table(TABLE).everything()) >= tiers.registries_of(slug):
        raise ApiError(422, HAS_ONE)
    region = body.get("region", "nyc3")
    if region not in tiers.REGIONS:
        raise ApiError(422, "invalid region")
    tiers.subscribe(world, slug)
    return insert(world, name, region)


@operation("POST", "/v2/registry", scope="registry:create", status=201)
def create_only(request: Request) -> JSON:
    if request.world.table(TABLE).everything():
        raise ApiError(422, HAS_ONE)
    return {"registry": public(_create(request)) | {"subscription": tiers.current(request.world)}}


@operation("GET", "/v2/registries/{registry_name}", scope="registry:read")
def read(request: Request) -> JSON:
    return {"registry": public(wanted(request))}


@operation("GET", "/v2/registry", scope="registry:read")
def read_only(request: Request) -> JSON:
    return {"registry": public(_only(request.world)) | {"subscription": tiers.current(request.world)}}


@operation("DELETE", "/v2/registries/{registry_name}", scope="registry:delete", status=204)
def delete(request: Request) -> None:
    """With all that is in it. The subscription stays."""
    request.world.table(TABLE).delete(wanted(request)["name"])


@operation("DELETE", "/v2/registry", scope="registry:delete", status=204)
def delete_only(request: Request) -> None:
    request.world.table(TABLE).delete(_only(request.world)["name"])


@operation("GET", "/v2/registries/{registry_name}/docker-credentials", scope=("registry:read", "registry:update"))
def credentials(request: Request) -> JSON:
    wanted(request)
    return _config(request.world)


@operation("GET", "/v2/registry/docker-credentials", scope=("registry:read", "registry:update"))
def credentials_of_all(request: Request) -> JSON:
    if not request.world.table(TABLE).all():
        raise not_found()
    return _config(request.world)


def _config(world: World) -> JSON:
    """A file config.json for Docker, with a token of its own that is told once."""
    secret = world.token_hex(32)
    return {"auths": {SERVER: {"auth": base64.b64encode(f"{secret}:{secret}".encode()).decode()}}}


@operation("POST", "/v2/registries/validate-name", scope="registry:create", status=204, safe=True)
@operation("POST", "/v2/registry/validate-name", scope="registry:create", status=204, safe=True)
def validate_name(request: Request) -> None:
    _free_name(request.world, request.json.get("name"))


@hooks.seeder("registries")
def _seed(world: World, count: int) -> None:
    tiers.subscribe(world, "professional")
    for _ in range(count):
        insert(world, f"foreign-{len(world.table(TABLE)):04}", "fra1")
