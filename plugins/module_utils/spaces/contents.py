# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a bucket: only to see whether something is, and to remove it all."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import Spaces


def _versions(page: Data) -> list[Data]:
    return [*(page.get("Versions") or []), *(page.get("DeleteMarkers") or [])]


def example(spaces: Spaces, bucket: str) -> str:
    """One of the objects or versions that it holds, "" for none. Unfinished uploads do not keep a bucket alive."""
    page = spaces.look("list_object_versions", "NoSuchBucket", Bucket=bucket, MaxKeys=1)
    return next((f'"{version["Key"]}"' for version in _versions(page)), "")


def remove(spaces: Spaces, bucket: str, *, deadline: float, tell: Callable[[int], None]) -> None:
    """Delete every version of every object, and every unfinished upload. `tell` hears how many are gone so far."""
    count = 0
    while found := _versions(spaces.look("list_object_versions", "NoSuchBucket", Bucket=bucket)):
        if spaces.clock.now() > deadline:
            raise Failure(
                f'Spaces bucket "{bucket}" was not empty within the time (wait_timeout), {count} objects are '
                "deleted: run again, or raise wait_timeout."
            )
        objects = [{"Key": version["Key"], "VersionId": version.get("VersionId", "null")} for version in found]
        answer = spaces.call("delete_objects", Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
        if refused := answer.get("Errors"):
            first = refused[0]
            raise Failure(
                f'Could not delete {len(refused)} objects of Spaces bucket "{bucket}", such as '
                f'"{first.get("Key")}": {first.get("Code")}: {first.get("Message")}. Remove what keeps them '
                "and run again."
            )
        count += len(objects)
        tell(count)
    while uploads := spaces.look("list_multipart_uploads", "NoSuchBucket", Bucket=bucket).get("Uploads"):
        if spaces.clock.now() > deadline:
            raise Failure(
                f'Spaces bucket "{bucket}" still had unfinished uploads after the time (wait_timeout): run '
                "again, or raise wait_timeout."
            )
        for upload in uploads:
            spaces.gone("abort_multipart_upload", Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
