# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of an instance: only their owner's, and never through a symbolic link that somebody has put in their place."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def opened(path: Path, flags: int) -> int:
    """A file descriptor; OSError that says so when the path is a symbolic link."""
    try:
        return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(f"{path} is a symbolic link, which localcloud does not follow") from None
        raise


def read(path: Path) -> str:
    with os.fdopen(opened(path, os.O_RDONLY), encoding="utf-8", errors="replace") as file:
        return file.read()


def write(path: Path, data: bytes) -> None:
    """What was there is replaced."""
    with os.fdopen(opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
        file.write(data)
