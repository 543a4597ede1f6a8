# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to the S3 endpoint, taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import unquote

from localcloud.exchange import Call
from localcloud.spaces import address
from localcloud.spaces.address import Address
from localcloud.spaces.operations import S3Operation, classify


@dataclass(frozen=True)
class S3Request:
    """``raw_path`` and ``raw_query`` stand as they came over the wire; header names are in lower case."""

    method: str
    raw_path: str
    raw_query: str
    headers: dict[str, str]
    body: bytes
    address: Address = field(default_factory=lambda: Address("", "", None))

    @classmethod
    def of(cls, call: Call) -> S3Request:
        raw = call.scope.get("raw_path")
        path = raw.decode("latin-1") if raw else call.path
        path = path.partition("?")[0]
        headers = {name.lower(): value for name, value in call.headers.items()}
        where = address.parse(headers.get("host", ""), path)
        return cls(call.method.upper(), path, call.query, headers, call.body, where)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The query, decoded, in its order. ``+`` stands for itself: S3 clients encode a space as ``%20``."""
        parts = (part.partition("=") for part in self.raw_query.split("&") if part)
        return [(unquote(name), unquote(value)) for name, _eq, value in parts]

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(self.pairs)

    @cached_property
    def operation(self) -> S3Operation:
        return classify(self.method, self.address.bucket, self.address.raw_key, self.query, self.headers)

    def with_body(self, body: bytes, more_headers: dict[str, str]) -> S3Request:
        return replace(self, body=body, headers={**self.headers, **more_headers})
