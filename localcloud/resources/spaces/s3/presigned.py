# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a presigned URL carries in its query."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from localcloud.resources.spaces.s3.request import S3Request

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
    return replace(request, raw_query=kept, headers={**request.headers, **request.as_headers(moved)})
