# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a caller may do what it asks: key grants, then the bucket's policy, then ACLs for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.spaces import policy
from localcloud.spaces.buckets import Bucket
from localcloud.spaces.errors import S3Error
from localcloud.spaces.operations import Need
from localcloud.spaces.request import S3Request

Key = dict[str, Any]

FULL = "fullaccess"
_GIVES = {
    "read": {Need.READ},
    "readwrite": {Need.READ, Need.WRITE},
    FULL: {Need.READ, Need.WRITE, Need.OWNER},
}
# What an ACL of public-read opens: the contents of an object, or the listing of a bucket (not its objects' contents).
_BY_ACL = ("GetObject", "HeadObject", "ListObjects", "ListObjectsV2", "HeadBucket")
# The owner, and nobody else, may always undo a policy that locks everybody out.
_NEVER_DENIED = ("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy")


def has_full_access(key: Key) -> bool:
    return any(grant["permission"] == FULL for grant in key["grants"])


def grants(key: Key, bucket: str) -> set[Need]:
    """What a key may do with a bucket."""
    found: set[Need] = set()
    for grant in key["grants"]:
        if grant["permission"] == FULL or grant["bucket"] == bucket:
            found |= _GIVES.get(grant["permission"], set())
    return found


def _context(request: S3Request) -> dict[str, str]:
    # The only clients there are sit on this machine, and the endpoint only speaks TLS.
    return {
        "aws:securetransport": "true",
        "aws:sourceip": "127.0.0.1",
        "aws:referer": request.headers.get("referer", ""),
        "aws:useragent": request.headers.get("user-agent", ""),
    }


def authorize(request: S3Request, key: Key | None, bucket: Bucket, public_read: Callable[[], bool]) -> None:
    """S3Error ``AccessDenied`` unless allowed. ``key`` None: anonymous. ``public_read`` looks the ACL up."""
    operation = request.operation
    name = str(bucket["name"])
    verdict = policy.verdict(bucket["policy"], operation.name, name, request.address.key, _context(request))
    if verdict == "Deny" and operation.name not in _NEVER_DENIED:
        raise S3Error("AccessDenied")
    if key is not None and operation.need in grants(key, name):
        return
    if operation.need is not Need.OWNER and verdict == "Allow":
        return
    if operation.name in _BY_ACL and public_read():
        return
    raise S3Error("AccessDenied")
