# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to the S3 endpoint, taken apart."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import quote, unquote, unquote_to_bytes

from localcloud import JSON
from localcloud.ports.exchange import Call
from localcloud.resources.spaces.s3 import address
from localcloud.resources.spaces.s3.address import Address
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.operations import S3Operation, classify

_NUMBER = re.compile(r"[0-9]{1,12}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NO_TEXT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True)
class S3Request:
    """``raw_path`` and ``raw_query`` stand as they came over the wire; header names are in lower case.

    ``caller``: the record of the key that signed; None for an anonymous request.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: dict[str, str]
    body: bytes
    address: Address = field(default_factory=lambda: Address("", "", None))
    caller: JSON | None = None

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

    @cached_property
    def md5(self) -> str:
        return hashlib.md5(self.body, usedforsecurity=False).hexdigest()

    def check(self) -> None:
        """S3Error when path or query are no text."""
        try:
            for part in (self.raw_path, self.raw_query):
                unquote_to_bytes(part).decode()
        except ValueError:
            raise S3Error("InvalidURI") from None

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """A number of the query, at most ``most``; S3Error when it is none."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not _NUMBER.fullmatch(text):
            raise S3Error("InvalidArgument", f"Provided {name} not an integer or within integer range", 400)
        return int(text) if most is None else min(int(text), most)

    @cached_property
    def encoding(self) -> str | None:
        """How a listing shall write its keys."""
        found = self.query.get("encoding-type")
        if found and found != "url":
            raise S3Error("InvalidArgument", "Invalid Encoding Method specified in Request", 400)
        return found or None

    def encoded(self, key: str) -> str:
        return quote(key) if self.encoding else key

    @staticmethod
    def as_header(value: str) -> str:
        """A text of a query or a form as it can stand in a header."""
        if _NO_TEXT.search(value):
            raise S3Error("InvalidArgument", "A header cannot contain control characters.", 400)
        return value.encode(errors="replace").decode("latin-1")

    @classmethod
    def as_headers(cls, fields: dict[str, str]) -> dict[str, str]:
        """Fields of a query or a form as if they had come as headers."""
        if not all(_TOKEN.fullmatch(name) for name in fields):
            raise S3Error("InvalidArgument", "This cannot be the name of a header.", 400)
        return {name: cls.as_header(value) for name, value in fields.items()}
