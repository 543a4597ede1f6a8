# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of an upload: unwrapping ``aws-chunked``, and checking every hash that came with it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable

from localcloud.resources.spaces.s3.caller import Signer, same
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.request import S3Request
from localcloud.resources.spaces.s3.signature import chunk_signature

UNSIGNED = "UNSIGNED-PAYLOAD"
STREAMING = "STREAMING-"
_EMPTY = hashlib.sha256(b"").hexdigest()


def unwrap(request: S3Request, signer: Signer | None) -> S3Request:
    """The request with its plain body; what came as a trailer becomes a header. S3Error when a hash does not hold."""
    declared = request.headers.get("x-amz-content-sha256", UNSIGNED)
    more: dict[str, str] = {}
    body = request.body
    if declared.startswith(STREAMING):
        body, more = _chunks(body, signer if declared.startswith("STREAMING-AWS4") else None)
        length = request.headers.get("x-amz-decoded-content-length")
        if length is not None and length != str(len(body)):
            raise S3Error(
                "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header"
            )
    elif len(declared) == 64 and hashlib.sha256(body).hexdigest() != declared.lower():
        raise S3Error("XAmzContentSHA256Mismatch")
    plain = request.with_body(body, more)
    _check_digests(plain)
    return plain


def _chunks(body: bytes, signer: Signer | None) -> tuple[bytes, dict[str, str]]:
    """Plain bytes and trailers of ``<hex size>[;chunk-signature=…]\\r\\n<data>\\r\\n … 0\\r\\n<trailers>\\r\\n``."""
    plain, position = bytearray(), 0
    previous = signer.seed if signer else ""
    while True:
        end = body.find(b"\r\n", position)
        if end < 0:
            raise S3Error("IncompleteBody", "The request body terminated unexpectedly")
        size_text, _semicolon, extension = body[position:end].decode("latin-1").partition(";")
        try:
            size = int(size_text, 16)
        except ValueError:
            raise S3Error("InvalidRequest", "The chunked body is malformed") from None
        data = body[end + 2 : end + 2 + size]
        if len(data) != size:
            raise S3Error("IncompleteBody", "The request body terminated unexpectedly")
        if signer:
            previous = _check_chunk(signer, previous, data, extension)
        position = end + 2 + size
        if size == 0:
            return bytes(plain), _trailers(body[position:], signer, previous)
        plain += data
        position += 2


def _check_chunk(signer: Signer, previous: str, data: bytes, extension: str) -> str:
    text = "\n".join(
        ("AWS4-HMAC-SHA256-PAYLOAD", signer.timestamp, signer.scope, previous, _EMPTY, hashlib.sha256(data).hexdigest())
    )
    signature = extension.partition("chunk-signature=")[2]
    if not same(chunk_signature(signer, text), signature):
        raise S3Error("SignatureDoesNotMatch")
    return signature


def _trailers(rest: bytes, signer: Signer | None, previous: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in rest.decode("latin-1").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    given = found.pop("x-amz-trailer-signature", None)
    if signer and given is not None:
        text = "".join(f"{name}:{value}\n" for name, value in found.items())
        hashed = hashlib.sha256(text.encode()).hexdigest()
        expected = chunk_signature(
            signer, "\n".join(("AWS4-HMAC-SHA256-TRAILER", signer.timestamp, signer.scope, previous, hashed))
        )
        if not same(expected, given):
            raise S3Error("SignatureDoesNotMatch")
    # Nothing else may come after what was judged.
    return {name: value for name, value in found.items() if name.startswith("x-amz-checksum-")}


def _check_digests(request: S3Request) -> None:
    """Content-MD5 and the checksums that the standard library can compute; CRC32C and CRC64NVME are taken on trust."""
    headers, body = request.headers, request.body
    digests: dict[str, Callable[[], bytes]] = {
        "content-md5": lambda: bytes.fromhex(request.md5),
        "x-amz-checksum-crc32": lambda: zlib.crc32(body).to_bytes(4, "big"),
        "x-amz-checksum-sha1": lambda: hashlib.sha1(body, usedforsecurity=False).digest(),
        "x-amz-checksum-sha256": lambda: hashlib.sha256(body).digest(),
    }
    # A completed multipart upload carries the checksum of its parts' checksums.
    if request.operation.name == "CompleteMultipartUpload":
        return
    for name, compute in digests.items():
        given = headers.get(name)
        if given is None:
            continue
        computed = compute()
        try:
            wanted = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            raise S3Error("InvalidDigest") from None
        if len(wanted) != len(computed):
            raise S3Error("InvalidDigest")
        if wanted != computed:
            raise S3Error("BadDigest")
