# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from localcloud.resources.spaces.s3 import xmldoc
from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.lookup import meant, version_header
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

MAX_TAGS, MAX_NAME, MAX_VALUE = 10, 128, 256

Tags = dict[str, str]


def _checked(pairs: list[tuple[str, str]]) -> Tags:
    tags = dict(pairs)
    if len(tags) != len(pairs):
        raise S3Error("InvalidTag", "Cannot provide multiple Tags with the same key", 400)
    if len(tags) > MAX_TAGS:
        raise S3Error("InvalidTag", f"Object tags cannot be greater than {MAX_TAGS}", 400)
    if any(not 1 <= len(name) <= MAX_NAME or len(value) > MAX_VALUE for name, value in pairs):
        raise S3Error("InvalidTag", f"A tag has a key of 1 to {MAX_NAME} and a value of up to {MAX_VALUE} characters")
    return tags


def of_header(header: str) -> Tags:
    """``a=1&b=2``, form-encoded."""
    parts = (part.partition("=") for part in header.split("&") if part)
    return _checked([(unquote_plus(name), unquote_plus(value)) for name, _eq, value in parts])


def of_document(body: bytes) -> Tags:
    sets = xmldoc.node(xmldoc.parse(body, "Tagging"), "TagSet")
    if sets is None:
        raise S3Error("MalformedXML")
    pairs = [(xmldoc.text(tag, "Key"), xmldoc.text(tag, "Value")) for tag in xmldoc.nodes(sets, "Tag")]
    if any(name is None or value is None for name, value in pairs):
        raise S3Error("MalformedXML")
    return _checked([(str(name), str(value)) for name, value in pairs])


@handles("GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging")
def object_tagging(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    version = meant(contents, request)
    headers = version_header(contents, version)
    if request.method == "GET":
        rows = "".join(f"<Tag>{element('Key', k)}{element('Value', v)}</Tag>" for k, v in sorted(version.tags.items()))
        return document("Tagging", f"<TagSet>{rows}</TagSet>", headers=headers)
    contents.replace(version, tags=of_document(request.body) if request.method == "PUT" else {})
    return S3Answer(200 if request.method == "PUT" else 204, b"", headers)
