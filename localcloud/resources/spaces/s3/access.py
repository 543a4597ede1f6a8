# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a caller may do what it asks: the bucket's policy, then key grants, then ACLs for everybody."""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.spaces.s3 import acl, policy
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.operations import Need, S3Operation
from localcloud.resources.spaces.s3.request import S3Request
from localcloud.resources.spaces.s3.store import store_of
from localcloud.world.world import World

FULL = "fullaccess"
_GIVES = {
    "read": {Need.READ},
    "readwrite": {Need.READ, Need.WRITE},
    FULL: {Need.READ, Need.WRITE, Need.OWNER},
}
# What an ACL of public-read opens: the contents of an object, or the listing of a bucket (not its objects' contents).
_READS = ("GetObject", "HeadObject")
_LISTS = ("ListObjects", "ListObjectsV2", "HeadBucket")
# The owner, and nobody else, may always undo a policy that locks everybody out.
_NEVER_DENIED = ("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy")
_LISTING = S3Operation("ListObjectsV2", Need.READ)


def has_full_access(key: JSON) -> bool:
    return any(grant["permission"] == FULL for grant in key["grants"])


def grants(key: JSON | None, bucket: str) -> set[Need]:
    """What a key may do with a bucket."""
    found: set[Need] = set()
    for grant in key["grants"] if key else ():
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


def authorize_request(world: World, request: S3Request, bucket: JSON) -> None:
    """S3Error ``AccessDenied`` unless the caller may do what the request asks of the bucket."""
    if request.operation.name == "DeleteObjects":
        # Each key is judged on its own (``deletions``), when there is something to judge by.
        if bucket["policy"] or Need.WRITE in grants(request.caller, bucket["name"]):
            return
        raise S3Error("AccessDenied")
    id = request.query.get("versionId") if request.address.key else None
    authorize(world, request, bucket, request.operation, request.address.key, id)


def authorize(
    world: World, request: S3Request, bucket: JSON, operation: S3Operation, key: str, version: str | None
) -> None:
    """S3Error ``AccessDenied`` unless the caller may; ``NoSuchKey`` when nothing is there and it may know that."""
    if allowed(world, request, bucket, operation, key, version):
        return
    missing = operation.name in _READS and version is None and store_of(world)[bucket["name"]].current(key) is None
    if missing and allowed(world, request, bucket, _LISTING, "", None):
        raise S3Error("NoSuchKey", Key=key)
    raise S3Error("AccessDenied")


def allowed(
    world: World, request: S3Request, bucket: JSON, operation: S3Operation, key: str, version: str | None
) -> bool:
    name = str(bucket["name"])
    action = policy.action_of(operation.name, versioned=version is not None)
    verdict = policy.verdict(bucket["policy"], action, name, key, _context(request))
    if verdict == "Deny" and operation.name not in _NEVER_DENIED:
        return False
    if operation.need in grants(request.caller, name):
        return True
    if operation.need is not Need.OWNER and verdict == "Allow":
        return True
    contents = store_of(world)[name]
    if operation.name in _READS:
        found = contents.current(key) if version is None else contents.find(key, version)
        return found is not None and found.public
    given = contents.settings["grants"]
    if operation.name in _LISTS:
        return acl.opens(given, "READ")
    return operation.need is Need.WRITE and acl.opens(given, "WRITE")
