# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encryption with the customer's own key (SSE-C), the only one that Spaces has.

https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/: each request that writes or reads such an
object carries the key. Bodies are really encrypted (AES-256 in counter mode), and the key is forgotten.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.resources.spaces.s3.errors import S3Error

PREFIX = "x-amz-server-side-encryption-customer-"
SOURCE_PREFIX = "x-amz-copy-source-server-side-encryption-customer-"


@dataclass(frozen=True)
class CustomerKey:
    key: bytes
    md5: str

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What an answer says about it."""
        return [(f"{PREFIX}algorithm", "AES256"), (f"{PREFIX}key-md5", self.md5)]

    def lock(self) -> dict[str, str]:
        """What an object keeps, to tell this key from another."""
        salt = secrets.token_hex(16)
        return {"salt": salt, "check": self._check(salt)}

    def opens(self, lock: Mapping[str, str]) -> bool:
        return hmac.compare_digest(self._check(lock["salt"]), lock["check"])

    def _check(self, salt: str) -> str:
        return hashlib.sha256(salt.encode() + self.key).hexdigest()

    def encrypt(self, body: bytes) -> tuple[bytes, str]:
        """The encrypted body, and the nonce in hexadecimal."""
        nonce = secrets.token_bytes(16)
        return _crypt(self.key, nonce, body), nonce.hex()

    def decrypt(self, body: bytes, nonce: str) -> bytes:
        return _crypt(self.key, bytes.fromhex(nonce), body)


def _crypt(key: bytes, nonce: bytes, body: bytes) -> bytes:
    """Both ways: counter mode is its own inverse."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    cipher = Cipher(algorithms.AES(key), modes.CTR(nonce)).encryptor()
    return cipher.update(body) + cipher.finalize()


def given(headers: Mapping[str, str], prefix: str = PREFIX) -> CustomerKey | None:
    """The key that a request carries; None without. S3Error when it is none."""
    if not any(name.startswith(prefix) for name in headers):
        return None
    algorithm, text, md5 = (headers.get(prefix + name) for name in ("algorithm", "key", "key-md5"))
    if algorithm is None or text is None or md5 is None:
        raise S3Error(
            "InvalidArgument", "SSE-C needs three headers: the algorithm, the key, and the MD5 of the key.", 400
        )
    if algorithm != "AES256":
        raise S3Error("InvalidEncryptionAlgorithmError", "The encryption algorithm must be AES256.", 400)
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise S3Error("InvalidArgument", "The secret key was invalid for the specified algorithm.", 400)
    if base64.b64encode(hashlib.md5(key, usedforsecurity=False).digest()).decode() != md5:
        raise S3Error("InvalidArgument", "The calculated MD5 hash of the key did not match the hash provided.", 400)
    return CustomerKey(key, md5)


def check(key: CustomerKey | None, lock: Mapping[str, str]) -> None:
    """S3Error unless ``key`` is what the object was locked with; None for one that was not."""
    if not lock and key is not None:
        raise S3Error("InvalidRequest", "The encryption parameters are not applicable to this object.", 400)
    if lock and key is None:
        raise S3Error(
            "InvalidRequest",
            "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to "
            "retrieve the object.",
            400,
        )
    if lock and key is not None and not key.opens(lock):
        raise S3Error("InvalidRequest", "The provided encryption key is not that of the object.", 400)
