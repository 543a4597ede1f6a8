# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads in parts."""

from __future__ import annotations

import binascii
import hashlib
import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from localcloud.resources.spaces.s3 import bodies, conditions, copies, customer_keys, xmldoc
from localcloud.resources.spaces.s3.address import DOMAIN
from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.customer_keys import CustomerKey
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.lookup import new_version
from localcloud.resources.spaces.s3.objects import checksums_of, new, now
from localcloud.resources.spaces.s3.rows import NULL, Contents, Part, Upload, Version
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

SMALLEST = 5 * 1024 * 1024
MOST_PARTS = 10_000
_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{1,18})")


def upload_of(contents: Contents, request: S3Request) -> Upload:
    upload = contents.uploads.get(request.query.get("uploadId", ""))
    if upload is None or upload.object.key != request.address.key:
        raise S3Error("NoSuchUpload", UploadId=request.query.get("uploadId", ""))
    return upload


@handles("CreateMultipartUpload")
def create(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    key = customer_keys.given(request.headers)
    id = secrets.token_hex(16)
    contents.put_upload(Upload(id, new(contents, request, lock=key.lock() if key else {})))
    inner = f"{element('Bucket', bucket['name'])}{element('Key', request.address.key)}{element('UploadId', id)}"
    return document("InitiateMultipartUploadResult", inner, headers=key.headers if key else None)


def _keep(world: World, bucket: JSON, request: S3Request, upload: Upload, body: bytes, key: CustomerKey | None) -> Part:
    store = store_of(world)
    etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
    part = Part(_number(request), now(), etag, bodies.keep(store.blobs, body, key))
    store[bucket["name"]].put_upload(replace(upload, parts={**upload.parts, part.number: part}))
    return part


def _number(request: S3Request) -> int:
    number = request.number("partNumber", 0)
    if not 1 <= number <= MOST_PARTS:
        raise S3Error("InvalidArgument", f"Part number must be an integer between 1 and {MOST_PARTS}, inclusive", 400)
    return number


@handles("UploadPart")
def upload_part(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    upload = upload_of(store_of(world)[bucket["name"]], request)
    _number(request)
    key = customer_keys.given(request.headers)
    customer_keys.check(key, upload.object.lock)
    part = _keep(world, bucket, request, upload, request.body, key)
    told = [("etag", f'"{part.etag}"'), *checksums_of(request).items()]
    return S3Answer(200, b"", [*told, *(key.headers if key else [])])


@handles("UploadPartCopy")
def upload_part_copy(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    store = store_of(world)
    upload = upload_of(store[bucket["name"]], request)
    _number(request)
    origin, version, old_key = copies.source(world, request, bucket)
    key = customer_keys.given(request.headers)
    customer_keys.check(key, upload.object.lock)
    start, length = 0, version.size
    if header := request.headers.get("x-amz-copy-source-range"):
        found = _RANGE.fullmatch(header.strip())
        if found is None:
            raise S3Error(
                "InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last", 400
            )
        start, length = int(found[1]), int(found[2]) - int(found[1]) + 1
        if length < 1 or start + length > version.size:
            raise S3Error("InvalidRange", ActualObjectSize=str(version.size))
    body = bodies.read(store.blobs, version, old_key, start, length)
    part = _keep(world, bucket, request, upload, body, key)
    told = [*copies.source_header(origin, version), *(key.headers if key else [])]
    return document("CopyPartResult", copies.result(part.etag, part.modified), headers=told)


def _chosen(upload: Upload, body: bytes) -> list[Part]:
    """The parts that the document names, which must be there as it names them."""
    rows = xmldoc.nodes(xmldoc.parse(body, "CompleteMultipartUpload"), "Part")
    if not rows:
        raise S3Error("MalformedXML")
    parts, before = [], 0
    for row in rows:
        number, etag = xmldoc.text(row, "PartNumber") or "", xmldoc.text(row, "ETag")
        if etag is None or not re.fullmatch(r"\s*[0-9]{1,9}\s*", number, re.ASCII):
            raise S3Error("MalformedXML")
        part = upload.parts.get(int(number))
        if part is None or part.etag != etag.strip().strip('"'):
            raise S3Error("InvalidPart")
        if part.number <= before:
            raise S3Error("InvalidPartOrder")
        before = part.number
        parts.append(part)
    if any(part.piece.size < SMALLEST for part in parts[:-1]):
        raise S3Error("EntityTooSmall")
    return parts


@handles("CompleteMultipartUpload")
def complete(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    done = contents.current(request.address.key)
    if done is not None and done.upload and done.upload == request.query.get("uploadId"):
        # Asked again, by one who has not heard the answer.
        return _completed(request, bucket, contents, done)
    upload = upload_of(contents, request)
    parts = _chosen(upload, request.body)
    conditions.check_write(request.headers, contents.current(request.address.key))
    digest = hashlib.md5(b"".join(binascii.unhexlify(part.etag) for part in parts), usedforsecurity=False).hexdigest()
    version = replace(
        upload.object,
        # The bucket's versioning may have changed since.
        id=secrets.token_hex(16) if contents.versioning == "Enabled" else NULL,
        modified=now(),
        etag=f"{digest}-{len(parts)}",
        pieces=tuple(part.piece for part in parts),
        parts=len(parts),
        upload=upload.id,
    )
    contents.put(version)
    contents.remove_upload(upload.id)
    return _completed(request, bucket, contents, version)


def _completed(request: S3Request, bucket: JSON, contents: Contents, version: Version) -> S3Answer:
    # Without a scheme: clients that show it trip over that (aws-sdk-js issue 4196).
    where = f"{bucket['region']}.{DOMAIN}{request.address.resource}"
    inner = element("Location", where) + element("Bucket", bucket["name"]) + element("Key", version.key)
    inner += element("ETag", f'"{version.etag}"')
    return document("CompleteMultipartUploadResult", inner, headers=new_version(contents, version))


@handles("AbortMultipartUpload")
def abort(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    contents.remove_upload(upload_of(contents, request).id)
    return S3Answer(204)
