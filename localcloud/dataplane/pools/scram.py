# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), from what PostgreSQL keeps in place of a password."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error

MECHANISM = "SCRAM-SHA-256"
_KEPT = re.compile(rf"{MECHANISM}\$(\d+):([^$]+)\$([^:]+):(.+)")


class Scram:
    """``kept``: rolpassword of pg_authid; None for nobody, who goes the same way and fails at its end."""

    def __init__(self, kept: str | None) -> None:
        found = _KEPT.fullmatch(kept or "")
        self._known = found is not None
        if found:
            self._rounds, self._salt = found[1], found[2]
            self._stored, self._server = b64decode(found[3]), b64decode(found[4])
        else:
            self._rounds, self._salt = "4096", b64encode(secrets.token_bytes(16)).decode()
            self._stored, self._server = secrets.token_bytes(32), secrets.token_bytes(32)
        self._said = self._binding = self._nonce = ""

    def challenge(self, first: str) -> str:
        """The answer to a client's first words; ValueError when they are none."""
        found = re.fullmatch(r"([ny],[^,]*,)([^,]*,r=([^,]+).*)", first)
        if not found:
            raise ValueError("it does not begin as it should")
        self._binding, bare = found[1], found[2]
        self._nonce = found[3] + secrets.token_urlsafe(18)
        answer = f"r={self._nonce},s={self._salt},i={self._rounds}"
        self._said = f"{bare},{answer}"
        return answer

    def verdict(self, final: str) -> str | None:
        """The last words to a client who knows the password; None to another."""
        without, _mark, proof = final.rpartition(",p=")
        words = dict(word.partition("=")[::2] for word in without.split(","))
        said = f"{self._said},{without}".encode()
        try:
            key = _xor(b64decode(proof), _mac(self._stored, said))
        except (Error, ValueError):
            return None
        right = hmac.compare_digest(hashlib.sha256(key).digest(), self._stored)
        same = words.get("r") == self._nonce and words.get("c") == b64encode(self._binding.encode()).decode()
        return f"v={b64encode(_mac(self._server, said)).decode()}" if right and same and self._known else None


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
