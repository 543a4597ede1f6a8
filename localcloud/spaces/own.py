# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations that the front answers itself, because they concern what is in the world's tables."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from localcloud import projects
from localcloud.spaces import buckets, policy
from localcloud.spaces.address import DEFAULT_REGION, REGIONS
from localcloud.spaces.buckets import Bucket
from localcloud.spaces.errors import S3Error
from localcloud.spaces.request import S3Request
from localcloud.spaces.rules import parse_xml
from localcloud.spaces.store import Store, Stored, store_of
from localcloud.world import World

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
# Clients of every kind send this when they are told no region; Spaces takes it for "here".
ANYWHERE = ("", "us-east-1", "default")

BucketHandler = Callable[[World, S3Request, Bucket], Stored]


def _xml(root: str, inner: str) -> Stored:
    body = f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{NAMESPACE}">{inner}</{root}>'
    return Stored(200, body.encode(), [("content-type", "application/xml")])


def list_buckets(world: World, region: str | None) -> Stored:
    """The account's buckets of the endpoint's region."""
    rows = "".join(
        f"<Bucket><Name>{escape(b['name'])}</Name>"
        f"<CreationDate>{b['created_at'].replace('Z', '.000Z')}</CreationDate></Bucket>"
        for b in buckets.mine(world, region)
    )
    owner = "<Owner><ID>1</ID><DisplayName>1</DisplayName></Owner>"
    return _xml("ListAllMyBucketsResult", f"{owner}<Buckets>{rows}</Buckets>")


def create_bucket(world: World, request: S3Request, region: str | None) -> Stored:
    """A new bucket in the endpoint's region.

    A name that is taken answers ``BucketAlreadyExists``, also when the bucket is the caller's own and S3 would say
    BucketAlreadyOwnedByYou (seen by clients: parse-community/parse-server-s3-adapter issue 230).
    """
    name = request.address.bucket
    buckets.check_name(name)
    constraint = ""
    if request.body.strip():
        constraint = str(parse_xml(request.body, "CreateBucketConfiguration").get("LocationConstraint") or "")
    if constraint not in ANYWHERE and constraint not in (REGIONS if region is None else (region,)):
        raise S3Error("InvalidLocationConstraint")
    where = region or (DEFAULT_REGION if constraint in ANYWHERE else constraint)
    if buckets.taken(world, name):
        raise S3Error("BucketAlreadyExists", BucketName=name)
    if len(buckets.mine(world)) >= buckets.MAX_BUCKETS:
        raise S3Error("TooManyBuckets")
    headers = {n: v for n, v in request.headers.items() if n == "x-amz-acl"}
    stored = store_of(world).create_bucket(name, where, headers)
    if not stored.ok:
        return stored
    buckets.add(world, name, where)
    projects.assign(world, f"do:space:{name}")
    return Stored(200, b"", [("location", f"/{name}")])


def delete_bucket(world: World, request: S3Request, bucket: Bucket) -> Stored:
    name = str(bucket["name"])
    stored = store_of(world).call("DELETE", request.address.path, region=bucket["region"])
    if stored.ok:
        buckets.remove(world, name)
        projects.unassign(world, f"do:space:{name}")
    return stored


def _get_policy(world: World, request: S3Request, bucket: Bucket) -> Stored:
    if bucket["policy"] is None:
        raise S3Error("NoSuchBucketPolicy", BucketName=bucket["name"])
    return Stored(200, bucket["policy"].encode(), [("content-type", "application/json")])


def _put_policy(world: World, request: S3Request, bucket: Bucket) -> Stored:
    """Refused while a limited key is granted on the bucket: the vendor's documentation says that the two exclude each
    other (products/spaces/how-to/configure-bucket-policies), and clients see a bare 403."""
    from localcloud.spaces.keys import limited_keys

    names = limited_keys(world, bucket["name"])
    if names:
        raise S3Error(
            "AccessDenied", "Access Denied. A bucket that limited-access keys are granted on cannot have a policy."
        )
    policy.parse(request.body)
    bucket["policy"] = request.body.decode()
    return Stored(204)


def _delete_policy(world: World, request: S3Request, bucket: Bucket) -> Stored:
    bucket["policy"] = None
    return Stored(204)


def _get_logging(world: World, request: S3Request, bucket: Bucket) -> Stored:
    target = bucket["logging"]
    if target is None:
        return _xml("BucketLoggingStatus", "")
    inner = (
        f"<TargetBucket>{escape(target['target_bucket'])}</TargetBucket>"
        f"<TargetPrefix>{escape(target['target_prefix'])}</TargetPrefix>"
    )
    return _xml("BucketLoggingStatus", f"<LoggingEnabled>{inner}</LoggingEnabled>")


def _put_logging(world: World, request: S3Request, bucket: Bucket) -> Stored:
    """moto would ask for AWS's log-delivery grants, which Spaces does not know. Target and source must differ."""
    enabled = parse_xml(request.body, "BucketLoggingStatus").get("LoggingEnabled")
    if not enabled:
        bucket["logging"] = None
        return Stored(200)
    name = str(enabled.get("TargetBucket") or "")
    target = buckets.true_record(world, name)
    if target is None:
        raise S3Error("InvalidTargetBucketForLogging", "The target bucket for logging does not exist.", 400)
    if name == bucket["name"]:
        raise S3Error("InvalidTargetBucketForLogging", "The source and the target bucket must be different.", 400)
    if target["region"] != bucket["region"]:
        raise S3Error("CrossLocationLoggingProhibited", "The target bucket is in another region.", 403)
    bucket["logging"] = {"target_bucket": name, "target_prefix": str(enabled.get("TargetPrefix") or "")}
    return Stored(200)


OWN: dict[str, BucketHandler] = {
    "DeleteBucket": delete_bucket,
    "GetBucketPolicy": _get_policy,
    "PutBucketPolicy": _put_policy,
    "DeleteBucketPolicy": _delete_policy,
    "GetBucketLogging": _get_logging,
    "PutBucketLogging": _put_logging,
}


def sample_object(store: Store, bucket: Bucket, key: str, body: bytes) -> None:
    """Put something into a bucket, past every check: for seeded buckets, whose loss somebody would notice."""
    headers = {"x-amz-acl": "private", "content-type": "text/plain"}
    store.call("PUT", f"/{bucket['name']}/{key}", region=bucket["region"], headers=headers, body=body)
