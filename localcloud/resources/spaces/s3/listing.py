# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listings of objects and of versions, by page.

A common prefix counts as one entry, and a marker that lies inside one is past all of it, as Ceph has it.
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.rows import Contents, Version
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

MOST = 1000
OWNER = "<Owner><ID>1</ID><DisplayName>1</DisplayName></Owner>"

# ("key", key) or ("prefix", common prefix)
Entry = tuple[str, str]


def after(text: str) -> str:
    """The smallest text that is greater."""
    return text + "\0"


def _past(prefix: str) -> str:
    """The smallest text that is greater than all that begin with it."""
    last = ord(prefix[-1])
    # No text has surrogates in it.
    return prefix[:-1] + chr(0xE000 if last == 0xD7FF else last + 1) if last < 0x10FFFF else after(prefix)


def walk(
    keys: Sequence[str], prefix: str, delimiter: str, start: str, visible: Callable[[str], bool]
) -> Iterator[Entry]:
    """Sorted keys from ``start`` on that begin with ``prefix``, those with the delimiter behind it rolled up."""
    position = max(start, prefix)
    while (index := bisect_left(keys, position)) < len(keys) and keys[index].startswith(prefix):
        key = keys[index]
        position = after(key)
        if not visible(key):
            continue
        cut = key.find(delimiter, len(prefix)) if delimiter else -1
        if cut < 0:
            yield "key", key
            continue
        common = key[: cut + len(delimiter)]
        position = _past(common)
        yield "prefix", common


def beyond(marker: str, prefix: str, delimiter: str) -> str:
    """Where a listing goes on after ``marker``."""
    cut = marker.find(delimiter, len(prefix)) if delimiter and marker.startswith(prefix) else -1
    return after(marker) if cut < 0 else _past(marker[: cut + len(delimiter)])


def common_prefixes(request: S3Request, prefixes: list[str]) -> str:
    return "".join(f"<CommonPrefixes>{element('Prefix', request.encoded(p))}</CommonPrefixes>" for p in prefixes)


@handles("ListObjects", "ListObjectsV2")
def list_objects(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    query, second = request.query, request.operation.name == "ListObjectsV2"
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    most = request.number("max-keys", MOST, MOST)
    token = query.get("continuation-token")
    marker = (_token(token) if token else query.get("start-after", "")) if second else query.get("marker", "")
    start = beyond(marker, prefix, delimiter) if marker else ""

    def visible(key: str) -> bool:
        current = contents.current(key)
        return current is not None and not current.marker

    entries, more = _page(walk(contents.keys, prefix, delimiter, start, visible), most)
    owner = not second or query.get("fetch-owner", "").lower() == "true"
    found = [contents.versions(name)[0] for kind, name in entries if kind == "key"]
    parts = [
        element("Name", bucket["name"]),
        # Clients of the first version do not decode this one.
        element("Prefix", request.encoded(prefix) if second else prefix),
        element("MaxKeys", most),
        element("Delimiter", request.encoded(delimiter) if delimiter else None),
        element("EncodingType", request.encoding),
        element("IsTruncated", more),
    ]
    last = entries[-1][1] if more else None
    if second:
        parts += [
            element("KeyCount", len(entries)),
            element("ContinuationToken", token),
            element("NextContinuationToken", base64.b64encode(last.encode()).decode() if last is not None else None),
            element("StartAfter", request.encoded(query["start-after"]) if "start-after" in query else None),
        ]
    else:
        parts += [
            element("Marker", request.encoded(marker)),
            element("NextMarker", request.encoded(last) if last is not None else None),
        ]
    parts += [f"<Contents>{_row(request, version)}{OWNER if owner else ''}</Contents>" for version in found]
    parts.append(common_prefixes(request, [name for kind, name in entries if kind == "prefix"]))
    return document("ListBucketResult", "".join(parts))


def _page(entries: Iterator[Entry], most: int) -> tuple[list[Entry], bool]:
    """So many, and whether there are more. Whoever asks for none is told that this is all."""
    found: list[Entry] = []
    for entry in entries if most else ():
        if len(found) == most:
            return found, True
        found.append(entry)
    return found, False


def _token(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        raise S3Error("InvalidArgument", "The continuation token provided is incorrect.", 400) from None


def _row(request: S3Request, version: Version) -> str:
    return (
        f"{element('Key', request.encoded(version.key))}{element('LastModified', version.modified)}"
        f"{element('ETag', chr(34) + version.etag + chr(34))}{element('Size', version.size)}"
        "<StorageClass>STANDARD</StorageClass>"
    )


@handles("ListObjectVersions")
def list_versions(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    query = request.query
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    most = request.number("max-keys", MOST, MOST)
    marker, id = query.get("key-marker", ""), query.get("version-id-marker", "")
    if id and not marker:
        raise S3Error("InvalidArgument", "A version-id marker cannot be specified without a key marker.", 400)
    found: list[tuple[str, str, Version | None]] = []
    more = False
    for name, which, version in _versions(contents, prefix, delimiter, marker, id) if most else ():
        if len(found) == most:
            more = True
            break
        found.append((name, which, version))
    parts = [
        element("Name", bucket["name"]),
        element("Prefix", request.encoded(prefix)),
        element("KeyMarker", request.encoded(marker)),
        element("VersionIdMarker", id),
        element("MaxKeys", most),
        element("Delimiter", request.encoded(delimiter) if delimiter else None),
        element("EncodingType", request.encoding),
        element("IsTruncated", more),
    ]
    if more:
        parts.append(element("NextKeyMarker", request.encoded(found[-1][0])))
        parts.append(element("NextVersionIdMarker", found[-1][1] or None))
    for _name, _which, version in found:
        if version is not None:
            parts.append(_version_row(request, contents, version))
    parts.append(common_prefixes(request, [name for name, _which, version in found if version is None]))
    return document("ListVersionsResult", "".join(parts))


def _versions(
    contents: Contents, prefix: str, delimiter: str, marker: str, id: str
) -> Iterator[tuple[str, str, Version | None]]:
    """``(key, version id, version)`` behind the markers, or ``(common prefix, "", None)``."""
    if id and marker.startswith(prefix):
        rows = contents.versions(marker)
        at = next((index for index, row in enumerate(rows) if row.id == id), len(rows))
        for row in rows[at + 1 :]:
            yield row.key, row.id, row
    start = beyond(marker, prefix, delimiter) if marker else ""
    for kind, name in walk(contents.keys, prefix, delimiter, start, lambda _key: True):
        if kind == "prefix":
            yield name, "", None
        else:
            for row in contents.versions(name):
                yield row.key, row.id, row


def _version_row(request: S3Request, contents: Contents, version: Version) -> str:
    latest = contents.current(version.key) is version
    which = f"{element('VersionId', version.id)}{element('IsLatest', latest)}{OWNER}"
    if version.marker:
        key, when = element("Key", request.encoded(version.key)), element("LastModified", version.modified)
        return f"<DeleteMarker>{key}{when}{which}</DeleteMarker>"
    return f"<Version>{_row(request, version)}{which}</Version>"
