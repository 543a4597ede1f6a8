# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Emptying a bucket: page by page, within a time, and never past a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import contents
from tests.unit.plugins.module_utils.scripted import StoppedClock

PAGE = 2


class Bucket:
    """As much of Spaces as is used here, with small pages; each call takes a second."""

    def __init__(self, versions: int, uploads: int = 0, kept: str = "") -> None:
        self.versions = [{"Key": f"k{number}", "VersionId": "v"} for number in range(versions)]
        self.uploads = [{"Key": f"u{number}", "UploadId": "1"} for number in range(uploads)]
        self.kept = kept
        self.clock = StoppedClock()

    def look(self, operation: str, *_absent: str, **parameters: Any) -> dict[str, Any]:
        self.clock.sleep(1)
        if operation == "list_multipart_uploads":
            return {"Uploads": self.uploads[:PAGE]}
        page = self.versions[: parameters.get("MaxKeys", PAGE)]
        return {"Versions": page[:1], "DeleteMarkers": page[1:]}

    def call(self, _operation: str, **parameters: Any) -> dict[str, Any]:
        asked = parameters["Delete"]["Objects"]
        self.versions = [row for row in self.versions if row not in asked or row["Key"] == self.kept]
        return {"Errors": [{"Key": self.kept, "Code": "AccessDenied", "Message": "No"}]} if self.kept else {}

    def gone(self, _operation: str, **parameters: Any) -> None:
        self.uploads = [row for row in self.uploads if row["Key"] != parameters["Key"]]


def remove(bucket: Bucket, seconds: float = 60) -> list[int]:
    told: list[int] = []
    contents.remove(bucket, "b", deadline=bucket.clock.now() + seconds, tell=told.append)  # type: ignore[arg-type]
    return told


def test_page_by_page() -> None:
    bucket = Bucket(versions=5, uploads=3)
    assert contents.example(bucket, "b") == '"k0"'  # type: ignore[arg-type]
    assert remove(bucket) == [2, 4, 5]
    assert bucket.versions == bucket.uploads == []
    assert contents.example(bucket, "b") == ""  # type: ignore[arg-type]


def test_ends_in_time_and_says_how_far_it_got() -> None:
    with pytest.raises(Failure, match=r"within the time \(wait_timeout\), 4 objects are deleted"):
        remove(Bucket(versions=50), seconds=2)
    with pytest.raises(Failure, match="still had unfinished uploads"):
        remove(Bucket(versions=0, uploads=50), seconds=2)


def test_what_cannot_be_deleted_is_told() -> None:
    with pytest.raises(Failure, match=r'such as "k1": AccessDenied: No'):
        remove(Bucket(versions=3, kept="k1"))
