# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a bucket, and what one of two buckets lacks of the other.

Names of objects may tell of patients: they go from here to S3 and to rclone, and into no message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import Spaces


@dataclass(frozen=True)
class Object:
    """`modified` in seconds since 1970; `etag` is the MD5 of the content, but for one that was uploaded in parts."""

    key: str
    size: int
    etag: str
    modified: float

    @property
    def in_parts(self) -> bool:
        """Whether its ETag tells nothing of its content."""
        return "-" in self.etag


def seconds(moment: str) -> float:
    """Of a time as S3 writes it, since 1970."""
    return datetime.fromisoformat(moment).timestamp()


def objects(spaces: Spaces, bucket: str, prefix: str = "") -> dict[str, Object]:
    """What is in a bucket now, by key. The empty objects that some clients put for folders are none."""
    rows = pages(spaces, "list_objects_v2", Bucket=bucket, Prefix=prefix)
    found = (row for page in rows for row in page.get("Contents") or [])
    return {row["Key"]: _object(row) for row in found if row["Size"] or not row["Key"].endswith("/")}


def _object(row: Data) -> Object:
    return Object(row["Key"], int(row["Size"]), row["ETag"].strip('"'), seconds(row["LastModified"]))


def pages(spaces: Spaces, operation: str, **asked: str) -> Iterator[Data]:
    """The pages of a listing, whichever way S3 goes on in it."""
    on: Data = {}
    while True:
        page = spaces.call(operation, **asked, **on)
        yield page
        if not page.get("IsTruncated"):
            return
        if operation == "list_objects_v2":
            on = {"ContinuationToken": page["NextContinuationToken"]}
        else:
            on = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page.get("NextVersionIdMarker") or ""}


def lacking(there: dict[str, Object], here: dict[str, Object]) -> list[Object]:
    """What is `there` and not, or not as it is, `here`: by size and MD5, and where that is not known by time."""
    return [row for key, row in there.items() if key not in here or _differs(row, here[key])]


def _differs(row: Object, copy: Object) -> bool:
    if row.size != copy.size:
        return True
    if row.in_parts or copy.in_parts:
        return row.modified > copy.modified
    return row.etag != copy.etag
