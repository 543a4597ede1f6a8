# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures of version 2, in a header and in a presigned URL, which Spaces supports "for legacy clients".

The collection signs by version 4; kept for aws-cli and boto3, which presign by version 2 for the region us-east-1.
"""

from __future__ import annotations

import re
from datetime import datetime

from localcloud.resources.spaces.s3.caller import SecretOf, Signer, check_skew, moment_of, same, secret_for
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.request import S3Request


def _check_v2(request: S3Request, signature: str, secret: str, date: str, headers: dict[str, str]) -> None:
    from localcloud.resources.spaces.s3.signers import v2_signature

    where = request.address
    path = f"/{where.bucket}{request.raw_path}" if where.virtual else request.raw_path
    # A bucket is signed with or without a slash at its end, whatever the path has: clients differ.
    paths = [path] if where.raw_key else [path.rstrip("/") or "/", path.rstrip("/") + "/"]
    found = [v2_signature(request.method, each, request.raw_query, headers, secret, date) for each in paths]
    if not any(same(expected, signature) for expected in found):
        raise S3Error("SignatureDoesNotMatch")


def from_header(request: S3Request, header: str, secret_of: SecretOf, now: datetime) -> Signer:
    access_key, colon, signature = header.removeprefix("AWS ").strip().partition(":")
    if not colon:
        raise S3Error("InvalidArgument", "AWS authorization header is malformed.", 400)
    secret = secret_for(access_key, secret_of)
    amz_date = request.headers.get("x-amz-date")
    date = request.headers.get("date", "")
    check_skew(moment_of(amz_date or date), now)
    _check_v2(request, signature, secret, "" if amz_date else date, request.headers)
    return Signer(access_key, secret)


def from_query(request: S3Request, secret_of: SecretOf, now: datetime) -> Signer:
    query = request.query
    access_key, expires = query.get("AWSAccessKeyId", ""), query.get("Expires", "")
    secret = secret_for(access_key, secret_of)
    if not re.fullmatch("[0-9]{1,12}", expires):
        raise S3Error(
            "AccessDenied", "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
        )
    if now.timestamp() > int(expires):
        raise S3Error("AccessDenied", "Request has expired")
    # What was a header when the URL was signed travels in the query.
    moved = {name.lower(): value for name, value in request.pairs if name.lower().startswith(("x-amz-", "content-"))}
    _check_v2(request, query.get("Signature", ""), secret, expires, {**request.headers, **moved})
    return Signer(access_key, secret, presigned=True)
