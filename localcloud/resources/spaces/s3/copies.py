# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of objects within a region: whole, or as a part of an upload."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from localcloud.resources.spaces.s3 import access, bodies, buckets, conditions, customer_keys, tagging
from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.customer_keys import SOURCE_PREFIX, CustomerKey
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.lookup import find, new_version
from localcloud.resources.spaces.s3.objects import described, new
from localcloud.resources.spaces.s3.operations import Need, S3Operation
from localcloud.resources.spaces.s3.rows import Contents, Version
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

MOST = 5 * 1024**3


def source(world: World, request: S3Request, bucket: JSON) -> tuple[Contents, Version, CustomerKey | None]:
    """What is to be copied: there, in this region, readable for the caller, and as the conditions want it."""
    path, _mark, query = request.headers["x-amz-copy-source"].partition("?")
    if query and not query.startswith("versionId="):
        # A question mark that was not encoded is part of the key.
        path, query = f"{path}?{query}", ""
    try:
        name, slash, key = unquote_to_bytes(path).decode().removeprefix("/").partition("/")
        id = unquote_to_bytes(query.removeprefix("versionId=")).decode() or None
    except ValueError:
        slash = key = ""
    if not slash or not key:
        raise S3Error(
            "InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey", 400
        )
    where = buckets.find(world, name, bucket["region"])
    access.authorize(world, request, where, S3Operation("GetObject", Need.READ), key, id)
    contents = store_of(world)[name]
    version = contents.find(key, id) if id else None
    if version is not None and version.marker:
        raise S3Error(
            "InvalidRequest", "The source of a copy request may not specifically refer to a delete marker by version id"
        )
    version = find(contents, key, id)
    conditions.check_source(request.headers, version)
    customer_key = customer_keys.given(request.headers, SOURCE_PREFIX)
    customer_keys.check(customer_key, version.lock)
    return contents, version, customer_key


def source_header(contents: Contents, version: Version) -> list[tuple[str, str]]:
    return [("x-amz-copy-source-version-id", version.id)] if contents.versioning else []


def _directive(request: S3Request, name: str) -> bool:
    """Whether the request replaces what the source has of it."""
    value = request.headers.get(name, "COPY").upper()
    if value not in ("COPY", "REPLACE"):
        raise S3Error("InvalidArgument", f"Unknown {name.removeprefix('x-amz-').replace('-', ' ')}.", 400)
    return value == "REPLACE"


@handles("CopyObject")
def copy_object(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    store = store_of(world)
    contents = store[bucket["name"]]
    origin, version, old_key = source(world, request, bucket)
    fresh, retagged = _directive(request, "x-amz-metadata-directive"), _directive(request, "x-amz-tagging-directive")
    key = customer_keys.given(request.headers)
    itself = origin is contents and version.key == request.address.key and contents.current(version.key) is version
    if itself and not (fresh or retagged or key or old_key or "x-amz-website-redirect-location" in request.headers):
        raise S3Error(
            "InvalidRequest",
            "This copy request is illegal because it is trying to copy an object to itself without changing the "
            "object's metadata, storage class, website redirect location or encryption attributes.",
        )
    if version.size > MOST:
        raise S3Error("InvalidRequest", f"The specified copy source is larger than the maximum allowable: {MOST}")
    conditions.check_write(request.headers, contents.current(request.address.key))
    headers = described(request) if fresh else dict(version.headers)
    if not fresh:
        # A redirect is not copied.
        headers.pop("x-amz-website-redirect-location", None)
    tags = tagging.of_header(request.headers.get("x-amz-tagging", "")) if retagged else version.tags
    made = new(
        contents,
        request,
        headers=headers,
        tags=tags,
        etag=version.etag,
        checksums=version.checksums,
        pieces=version.pieces,
        parts=version.parts,
    )
    if key or old_key:
        body = bodies.read(store.blobs, version, old_key)
        made = replace(made, pieces=(bodies.keep(store.blobs, body, key),), parts=0, lock=key.lock() if key else {})
    contents.put(made)
    told = [*source_header(origin, version), *new_version(contents, made), *(key.headers if key else [])]
    return document("CopyObjectResult", result(made.etag, made.modified), headers=told)


def result(etag: str, modified: str) -> str:
    return element("LastModified", modified) + element("ETag", f'"{etag}"')
