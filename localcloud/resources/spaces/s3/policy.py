# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bucket policies, evaluated: ``Deny`` wins, ``Allow`` opens to those who could not otherwise.

Conditions: ``Bool aws:SecureTransport`` and the IP and string comparisons on ``aws:SourceIp``, ``aws:Referer`` and
``aws:UserAgent``. Any other is refused when the policy is put, since ignoring it would give away what it protects.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from localcloud.resources.spaces.s3.errors import S3Error

_ACTIONS = {
    "HeadObject": "GetObject",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    **dict.fromkeys(
        (
            "CopyObject",
            "CreateMultipartUpload",
            "UploadPart",
            "UploadPartCopy",
            "CompleteMultipartUpload",
            "PostObject",
        ),
        "PutObject",
    ),
}


# Of these, policies know a second one for a version that is named.
_VERSIONED = re.compile(r"(Get|Delete|Put)Object(Acl|Tagging)?")
MAX_SIZE = 20 * 1024


def action_of(operation: str, *, versioned: bool = False) -> str:
    """``s3:…`` as policies call an operation; ``versioned``: on a version that is named, ``s3:GetObjectVersion``."""
    name = _ACTIONS.get(operation, operation)
    found = _VERSIONED.fullmatch(name) if versioned else None
    return f"s3:{found[1]}ObjectVersion{found[2] or ''}" if found and name != "PutObject" else f"s3:{name}"


def _wild(text: str, pattern: str) -> bool:
    """``*`` and ``?`` are all that policies know of patterns."""
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _ip(given: str, patterns: list[Any]) -> bool:
    return any(ipaddress.ip_address(given) in ipaddress.ip_network(str(p), strict=False) for p in patterns)


def _like(given: str, patterns: list[Any]) -> bool:
    return any(_wild(given, str(p)) for p in patterns)


def _equals(given: str, patterns: list[Any]) -> bool:
    return given in [str(p) for p in patterns]


def _bool(given: str, patterns: list[Any]) -> bool:
    return given in [str(p).lower() for p in patterns]


_OPERATORS: dict[str, Callable[[str, list[Any]], bool]] = {
    "Bool": _bool,
    "IpAddress": _ip,
    "NotIpAddress": lambda given, patterns: not _ip(given, patterns),
    "StringEquals": _equals,
    "StringNotEquals": lambda given, patterns: not _equals(given, patterns),
    "StringLike": _like,
    "StringNotLike": lambda given, patterns: not _like(given, patterns),
}
_KEYS = {"aws:securetransport", "aws:sourceip", "aws:referer", "aws:useragent"}


def checked(body: bytes) -> str:
    """The policy as text; S3Error ``MalformedPolicy`` when it is none, or says what cannot be evaluated."""
    if len(body) > MAX_SIZE:
        raise S3Error("MalformedPolicy", f"A policy has at most {MAX_SIZE} bytes.")
    try:
        text = body.decode()
        policy = json.loads(text)
    except (ValueError, RecursionError):
        raise S3Error("MalformedPolicy") from None
    statements = _list(policy.get("Statement", [])) if isinstance(policy, dict) else []
    if not statements:
        raise S3Error("MalformedPolicy")
    for statement in statements:
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise S3Error("MalformedPolicy", "Every statement needs an Effect of Allow or Deny.")
        if not {"Principal", "Action", "Resource"} <= statement.keys():
            raise S3Error("MalformedPolicy", "Every statement needs Principal, Action and Resource.")
        for name in ("Action", "Resource"):
            if not _list(statement[name]) or not all(isinstance(each, str) for each in _list(statement[name])):
                raise S3Error("MalformedPolicy", f"{name} is a text or a list of texts.")
        _check_conditions(statement.get("Condition", {}))
    return text


def _check_conditions(conditions: Any) -> None:
    """Tried once now: what cannot be evaluated would stand in the way of every later request."""
    if not isinstance(conditions, dict) or not all(isinstance(tests, dict) for tests in conditions.values()):
        raise S3Error("MalformedPolicy", "A Condition is an object of operators, each with an object of keys.")
    for operator, tests in conditions.items():
        if operator not in _OPERATORS or any(key.lower() not in _KEYS for key in tests):
            raise S3Error("MalformedPolicy", f"localcloud cannot evaluate the condition {operator} {sorted(tests)}.")
    try:
        list(_outcomes(conditions, {"aws:sourceip": "127.0.0.1"}))
    except ValueError as error:
        raise S3Error("MalformedPolicy", f"Invalid condition: {error}.") from None


def _outcomes(conditions: Mapping[str, Any], context: Mapping[str, str]) -> Iterator[bool]:
    for operator, tests in conditions.items():
        for key, patterns in tests.items():
            yield _OPERATORS[operator](context.get(key.lower(), ""), _list(patterns))


def _applies(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    principal = statement["Principal"]
    everyone = principal == "*" or (isinstance(principal, dict) and "*" in _list(principal.get("AWS", [])))
    if not everyone:
        return False
    if not any(_wild(action.lower(), str(p).lower()) for p in _list(statement["Action"])):
        return False
    if not any(_wild(resource, str(p)) for p in _list(statement["Resource"])):
        return False
    return all(_outcomes(statement.get("Condition", {}), context))


def verdict(text: str | None, action: str, bucket: str, key: str, context: Mapping[str, str]) -> str:
    """``Deny``, ``Allow`` or ``""`` of a bucket's policy (None: it has none) about ``s3:…`` for everybody.

    Only the principal ``*`` is judged: keys of one account have no identity of their own in a policy.
    """
    if text is None:
        return ""
    resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
    effects = {
        statement["Effect"]
        for statement in _list(json.loads(text)["Statement"])
        if _applies(statement, action, resource, context)
    }
    return "Deny" if "Deny" in effects else "Allow" if "Allow" in effects else ""
