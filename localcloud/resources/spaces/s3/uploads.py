# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listings of uploads under way, and of their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.listing import MOST, OWNER, beyond, common_prefixes, walk
from localcloud.resources.spaces.s3.multipart import MOST_PARTS, upload_of
from localcloud.resources.spaces.s3.rows import Upload
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

_INITIATOR = OWNER.replace("Owner>", "Initiator>")


@handles("ListMultipartUploads")
def list_uploads(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    query = request.query
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    most = request.number("max-uploads", MOST, MOST)
    marker, id = query.get("key-marker", ""), query.get("upload-id-marker", "")
    by_key: dict[str, list[Upload]] = {}
    for upload in sorted(store_of(world)[bucket["name"]].uploads.values(), key=lambda u: (u.object.key, u.id)):
        by_key.setdefault(upload.object.key, []).append(upload)
    found: list[tuple[str, Upload | None]] = []
    if id and marker.startswith(prefix):
        found += [(marker, upload) for upload in by_key.get(marker, []) if upload.id > id]
    start = beyond(marker, prefix, delimiter) if marker else ""
    for kind, name in walk(list(by_key), prefix, delimiter, start, lambda _key: True):
        found += [(name, None)] if kind == "prefix" else [(name, upload) for upload in by_key[name]]
    shown, more = found[:most], most > 0 and len(found) > most
    parts = [
        element("Bucket", bucket["name"]),
        element("KeyMarker", request.encoded(marker)),
        element("UploadIdMarker", id),
        element("Prefix", request.encoded(prefix)),
        element("Delimiter", request.encoded(delimiter) if delimiter else None),
        element("EncodingType", request.encoding),
        element("MaxUploads", most),
        element("IsTruncated", more),
    ]
    if more:
        name, last = shown[-1]
        parts.append(element("NextKeyMarker", request.encoded(name)))
        parts.append(element("NextUploadIdMarker", last.id if last else ""))
    for name, row in shown:
        if row is not None:
            key, which = element("Key", request.encoded(name)), element("UploadId", row.id)
            when = element("Initiated", row.object.modified)
            parts.append(f"<Upload>{key}{which}{_INITIATOR}{OWNER}<StorageClass>STANDARD</StorageClass>{when}</Upload>")
    parts.append(common_prefixes(request, [name for name, row in shown if row is None]))
    return document("ListMultipartUploadsResult", "".join(parts))


@handles("ListParts")
def list_parts(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    upload = upload_of(store_of(world)[bucket["name"]], request)
    most = request.number("max-parts", MOST, MOST)
    marker = request.number("part-number-marker", 0, MOST_PARTS)
    found = [upload.parts[number] for number in sorted(upload.parts) if number > marker]
    shown, more = found[:most], most > 0 and len(found) > most
    parts = [
        element("Bucket", bucket["name"]),
        element("Key", request.encoded(upload.object.key)),
        element("UploadId", upload.id),
        _INITIATOR,
        OWNER,
        "<StorageClass>STANDARD</StorageClass>",
        element("PartNumberMarker", marker),
        element("NextPartNumberMarker", shown[-1].number if shown else 0),
        element("MaxParts", most),
        element("EncodingType", request.encoding),
        element("IsTruncated", more),
    ]
    for part in shown:
        number, when = element("PartNumber", part.number), element("LastModified", part.modified)
        etag, size = element("ETag", f'"{part.etag}"'), element("Size", part.piece.size)
        parts.append(f"<Part>{number}{when}{etag}{size}</Part>")
    return document("ListPartsResult", "".join(parts))
