# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encryption to public keys with age: only who has one of the secret keys can read what is written."""

from __future__ import annotations

import io
import stat
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

try:
    import pyrage  # type: ignore[import-untyped]
except ImportError:
    PYRAGE_MISSING: str | None = traceback.format_exc()
else:
    PYRAGE_MISSING = None

MAKE_A_PAIR = (
    "ansible localhost -m debug -a \"msg={{ lookup('fisioflow.digitalocean.age_recipient', '~/backups.key') }}\" makes "
    "a pair: its secret half is in that file, to be kept where the backups are not, and it shows the public one"
)


class Reader(Protocol):
    """What gives bytes: b"" at the end."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many."""


class Writer(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> int:
        """All of them."""

    def flush(self) -> None:
        """Nothing is kept back."""


def recipients(keys: Iterable[str]) -> list[Any]:
    """Of public keys (age1…). Raises Failure for none at all, and for what is none."""
    _present()
    given = [key.strip() for key in keys]
    if not given:
        raise Failure(f"There is no recipient to encrypt to: give public keys of age. {MAKE_A_PAIR}.")
    found = []
    for key in given:
        try:
            found.append(pyrage.x25519.Recipient.from_str(key))
        except pyrage.RecipientError:
            # Not shown: somebody may have put the secret half there.
            raise Failure(
                f"Recipient {given.index(key) + 1} is no public key of age, which begins with age1: correct it. "
                f"{MAKE_A_PAIR}."
            ) from None
    return found


def new_identity() -> str:
    """A secret key. Raises Failure."""
    _present()
    return str(pyrage.x25519.Identity.generate())


def identities(path: str) -> list[Any]:
    """The secret keys in a file, a line each; # begins a comment. Raises Failure, also when others may read it."""
    _present()
    file = Path(path)
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise Failure(f"The identity file {path} may be read by others: chmod 600 it.")
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no text"
        raise Failure(f"The identity file {path} cannot be read ({why}): give the file with the secret key.") from None
    keys = [line for line in lines if line and not line.startswith("#")]
    try:
        found = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise Failure(f"The identity file {path} holds no secret key of age, a line that begins with AGE-SECRET-KEY-1.")
    return found


def encrypt(source: Reader, target: Writer, keys: list[Any]) -> None:
    """All of `source`. What either of them raises comes wrapped: ask them for it."""
    pyrage.encrypt_io(source, target, keys)


def sealed(content: bytes, keys: list[Any]) -> bytes:
    """The whole of a small one, encrypted."""
    return bytes(pyrage.encrypt(content, keys))


def opened(content: bytes, keys: list[Any], what: str) -> bytes:
    """The whole of a small one, decrypted. Raises Failure about `what`."""
    out = io.BytesIO()
    decrypt(io.BytesIO(content), out, keys, what)
    return out.getvalue()


def decrypt(source: Reader, target: Writer, keys: list[Any], what: str) -> None:
    """All of `source`, each part of it verified before it is handed on. Raises Failure about `what`."""
    try:
        pyrage.decrypt_io(source, target, keys)
    except pyrage.DecryptError as error:
        if "matching keys" in str(error):
            raise Failure(
                f"The identity opens {what} not: it was encrypted to others. Nothing was done with it."
            ) from None
        raise Failure(f"{what} is no whole file of age: it is corrupt or cut off. Nothing was done with it.") from None
    except OSError:
        raise Failure(f"{what} is corrupt: it does not decrypt to its end. Nothing was done with it.") from None


def _present() -> None:
    if PYRAGE_MISSING is not None:
        raise Failure(missing_required_lib("pyrage"))
