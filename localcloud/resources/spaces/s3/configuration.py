# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is set on a bucket and has no module of its own: versioning, website, logging, policy; and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.resources.spaces.s3 import buckets, policy, xmldoc
from localcloud.resources.spaces.s3.answer import NAMESPACE, XML, S3Answer, document, element
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World


@handles("HeadBucket")
def head_bucket(_world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    return S3Answer(200, b"", [("x-amz-bucket-region", bucket["region"]), ("content-type", "application/xml")])


@handles("GetBucketLocation")
def get_location(_world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?><LocationConstraint xmlns="{NAMESPACE}">{bucket["region"]}'
    return S3Answer(200, f"{body}</LocationConstraint>".encode(), [XML])


@handles("GetBucketVersioning")
def get_versioning(world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    status = store_of(world)[bucket["name"]].versioning
    return document("VersioningConfiguration", element("Status", status or None))


@handles("PutBucketVersioning")
def put_versioning(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    asked = xmldoc.parse(request.body, "VersioningConfiguration")
    if "Enabled" in (xmldoc.text(asked, "MfaDelete"), xmldoc.text(asked, "MFADelete")):
        raise S3Error("NotImplemented")
    status = xmldoc.text(asked, "Status")
    if status not in ("Enabled", "Suspended"):
        raise S3Error("MalformedXML")
    store_of(world)[bucket["name"]].settings["versioning"] = status
    return S3Answer()


@handles("GetBucketWebsite")
def get_website(world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    body = store_of(world)[bucket["name"]].settings.get("website")
    if body is None:
        raise S3Error("NoSuchWebsiteConfiguration", BucketName=bucket["name"])
    return S3Answer(200, body.encode(), [XML])


@handles("PutBucketWebsite")
def put_website(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    asked = xmldoc.parse(request.body, "WebsiteConfiguration")
    if not {"IndexDocument", "RedirectAllRequestsTo"} & asked.keys():
        raise S3Error("MalformedXML")
    store_of(world)[bucket["name"]].settings["website"] = request.body.decode(errors="replace")
    return S3Answer()


@handles("DeleteBucketWebsite")
def delete_website(world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    store_of(world)[bucket["name"]].settings.pop("website", None)
    return S3Answer(204)


@handles("GetBucketPolicy")
def get_policy(_world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    if bucket["policy"] is None:
        raise S3Error("NoSuchBucketPolicy", BucketName=bucket["name"])
    return S3Answer(200, bucket["policy"].encode(), [("content-type", "application/json")])


@handles("PutBucketPolicy")
def put_policy(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    """Refused while a limited key is granted on the bucket: the vendor's documentation says that the two exclude each
    other (products/spaces/how-to/configure-bucket-policies), and clients see a bare 403."""
    from localcloud.resources.spaces.keys import limited_keys

    names = limited_keys(world, bucket["name"])
    if names:
        raise S3Error(
            "AccessDenied", "Access Denied. A bucket that limited-access keys are granted on cannot have a policy."
        )
    bucket["policy"] = policy.checked(request.body)
    return S3Answer(204)


@handles("DeleteBucketPolicy")
def delete_policy(_world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    bucket["policy"] = None
    return S3Answer(204)


@handles("GetBucketLogging")
def get_logging(_world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    target = bucket["logging"]
    if target is None:
        return document("BucketLoggingStatus", "")
    inner = element("TargetBucket", target["target_bucket"]) + element("TargetPrefix", target["target_prefix"])
    return document("BucketLoggingStatus", f"<LoggingEnabled>{inner}</LoggingEnabled>")


@handles("PutBucketLogging")
def put_logging(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    """Target and source must differ, and be in one region."""
    enabled = xmldoc.node(xmldoc.parse(request.body, "BucketLoggingStatus"), "LoggingEnabled")
    if not enabled:
        bucket["logging"] = None
        return S3Answer()
    name = xmldoc.text(enabled, "TargetBucket") or ""
    target = buckets.true_record(world, name)
    if target is None:
        raise S3Error("InvalidTargetBucketForLogging", "The target bucket for logging does not exist.", 400)
    if name == bucket["name"]:
        raise S3Error("InvalidTargetBucketForLogging", "The source and the target bucket must be different.", 400)
    if target["region"] != bucket["region"]:
        raise S3Error("CrossLocationLoggingProhibited", "The target bucket is in another region.", 403)
    bucket["logging"] = {"target_bucket": name, "target_prefix": xmldoc.text(enabled, "TargetPrefix") or ""}
    return S3Answer()
