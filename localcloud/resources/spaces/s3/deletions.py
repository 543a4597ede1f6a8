# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting many objects at once: each key is judged, and each outcome told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.resources.spaces.s3 import access, conditions, xmldoc
from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.objects import delete
from localcloud.resources.spaces.s3.operations import Need, S3Operation
from localcloud.resources.spaces.s3.rows import Contents
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

MOST = 1000
_ONE = S3Operation("DeleteObject", Need.WRITE)


@handles("DeleteObjects")
def delete_objects(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    asked = xmldoc.parse(request.body, "Delete")
    rows = xmldoc.nodes(asked, "Object")
    if not 1 <= len(rows) <= MOST:
        raise S3Error("MalformedXML")
    wanted = [(xmldoc.text(row, "Key"), xmldoc.text(row, "VersionId"), xmldoc.text(row, "ETag")) for row in rows]
    if not all(key for key, _id, _etag in wanted):
        raise S3Error("MalformedXML")
    quiet = (xmldoc.text(asked, "Quiet") or "").strip().lower() == "true"
    contents = store_of(world)[bucket["name"]]
    told = []
    for key, id, etag in wanted:
        try:
            outcome = _one(world, request, bucket, contents, str(key), id or None, etag)
        except S3Error as error:
            said = element("Code", error.code) + element("Message", error.message)
            told.append(f"<Error>{element('Key', key)}{element('VersionId', id or None)}{said}</Error>")
        else:
            told += [] if quiet else [f"<Deleted>{outcome}</Deleted>"]
    return document("DeleteResult", "".join(told))


def _one(
    world: World, request: S3Request, bucket: JSON, contents: Contents, key: str, id: str | None, etag: str | None
) -> str:
    access.authorize(world, request, bucket, _ONE, key, id)
    if etag:
        conditions.check_delete(etag, contents.find(key, id) if id else contents.current(key))
    which, marker = delete(contents, key, id)
    inner = element("Key", key) + element("VersionId", id)
    if marker:
        inner += element("DeleteMarker", True) + element("DeleteMarkerVersionId", which)
    return inner
