# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spaces access keys: ``/v2/spaces/keys``.

Records of the table ``spaces_keys`` by access key: ``{name, access_key, grants: [{bucket, permission}], created_at}``
plus ``_secret``, which is shown once, in the answer to the creation.
"""

from __future__ import annotations

import hashlib
import string
from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.spaces.s3 import buckets
from localcloud.world import hooks
from localcloud.world.world import World

TABLE = "spaces_keys"
# https://docs.digitalocean.com/products/spaces/details/limits/
MAX_KEYS = 200
FULL = "fullaccess"
PERMISSIONS = ("read", "readwrite", FULL, "")
SORTABLE = ("created_at", "name", "access_key")

_ID_ALPHABET = string.ascii_uppercase + string.digits
# Secrets hold "/" and "+", which clients that forget to encode trip over.
_SECRET_ALPHABET = string.ascii_letters + string.digits + "+/"
MIXED = "cannot mix fullaccess permission with scoped permissions."


def standing_key(instance: str = "default") -> tuple[str, str]:
    """``(access key, secret)`` of the account's standing full-access key. Derived: it opens nothing but localcloud."""
    digest = hashlib.sha512(f"localcloud-spaces:{instance}".encode()).digest()
    access = "".join(_ID_ALPHABET[byte % len(_ID_ALPHABET)] for byte in digest[:16])
    secret = "".join(_SECRET_ALPHABET[byte % len(_SECRET_ALPHABET)] for byte in digest[16:59])
    return f"DO00{access}", secret


@hooks.on_start
def _add_standing_key(world: World) -> None:
    access, secret = standing_key()
    _insert(world, "localcloud", [{"bucket": "", "permission": FULL}], access, secret)


def _insert(world: World, name: str, grants: list[JSON], access: str, secret: str) -> JSON:
    record = {"name": name, "access_key": access, "grants": grants, "created_at": world.timestamp(), "_secret": secret}
    return world.table(TABLE).insert(access, record)


def limited_keys(world: World, bucket: str) -> list[str]:
    """The access keys that are granted on this bucket by name."""
    return [
        str(key["access_key"])
        for key in world.table(TABLE).everything()
        if any(grant["bucket"] == bucket and grant["permission"] not in (FULL, "") for grant in key["grants"])
    ]


def _grants(world: World, given: Any) -> list[JSON]:
    """The grants of a new key, checked.

    The refusal to mix is the description's own (400). That a bucket must exist is a guess: the control panel offers
    existing buckets only, and a grant on a name that somebody else has yet to take would be a hole.
    """
    grants = [{"bucket": g.get("bucket", ""), "permission": g.get("permission", "")} for g in given or []]
    if any(grant["permission"] not in PERMISSIONS for grant in grants):
        raise ApiError(400, "invalid permission: must be one of read, readwrite, fullaccess.")
    full = [grant for grant in grants if grant["permission"] == FULL]
    if full and len(full) != len(grants):
        raise ApiError(400, MIXED)
    if any(grant["bucket"] for grant in full):
        raise ApiError(400, "fullaccess permission applies to all buckets: bucket must be empty.")
    scoped = [grant for grant in grants if grant["permission"] in ("read", "readwrite")]
    names = [grant["bucket"] for grant in scoped]
    if len(set(names)) != len(names):
        raise ApiError(400, "a bucket can be granted only once.")
    for name in names:
        _check_bucket(world, name)
    return full[:1] or grants


def _check_bucket(world: World, name: str) -> None:
    if not buckets.exists(world, name):
        raise ApiError(400, f"bucket {name!r} does not exist.")
    record = buckets.true_record(world, name)
    if record is not None and record["policy"] is not None:
        # products/spaces/how-to/configure-bucket-policies: limited keys and bucket policies exclude each other.
        raise ApiError(400, f"bucket {name!r} has a bucket policy: limited-access keys cannot be granted on it.")


def _name(body: JSON) -> str:
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ApiError(400, "name is required.")
    return name


def _find(request: Request) -> JSON:
    return request.row(TABLE, "access_key")


@operation("GET", "/v2/spaces/keys", scope="spaces_key:read")
def list_keys(request: Request) -> JSON:
    query = request.query
    rows = request.world.table(TABLE).all()
    if query.get("name"):
        rows = [key for key in rows if key["name"] == query["name"]]
    if query.get("bucket"):
        rows = [key for key in rows if any(g["bucket"] == query["bucket"] for g in key["grants"])]
    if query.get("permission"):
        rows = [key for key in rows if any(g["permission"] == query["permission"] for g in key["grants"])]
    sort = query.get("sort", "created_at")
    if sort not in SORTABLE or query.get("sort_direction", "desc") not in ("asc", "desc"):
        raise ApiError(400, f"sort must be one of {', '.join(SORTABLE)}, sort_direction asc or desc.")
    # Within one second of creation the order is that of creation: a stable sort, turned as a whole.
    rows = sorted(rows, key=lambda key: str(key[sort]))
    if query.get("sort_direction", "desc") == "desc":
        rows.reverse()
    return paginate(request, "keys", rows)


@operation("POST", "/v2/spaces/keys", scope="spaces_key:create_credentials", status=201)
def create_key(request: Request) -> JSON:
    world = request.world
    name = _name(request.json)
    grants = _grants(world, request.json.get("grants"))
    if len(world.table(TABLE)) >= MAX_KEYS:
        raise ApiError(422, f"you have reached the limit of {MAX_KEYS} Spaces access keys.")
    access = "DO00" + "".join(world.random.choices(_ID_ALPHABET, k=16))
    secret = "".join(world.random.choices(_SECRET_ALPHABET, k=43))
    key = _insert(world, name, grants, access, secret)
    return {"key": {**public(key), "secret_key": secret}}


@operation("GET", "/v2/spaces/keys/{access_key}", scope="spaces_key:read")
def get_key(request: Request) -> JSON:
    """Under both names: the schema has a list ``keys`` (digest §15.9), its example and the Go client a ``key``."""
    key = public(_find(request))
    return {"key": key, "keys": [key]}


def _rename(request: Request) -> JSON:
    """Only the name changes. Grants may be sent along (Terraform's provider does) when they are the key's own."""
    key = _find(request)
    given = request.json.get("grants")
    if given is not None and _as_set(given) != _as_set(key["grants"]):
        raise ApiError(400, "the grants of an access key cannot be changed: only its name can be updated.")
    if request.method == "PUT" or "name" in request.json:
        key["name"] = _name(request.json)
    return {"key": public(key)}


def _as_set(grants: list[JSON]) -> set[tuple[str, str]]:
    return {(str(grant.get("bucket", "")), str(grant.get("permission", ""))) for grant in grants}


@operation("PUT", "/v2/spaces/keys/{access_key}", scope="spaces_key:update")
def update_key(request: Request) -> JSON:
    return _rename(request)


@operation("PATCH", "/v2/spaces/keys/{access_key}", scope="spaces_key:update")
def patch_key(request: Request) -> JSON:
    return _rename(request)


@operation("DELETE", "/v2/spaces/keys/{access_key}", scope="spaces_key:delete", status=204)
def delete_key(request: Request) -> None:
    key = _find(request)
    request.world.table(TABLE).delete(key["access_key"])
