# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of an instance in the background: of a bounded size, and only its owner's to read."""

from __future__ import annotations

import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from localcloud.world.private import opened

# Bytes before the log begins anew. The one before is kept, so a home holds at most twice as much.
LIMIT = 5_000_000


class LogFile(RotatingFileHandler):
    """Appends to ``path``; at ``limit`` bytes that becomes ``<path>.1``."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        super().__init__(path, maxBytes=limit, backupCount=1)

    def _open(self) -> TextIOWrapper:
        handle = opened(Path(self.baseFilename), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        return os.fdopen(handle, "a", encoding="utf-8")
