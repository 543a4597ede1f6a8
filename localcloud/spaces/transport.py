# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a request goes on to the store."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from localcloud.spaces.request import S3Request

_SIGNING_QUERY = {
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-signedheaders",
    "x-amz-signature",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "awsaccesskeyid",
    "signature",
    "expires",
}
_NOT_FORWARDED = {
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "transfer-encoding",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-trailer",
    "x-moto-account-id",
}


def forwarded(headers: dict[str, str]) -> dict[str, str]:
    """The headers that mean something to the store."""
    return {name: value for name, value in headers.items() if name not in _NOT_FORWARDED and value}


def hoisted(request: S3Request) -> S3Request:
    """Presigned URLs carry headers in the query: put them back, and drop what belongs to the signature."""
    moved = {
        name.lower(): value
        for name, value in request.pairs
        if name.lower().startswith("x-amz-") and name.lower() not in _SIGNING_QUERY
    }
    gone = moved.keys() | _SIGNING_QUERY
    kept = "&".join(
        part for part in request.raw_query.split("&") if part and unquote(part.partition("=")[0]).lower() not in gone
    )
    return replace(request, raw_query=kept, headers={**request.headers, **moved})
