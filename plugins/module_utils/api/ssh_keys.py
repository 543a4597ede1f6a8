# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public keys of SSH: which one it is, whatever its comment says."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

# What is shown of something that is no key: it may be a private one.
_SHOWN = 20


def fingerprint(public_key: str) -> str:
    """As the API tells it, and `ssh-keygen -l -E md5`: MD5 of the key itself. Raises Failure for what is no key."""
    words = public_key.split()
    try:
        key = base64.b64decode(words[1], validate=True)
    except (IndexError, binascii.Error):
        key = b""
    # A key says its type once more, behind the length of it.
    if not words or not key.startswith(len(words[0]).to_bytes(4, "big") + words[0].encode()):
        raise Failure(
            f'The public key "{public_key.strip()[:_SHOWN]}…" is none of SSH, nothing was done: '
            'give "type key [comment]", the line in the file whose name ends in .pub.'
        )
    return hashlib.md5(key, usedforsecurity=False).digest().hex(":")


def without_comment(public_key: Any) -> Any:
    """Type and key: its normal form."""
    return " ".join(public_key.split()[:2]) if isinstance(public_key, str) else public_key
