# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of the S3 endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
XML = ("content-type", "application/xml")
# XML 1.0 has no way to write these. S3 writes them all the same, as references; clients ask for encoding-type=url.
_CONTROLS = {chr(code): f"&#x{code:x};" for code in range(32) if code not in (9, 10)}


@dataclass
class S3Answer:
    """What the front gives back; header names in lower case."""

    status: int = 200
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.status < 400


def element(name: str, value: object) -> str:
    """``<name>value</name>`` with the value escaped; nothing for None, and ``true`` or ``false`` for a bool."""
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text, _CONTROLS)}</{name}>"


def document(root: str, inner: str, status: int = 200, headers: list[tuple[str, str]] | None = None) -> S3Answer:
    """An XML document in S3's namespace."""
    body = f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{NAMESPACE}">{inner}</{root}>'
    # A key may hold a lone surrogate only by mistake; it cannot come over the wire.
    return S3Answer(status, body.encode(errors="replace"), [XML, *(headers or [])])
