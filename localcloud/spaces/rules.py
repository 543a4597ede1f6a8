# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Spaces refuses although S3 takes it, and what it fills in."""

from __future__ import annotations

import uuid
from typing import Any
from xml.parsers.expat import ExpatError

from localcloud.spaces.errors import S3Error
from localcloud.spaces.request import S3Request

# "ACL private | public-read": the other canned ACLs of S3 are not documented for Spaces.
CANNED_ACLS = ("private", "public-read")
MAX_LIFECYCLE_RULES = 1000
# Bytes of an object's key.
MAX_KEY = 1024
CORS_METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
_NEW_OBJECT = ("PutObject", "CopyObject", "CreateMultipartUpload")


def check(request: S3Request) -> S3Request:
    """The request as the store shall see it; S3Error for what Spaces lacks or would not accept."""
    operation = request.operation
    if not operation.supported:
        raise S3Error("NotImplemented")
    if len(request.address.key.encode()) > MAX_KEY:
        raise S3Error("KeyTooLongError")
    _check_headers(request.headers)
    body_check = _BODIES.get(operation.name)
    if body_check is not None:
        return body_check(request)
    if operation.name in _NEW_OBJECT and "x-amz-acl" not in request.headers:
        # Private unless it says otherwise, also in a public bucket; moto would let it inherit the bucket's ACL.
        return request.with_body(request.body, {"x-amz-acl": "private"})
    return request


def _check_headers(headers: dict[str, str]) -> None:
    if any(name.startswith("x-amz-object-lock-") or name == "x-amz-bucket-object-lock-enabled" for name in headers):
        raise S3Error("NotImplemented")
    if "x-amz-server-side-encryption" in headers:
        # Only SSE-C, which has headers of another name.
        raise S3Error("NotImplemented")
    if any(name.startswith("x-amz-server-side-encryption-customer-") for name in headers):
        # Spaces has it. Taking it and encrypting nothing would hide mistakes, so this says what is missing.
        raise S3Error("NotImplemented", "localcloud does not emulate encryption with customer keys (SSE-C).")
    if headers.get("x-amz-storage-class", "STANDARD") != "STANDARD":
        raise S3Error("InvalidStorageClass")
    if headers.get("x-amz-acl", "private") not in CANNED_ACLS:
        raise S3Error("InvalidArgument", "Spaces knows the canned ACLs private and public-read.", 400)


def parse_xml(body: bytes, root: str) -> dict[str, Any]:
    """The children of the document's root element as a dict; S3Error ``MalformedXML`` when it is not that document."""
    import xmltodict  # type: ignore[import-untyped]

    try:
        document = xmltodict.parse(body, process_namespaces=False)
    except ExpatError:
        raise S3Error("MalformedXML") from None
    if list(document) != [root]:
        raise S3Error("MalformedXML")
    return dict(document[root] or {})


def as_list(value: Any) -> list[Any]:
    """xmltodict gives a lone element bare and a missing one as None."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _lifecycle(request: S3Request) -> S3Request:
    import xmltodict

    document = parse_xml(request.body, "LifecycleConfiguration")
    rules = as_list(document.get("Rule"))
    if not rules or len(rules) > MAX_LIFECYCLE_RULES:
        raise S3Error("MalformedXML")
    for rule in rules:
        _check_rule(rule)
        # A rule without a name gets one.
        rule.setdefault("ID", uuid.uuid4().hex)
    document["Rule"] = rules
    return request.with_body(xmltodict.unparse({"LifecycleConfiguration": document}).encode(), {})


def _check_rule(rule: Any) -> None:
    if not isinstance(rule, dict) or rule.get("Status") not in ("Enabled", "Disabled"):
        raise S3Error("MalformedXML")
    where = rule.get("Filter") or {}
    if "Tag" in where or "Tag" in (where.get("And") or {}):
        raise S3Error("NotImplemented", "Tag-based lifecycle rules are not supported.")
    if "Transition" in rule or "NoncurrentVersionTransition" in rule:
        raise S3Error("NotImplemented", "There is one storage class only.")
    if not {"Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"} & rule.keys():
        raise S3Error("MalformedXML")
    days = [
        (rule.get("Expiration") or {}).get("Days"),
        (rule.get("NoncurrentVersionExpiration") or {}).get("NoncurrentDays"),
        (rule.get("AbortIncompleteMultipartUpload") or {}).get("DaysAfterInitiation"),
    ]
    if any(value is not None and not (value.isdigit() and int(value) > 0) for value in days):
        raise S3Error("InvalidArgument", "Days must be a positive integer.", 400)


def _cors(request: S3Request) -> S3Request:
    rules = as_list(parse_xml(request.body, "CORSConfiguration").get("CORSRule"))
    if not rules:
        raise S3Error("MalformedXML")
    for rule in rules:
        methods, origins = as_list(rule.get("AllowedMethod")), as_list(rule.get("AllowedOrigin"))
        if not methods or not origins:
            raise S3Error("MalformedXML")
        for method in methods:
            if method not in CORS_METHODS:
                raise S3Error(
                    "InvalidRequest", f"Found unsupported HTTP method in CORS config. Unsupported method is {method}"
                )
        if any(origin.count("*") > 1 for origin in origins):
            raise S3Error("InvalidRequest", "AllowedOrigin can not have more than one wildcard.")
    return request


def _versioning(request: S3Request) -> S3Request:
    document = parse_xml(request.body, "VersioningConfiguration")
    if document.get("MfaDelete") == "Enabled":
        raise S3Error("NotImplemented")
    if document.get("Status") not in ("Enabled", "Suspended"):
        raise S3Error("MalformedXML")
    return request


def _bucket_acl(request: S3Request) -> S3Request:
    if not request.body and not any(n == "x-amz-acl" or n.startswith("x-amz-grant-") for n in request.headers):
        raise S3Error("MalformedXML")
    if request.body:
        parse_xml(request.body, "AccessControlPolicy")
    return request


def _object_acl(request: S3Request) -> S3Request:
    """moto does not read the document that describes an object's ACL: it is told by header what the document means."""
    if not request.body:
        return _bucket_acl(request)
    grants = as_list((parse_xml(request.body, "AccessControlPolicy").get("AccessControlList") or {}).get("Grant"))
    everybody = [grant.get("Permission") for grant in grants if "AllUsers" in str(grant.get("Grantee"))]
    if any(permission not in ("READ", "FULL_CONTROL") for permission in everybody):
        raise S3Error("InvalidArgument", "Spaces lets everybody read or nobody.", 400)
    return request.with_body(b"", {"x-amz-acl": "public-read" if everybody else "private"})


_BODIES = {
    "PutObjectAcl": _object_acl,
    "PutBucketLifecycleConfiguration": _lifecycle,
    "PutBucketCors": _cors,
    "PutBucketVersioning": _versioning,
    "PutBucketAcl": _bucket_acl,
}
