# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who signed a request: AWS signatures, checked for real.

Version 4 is here, in a header and in a presigned URL. The expected signature is computed by botocore's own signers
(``signers``); here is only what tells them to sign what the client says it signed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from localcloud.resources.spaces.s3 import signature_v2
from localcloud.resources.spaces.s3.caller import (
    MAX_SKEW,
    TIMESTAMP,
    SecretOf,
    Signer,
    check_skew,
    moment_of,
    same,
    secret_for,
)
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.request import S3Request

ALGORITHM = "AWS4-HMAC-SHA256"
MAX_EXPIRES = 7 * 24 * 3600


def verify(request: S3Request, secret_of: SecretOf, now: datetime) -> Signer | None:
    """The caller, or None for an anonymous request. S3Error when the signature does not hold.

    ``now`` is real time: a client cannot know of a clock that was advanced.
    """
    header = request.headers.get("authorization", "")
    if header.startswith(ALGORITHM):
        return _v4_header(request, header, secret_of, now)
    if header.startswith("AWS "):
        return signature_v2.from_header(request, header, secret_of, now)
    if header:
        raise S3Error("InvalidArgument", "Unsupported Authorization Type", 400)
    if "X-Amz-Algorithm" in request.query or "X-Amz-Signature" in request.query:
        return _v4_query(request, secret_of, now)
    if "AWSAccessKeyId" in request.query or "Signature" in request.query:
        return signature_v2.from_query(request, secret_of, now)
    return None


def _same(expected: str, given: str) -> None:
    if not same(expected, given):
        raise S3Error("SignatureDoesNotMatch")


def _scope(credential: str, malformed: S3Error) -> tuple[str, str, str]:
    """``(access key, region, scope)`` of ``KEY/20261124/nyc3/s3/aws4_request``."""
    parts = credential.rsplit("/", 4)
    if len(parts) != 5 or parts[3:] != ["s3", "aws4_request"]:
        raise malformed
    return parts[0], parts[2], "/".join(parts[1:])


def _v4_header(request: S3Request, header: str, secret_of: SecretOf, now: datetime) -> Signer:
    malformed = S3Error("AuthorizationHeaderMalformed", "The authorization header is malformed.", 400)
    fields = {
        name.strip(): value.strip()
        for name, eq, value in (part.partition("=") for part in header.removeprefix(ALGORITHM).split(","))
        if eq
    }
    if not {"Credential", "SignedHeaders", "Signature"} <= fields.keys():
        raise malformed
    access_key, region, scope = _scope(fields["Credential"], malformed)
    secret = secret_for(access_key, secret_of)
    date = request.headers.get("x-amz-date") or request.headers.get("date", "")
    moment = moment_of(date)
    check_skew(moment, now)
    stamp = moment.astimezone(UTC).strftime(TIMESTAMP)
    if stamp[:8] != scope[:8]:
        raise malformed
    payload = request.headers.get("x-amz-content-sha256")
    if payload is None:
        raise S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
    expected = _v4_signature(request, secret, region, stamp, fields["SignedHeaders"], payload)
    _same(expected, fields["Signature"])
    return Signer(access_key, secret, region, False, stamp, scope, fields["Signature"])


def _v4_query(request: S3Request, secret_of: SecretOf, now: datetime) -> Signer:
    query = request.query
    malformed = S3Error("AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter.", 400)
    access_key, region, scope = _scope(query.get("X-Amz-Credential", ""), malformed)
    secret = secret_for(access_key, secret_of)
    stamp = query.get("X-Amz-Date", "")
    moment = moment_of(stamp)
    expires = query.get("X-Amz-Expires", "")
    if not re.fullmatch("[0-9]{1,6}", expires) or not 1 <= int(expires) <= MAX_EXPIRES:
        raise S3Error("AccessDenied", "X-Amz-Expires must be between 1 and 604800 seconds")
    _check_window(moment, int(expires), now)
    payload = query.get("X-Amz-Content-Sha256") or request.headers.get("x-amz-content-sha256") or "UNSIGNED-PAYLOAD"
    signature = query.get("X-Amz-Signature", "")
    _same(_v4_signature(request, secret, region, stamp, query.get("X-Amz-SignedHeaders", ""), payload), signature)
    return Signer(access_key, secret, region, True, stamp, scope, signature)


def _check_window(start: datetime, seconds: int, now: datetime) -> None:
    if now - start > timedelta(seconds=seconds):
        raise S3Error("AccessDenied", "Request has expired")
    if start - now > MAX_SKEW:
        raise S3Error("AccessDenied", "Request is not valid yet")


def _v4_signature(request: S3Request, secret: str, region: str, stamp: str, signed: str, payload: str) -> str:
    from localcloud.resources.spaces.s3.signers import v4_signature

    names = [name for name in signed.lower().split(";") if name]
    if "host" not in names:
        raise S3Error("SignatureDoesNotMatch", "The host header must be signed.")
    headers = {name: _text(request.headers[name]) for name in names if name in request.headers}
    pairs = [(name, value) for name, value in request.pairs if name != "X-Amz-Signature"]
    return v4_signature(request.method, request.raw_path, pairs, headers, payload, secret, region, stamp)


def _text(value: str) -> str:
    """A header as the client signed it: as text, which came over the wire as UTF-8."""
    try:
        return value.encode("latin-1").decode()
    except ValueError:
        return value


def chunk_signature(signer: Signer, text: str) -> str:
    """The signature over one string by the key of the caller's scope."""
    from localcloud.resources.spaces.s3.signers import sign_with_scope

    return sign_with_scope(signer.secret, signer.scope, text)
