# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which S3 operation a request is, and what Spaces thinks of it.

What is supported: https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/ ("Unsupported S3 operations
return a standard NotImplemented error").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Need(Enum):
    """What a caller must be granted.

    The vendor's documentation says that limited keys reach "certain commands" only, and names PutBucketPolicy as one
    that they do not. Clients report AccessDenied for limited keys on ListBuckets, CreateBucket and GetBucketAcl. So:
    objects and listings by ``read`` and ``readwrite``, whatever concerns the bucket itself by ``fullaccess``.
    """

    READ = "read"
    WRITE = "write"
    OWNER = "owner"


@dataclass(frozen=True)
class S3Operation:
    """``name`` is that of the S3 API, e.g. ``PutBucketAcl``."""

    name: str
    need: Need
    supported: bool = True

    @property
    def writes(self) -> bool:
        return not self.name.startswith(("Get", "Head", "List", "Options"))


# Subresource in the query → the noun in the operation's name. The order decides when several are there.
_BUCKET_CONFIG = {
    "acl": "BucketAcl",
    "cors": "BucketCors",
    "lifecycle": "BucketLifecycleConfiguration",
    "versioning": "BucketVersioning",
    "policy": "BucketPolicy",
    "logging": "BucketLogging",
    "website": "BucketWebsite",
}
_BUCKET_LACKING = {
    "object-lock": "ObjectLockConfiguration",
    "replication": "BucketReplication",
    "inventory": "BucketInventoryConfiguration",
    "analytics": "BucketAnalyticsConfiguration",
    "metrics": "BucketMetricsConfiguration",
    "intelligent-tiering": "BucketIntelligentTieringConfiguration",
    "tagging": "BucketTagging",
    "encryption": "BucketEncryption",
    "notification": "BucketNotificationConfiguration",
    "publicAccessBlock": "PublicAccessBlock",
    "ownershipControls": "BucketOwnershipControls",
    "accelerate": "BucketAccelerateConfiguration",
    "requestPayment": "BucketRequestPayment",
    "policyStatus": "BucketPolicyStatus",
    "abac": "BucketAbac",
    "metadataTable": "BucketMetadataTableConfiguration",
    "metadataConfiguration": "BucketMetadataConfiguration",
    "session": "Session",
}
_OBJECT_LACKING = {
    "retention": "ObjectRetention",
    "legal-hold": "ObjectLegalHold",
    "attributes": "ObjectAttributes",
    "torrent": "ObjectTorrent",
    "restore": "ObjectRestore",
    "select": "ObjectContentSelection",
    "renameObject": "ObjectName",
}
_OBJECT_SUB = {"acl": "ObjectAcl", "tagging": "ObjectTagging"}
_VERBS = {"GET": "Get", "HEAD": "Head", "PUT": "Put", "DELETE": "Delete", "POST": "Post"}
_LISTS = ("inventory", "analytics", "metrics", "intelligent-tiering")
_NO_DELETE = ("acl", "versioning", "logging")


def classify(method: str, bucket: str, key: str, query: Mapping[str, str], headers: Mapping[str, str]) -> S3Operation:
    """The operation of a request; an unknown one comes back unsupported under a telling name."""
    if method == "OPTIONS":
        return S3Operation("OptionsRequest", Need.READ)
    if not bucket:
        return S3Operation(
            "ListBuckets" if method in ("GET", "HEAD") else f"{method}Service", Need.OWNER, method == "GET"
        )
    if key:
        return _object(method, query, headers)
    return _bucket(method, query, headers)


def _bucket(method: str, query: Mapping[str, str], headers: Mapping[str, str]) -> S3Operation:
    verb = _VERBS.get(method, method.title())
    for sub, noun in _BUCKET_LACKING.items():
        if sub in query:
            listing = method == "GET" and sub in _LISTS and "id" not in query
            return S3Operation(f"List{noun}s" if listing else f"{verb}{noun}", Need.OWNER, supported=False)
    for sub, noun in _BUCKET_CONFIG.items():
        if sub in query:
            known = method in ("GET", "PUT") or (method == "DELETE" and sub not in _NO_DELETE)
            return S3Operation(f"{verb}{noun}", Need.OWNER, supported=known)
    if method == "GET":
        return _listing(query)
    if method == "POST":
        if "delete" in query:
            return S3Operation("DeleteObjects", Need.WRITE)
        form = headers.get("content-type", "").startswith("multipart/form-data")
        return S3Operation("PostObject", Need.WRITE, supported=form)
    if method == "HEAD":
        return S3Operation("HeadBucket", Need.READ)
    names = {"PUT": "CreateBucket", "DELETE": "DeleteBucket"}
    return S3Operation(names.get(method, f"{verb}Bucket"), Need.OWNER, supported=method in names)


def _listing(query: Mapping[str, str]) -> S3Operation:
    if "location" in query:
        return S3Operation("GetBucketLocation", Need.READ)
    if "uploads" in query:
        return S3Operation("ListMultipartUploads", Need.WRITE)
    if "versions" in query:
        return S3Operation("ListObjectVersions", Need.READ)
    return S3Operation("ListObjectsV2" if query.get("list-type") == "2" else "ListObjects", Need.READ)


def _object(method: str, query: Mapping[str, str], headers: Mapping[str, str]) -> S3Operation:
    verb = _VERBS.get(method, method.title())
    need = Need.READ if method in ("GET", "HEAD") else Need.WRITE
    for sub, noun in _OBJECT_LACKING.items():
        if sub in query:
            return S3Operation(f"{verb}{noun}", need, supported=False)
    for sub, noun in _OBJECT_SUB.items():
        if sub in query:
            return S3Operation(
                f"{verb}{noun}", need, supported=method in ("GET", "PUT") or (method, sub) == ("DELETE", "tagging")
            )
    if "uploadId" in query:
        part = "UploadPartCopy" if "x-amz-copy-source" in headers else "UploadPart"
        names = {"GET": "ListParts", "PUT": part, "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload"}
        return S3Operation(names.get(method, f"{verb}Upload"), Need.WRITE, supported=method in names)
    if method == "POST":
        return S3Operation(
            "CreateMultipartUpload" if "uploads" in query else "PostObject", Need.WRITE, "uploads" in query
        )
    if method == "PUT" and "x-amz-copy-source" in headers:
        return S3Operation("CopyObject", Need.WRITE)
    return S3Operation(f"{verb}Object", need, supported=method in ("GET", "HEAD", "PUT", "DELETE"))
