# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects: written, read and deleted, with their versions."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from localcloud.resources.spaces.s3 import acl, bodies, conditions, customer_keys, tagging
from localcloud.resources.spaces.s3.answer import S3Answer
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.lookup import meant, new_version, version_header, version_id
from localcloud.resources.spaces.s3.rows import NULL, Contents, Version
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

MAX_METADATA = 2048
_META = "x-amz-meta-"
_CHECKSUM = re.compile(r"x-amz-checksum-(crc32c?|crc64nvme|sha1|sha256)")
_KEPT = (
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
    "x-amz-website-redirect-location",
)
# What a reader may ask to be told instead, by the name of the query's parameter.
_OVERRIDES = ("content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding")


def now() -> str:
    """Real time, as signatures have it: a client cannot know of a clock that was advanced."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def described(request: S3Request) -> dict[str, str]:
    """The headers that an object keeps. S3Error when there is too much of it."""
    found = {n: v for n, v in request.headers.items() if n.startswith(_META) or (v and n in _KEPT)}
    own = {name: value for name, value in found.items() if name.startswith(_META)}
    if sum(len(name) - len(_META) + len(value) for name, value in own.items()) > MAX_METADATA:
        raise S3Error("MetadataTooLarge")
    encoding = [part.strip() for part in found.pop("content-encoding", "").split(",")]
    if kept := ", ".join(part for part in encoding if part not in ("", "aws-chunked")):
        found["content-encoding"] = kept
    return {"content-type": "binary/octet-stream", **found}


def checksums_of(request: S3Request) -> dict[str, str]:
    """Those that came with the body, which have been looked at."""
    return {name: value for name, value in request.headers.items() if _CHECKSUM.fullmatch(name)}


def new(contents: Contents, request: S3Request, **more: Any) -> Version:
    """A version with what the request says of it, under the id that the bucket's versioning gives."""
    id = secrets.token_hex(16) if contents.versioning == "Enabled" else NULL
    said = {
        "headers": described(request),
        "tags": tagging.of_header(request.headers.get("x-amz-tagging", "")),
        "public": acl.public_by_headers(request.headers),
    }
    return Version(request.address.key, id, now(), **{**said, **more})


@handles("PutObject")
def put_object(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    store = store_of(world)
    contents = store[bucket["name"]]
    conditions.check_write(request.headers, contents.current(request.address.key))
    key = customer_keys.given(request.headers)
    checksums = checksums_of(request)
    etag = request.md5
    version = new(contents, request, etag=etag, checksums=checksums, lock=key.lock() if key else {})
    contents.put(replace(version, pieces=(bodies.keep(store.blobs, request.body, key),)))
    headers = [("etag", f'"{etag}"'), *checksums.items(), *new_version(contents, version)]
    return S3Answer(200, b"", headers + (key.headers if key else []))


@handles("GetObject", "HeadObject")
def get_object(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    store = store_of(world)
    contents = store[bucket["name"]]
    version = meant(contents, request)
    key = customer_keys.given(request.headers)
    customer_keys.check(key, version.lock)
    headers = [
        ("etag", f'"{version.etag}"'),
        ("last-modified", conditions.http_date(version)),
        *version_header(contents, version),
    ]
    status = conditions.verdict(request.headers, version)
    if status == conditions.FAILED:
        raise S3Error("PreconditionFailed")
    if status:
        return S3Answer(status, b"", headers)
    if "partNumber" in request.query:
        part: tuple[int, int] | None = bodies.of_part(version, request.number("partNumber", 1))
        headers += [("x-amz-mp-parts-count", str(version.parts))] if version.parts else []
    else:
        part = bodies.wanted(request.headers.get("range"), version.size)
    start, length = part or (0, version.size)
    body = b"" if request.method == "HEAD" else bodies.read(store.blobs, version, key, start, length)
    headers += [*{**version.headers, **_overrides(request)}.items(), ("accept-ranges", "bytes")]
    headers += [("x-amz-tagging-count", str(len(version.tags)))] if version.tags else []
    if part and length:
        headers.append(("content-range", f"bytes {start}-{start + length - 1}/{version.size}"))
    elif request.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
        headers += version.checksums.items()
    headers.append(("content-length", str(length)))
    return S3Answer(206 if part and length else 200, body, headers + (key.headers if key else []))


def _overrides(request: S3Request) -> dict[str, str]:
    found = {n: request.query[f"response-{n}"] for n in _OVERRIDES if f"response-{n}" in request.query}
    if found and request.caller is None:
        raise S3Error("InvalidRequest", "Request specific response headers cannot be used for anonymous GET requests.")
    return {name: request.as_header(value) for name, value in found.items()}


def delete(contents: Contents, key: str, id: str | None) -> tuple[str, bool]:
    """Delete a version, or the object: ``(id, whether that is a delete marker)`` of what went or was made."""
    if id is not None:
        gone = contents.remove(key, id)
        return id, gone is not None and gone.marker
    if not contents.versioning:
        contents.remove(key, NULL)
        return "", False
    id = secrets.token_hex(16) if contents.versioning == "Enabled" else NULL
    contents.put(Version(key, id, now(), marker=True))
    return id, True


@handles("DeleteObject")
def delete_object(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    key, id = request.address.key, version_id(request)
    if "if-match" in request.headers:
        current = contents.current(key) if id is None else contents.find(key, id)
        conditions.check_delete(request.headers["if-match"], current)
    which, marker = delete(contents, key, id)
    headers = [("x-amz-version-id", which)] if which else []
    return S3Answer(204, b"", headers + ([("x-amz-delete-marker", "true")] if marker else []))
