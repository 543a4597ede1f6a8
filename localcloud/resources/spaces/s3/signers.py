# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""botocore's signers, told to sign exactly what a client said that it signed.

Imported late: botocore takes a tenth of a second.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, quote, unquote

from botocore.auth import HmacV1Auth, S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials


class _V4(S3SigV4Auth):  # type: ignore[misc]
    """All headers of the request are the signed ones, and the path is encoded as S3 encodes it."""

    def headers_to_sign(self, request: Any) -> HTTPHeaders:
        signed = HTTPHeaders()
        for name, value in request.headers.items():
            signed[name.lower()] = value
        return signed

    def _normalize_url_path(self, path: str) -> str:
        return quote(unquote(path), safe="/-_.~")

    def payload(self, request: Any) -> str:
        return str(request.context["payload"])


def v4_signature(
    method: str,
    path: str,
    pairs: list[tuple[str, str]],
    headers: dict[str, str],
    payload: str,
    secret: str,
    region: str,
    stamp: str,
) -> str:
    """``headers`` are those that are signed, by lower-case name; ``payload`` the hash or the word in its place."""
    request = AWSRequest(method=method, url=f"https://host{path}", headers=headers, params=pairs)
    request.context.update(timestamp=stamp, payload=payload)
    signer = _V4(Credentials("unused", secret), "s3", region)
    return str(signer.signature(signer.string_to_sign(request, _canonical(signer, request, payload)), request))


def _canonical(signer: _V4, request: Any, payload: str) -> str:
    """The canonical request with the payload's word last, whether or not it was also sent as a header."""
    return str(signer.canonical_request(request)).rsplit("\n", 1)[0] + "\n" + payload


def sign_with_scope(secret: str, scope: str, text: str) -> str:
    """One more string under the key of ``20261124/nyc3/s3/aws4_request``."""
    date, region, _service, _end = scope.split("/")
    request = AWSRequest(method="PUT", url="https://host/")
    request.context["timestamp"] = f"{date}T000000Z"
    return str(_V4(Credentials("unused", secret), "s3", region).signature(text, request))


class _V2(HmacV1Auth):  # type: ignore[misc]
    def __init__(self, credentials: Credentials, date: str) -> None:
        super().__init__(credentials)
        self._date = date

    def _get_date(self) -> str:
        return self._date


def v2_signature(method: str, path: str, raw_query: str, headers: dict[str, str], secret: str, date: str) -> str:
    """``path`` includes the bucket; ``date`` is the Date header or the time of expiry."""
    mapping = HTTPHeaders()
    for name, value in headers.items():
        mapping[name] = value
    signer = _V2(Credentials("unused", secret), date)
    return str(signer.get_signature(method, SplitResult("https", "host", path, raw_query, ""), mapping))
