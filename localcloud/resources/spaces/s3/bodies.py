# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of objects: kept, read, and read in part."""

from __future__ import annotations

import re

from localcloud.resources.spaces.s3.blobs import Blobs
from localcloud.resources.spaces.s3.customer_keys import CustomerKey
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.rows import Piece, Version

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def keep(blobs: Blobs, body: bytes, key: CustomerKey | None) -> Piece:
    """A body in a file of its own, encrypted when there is a key."""
    data, nonce = key.encrypt(body) if key else (body, "")
    return Piece(blobs.write(data), len(body), nonce)


def read(blobs: Blobs, version: Version, key: CustomerKey | None, start: int = 0, length: int | None = None) -> bytes:
    """``length`` bytes from ``start`` on; None: to the end."""
    end = version.size if length is None else start + length
    found, position = [], 0
    for piece in version.pieces:
        first, last = max(start - position, 0), min(end - position, piece.size)
        if first < last:
            if piece.nonce and key:
                found.append(key.decrypt(blobs.read(piece.blob), piece.nonce)[first:last])
            else:
                found.append(blobs.read(piece.blob, first, last - first))
        position += piece.size
    return b"".join(found)


def wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """``(start, length)`` of a ``Range``; None for the whole, also where the header makes no sense (RFC 9110, 14.2)."""
    found = _RANGE.fullmatch(header.strip().replace(" ", "")) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        start = size - length
    else:
        start = int(found[1])
        end = min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < start:
            return None
        length = end - start + 1
    if length <= 0 or start >= size:
        raise S3Error("InvalidRange", ActualObjectSize=str(size))
    return start, length


def of_part(version: Version, number: int) -> tuple[int, int]:
    """``(start, length)`` of a part of an uploaded object; one that came in one go is its own first."""
    pieces = version.pieces
    if not 1 <= number <= max(version.parts, 1):
        raise S3Error("InvalidPart")
    if not version.parts:
        return 0, version.size
    return sum(piece.size for piece in pieces[: number - 1]), pieces[number - 1].size
