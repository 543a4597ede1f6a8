# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads from browser forms: ``POST /bucket`` with a signed policy, as ``generate_presigned_post`` makes them.

The policy says which fields the form may have; every field must be in it. A form that passes becomes a PutObject.
The collection makes none; kept for browsers, which upload straight into a Space by them.
"""

from __future__ import annotations

import base64
import hmac
import io
import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from localcloud.resources.spaces.s3 import tagging
from localcloud.resources.spaces.s3.address import Address
from localcloud.resources.spaces.s3.answer import XML, S3Answer, element
from localcloud.resources.spaces.s3.caller import SecretOf, Signer, same, secret_for
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.request import S3Request
from localcloud.resources.spaces.s3.signature import chunk_signature
from localcloud.world.clock import parse as parse_time

# Fields that no condition has to name.
_FREE = {"policy", "x-amz-signature", "awsaccesskeyid", "signature", "file"}
_PREFIXES = ("x-amz-meta-", "x-amz-server-side-encryption")
_HEADERS = ("content-type", "content-disposition", "content-encoding", "content-language", "cache-control", "expires")

Form = dict[str, str]


def read(request: S3Request) -> tuple[Form, bytes]:
    """The fields by lower-case name, and the file. ``${filename}`` in the key is the name of the file."""
    from werkzeug.exceptions import HTTPException
    from werkzeug.formparser import MultiPartParser
    from werkzeug.http import parse_options_header

    _kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get("boundary", "").encode()
    try:
        fields, files = MultiPartParser().parse(io.BytesIO(request.body), boundary, len(request.body))
    except (ValueError, LookupError, HTTPException):
        raise S3Error("MalformedPOSTRequest", "The body of the POST is no multipart form.", 400) from None
    form = {str(name).lower(): str(value) for name, value in fields.items()}
    # Some clients give each field the name of a file.
    form |= {
        str(name).lower(): part.stream.read().decode(errors="replace") for name, part in files.items() if name != "file"
    }
    upload = files.get("file")
    if (upload is None and "file" not in form) or "key" not in form:
        raise S3Error("InvalidArgument", "POST requires exactly one file upload and a key.", 400)
    form["key"] = form["key"].replace("${filename}", (upload.filename if upload else "") or "")
    return form, upload.stream.read() if upload else form["file"].encode()


def verify(form: Form, file: bytes, bucket: str, secret_of: SecretOf, now: datetime) -> Signer:
    """Who signed the form's policy; S3Error when the policy does not hold or does not allow this form."""
    if "policy" not in form:
        raise S3Error("AccessDenied")
    signer = _version_2(form, secret_of) if "awsaccesskeyid" in form else _version_4(form, secret_of)
    try:
        policy = json.loads(base64.b64decode(form["policy"]))
        expires = parse_time(policy["expiration"])
        if now > expires:
            raise _violated("Policy expired.")
        _check(list(policy["conditions"]), {**form, "bucket": bucket}, len(file))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise S3Error("InvalidPolicyDocument", "The content of the form does not meet the conditions.", 400) from None
    return signer


def _version_4(form: Form, secret_of: SecretOf) -> Signer:
    access_key, _slash, scope = form.get("x-amz-credential", "").partition("/")
    if len(scope.split("/")) != 4:
        raise S3Error("AccessDenied")
    signer = Signer(access_key, secret_for(access_key, secret_of), scope.split("/")[1], True, scope=scope)
    if not same(chunk_signature(signer, form["policy"]), form.get("x-amz-signature", "")):
        raise S3Error("SignatureDoesNotMatch")
    return signer


def _version_2(form: Form, secret_of: SecretOf) -> Signer:
    signer = Signer(form["awsaccesskeyid"], secret_for(form["awsaccesskeyid"], secret_of), presigned=True)
    digest = hmac.new(signer.secret.encode(), form["policy"].encode(), "sha1").digest()
    if not same(base64.b64encode(digest).decode(), form.get("signature", "")):
        raise S3Error("SignatureDoesNotMatch")
    return signer


def _violated(what: str) -> S3Error:
    return S3Error("AccessDenied", f"Invalid according to Policy: {what}")


def _check(conditions: list[Any], form: Form, size: int) -> None:
    named = set(_FREE) | {"bucket"}
    for condition in conditions:
        if isinstance(condition, dict):
            tests = [("eq", name, value) for name, value in condition.items()]
        else:
            tests = [tuple(condition)]
        for operator, first, second in tests:
            if str(operator).lower() == "content-length-range":
                if not int(first) <= size <= int(second):
                    raise S3Error("EntityTooLarge" if size > int(second) else "EntityTooSmall")
                continue
            name = str(first).removeprefix("$").lower()
            named.add(name)
            value = form.get(name, "")
            wanted = str(second).replace("\\$", "$")
            if value != wanted if str(operator).lower() == "eq" else not value.startswith(wanted):
                raise _violated(f"Policy Condition failed: {json.dumps([operator, first, second])}")
    extra = sorted(name for name in form.keys() - named if not name.startswith("x-ignore-"))
    if extra:
        raise _violated(f"Extra input fields: {', '.join(extra)}")


def as_put(request: S3Request, form: Form, file: bytes) -> S3Request:
    """The PutObject that the form stands for."""
    kept = {name: value for name, value in form.items() if name in _HEADERS or name.startswith(_PREFIXES)}
    if "acl" in form:
        kept["x-amz-acl"] = form["acl"]
    headers = request.as_headers(kept)
    if "tagging" in form:
        tags = tagging.of_document(form["tagging"].encode())
        headers["x-amz-tagging"] = urlencode(tags)
    where = request.address
    address = Address(where.bucket, quote(form["key"]), where.region, where.virtual)
    return replace(request, method="PUT", raw_query="", headers=headers, body=file, address=address)


def answer(form: Form, put: S3Request, stored: S3Answer) -> S3Answer:
    """What the form asked to be told: a redirect, or the status 200, 201 (with a document) or 204."""
    etag = next((value for name, value in stored.headers if name == "etag"), "")
    told = {"bucket": put.address.bucket, "key": put.address.key, "etag": etag}
    target = form.get("success_action_redirect") or form.get("redirect")
    if target and target.startswith(("http://", "https://")):
        mark = "&" if "?" in target else "?"
        return S3Answer(303, b"", [("etag", etag), ("location", put.as_header(f"{target}{mark}{urlencode(told)}"))])
    headers = [("etag", etag), ("location", put.address.path)]
    status = {"200": 200, "201": 201}.get(form.get("success_action_status", ""), 204)
    if status != 201:
        return S3Answer(status, b"", headers)
    names = {"Location": put.address.path, "Bucket": put.address.bucket, "Key": put.address.key, "ETag": etag}
    inner = "".join(element(name, value) for name, value in names.items())
    return S3Answer(201, f"<PostResponse>{inner}</PostResponse>".encode(), [*headers, XML])
