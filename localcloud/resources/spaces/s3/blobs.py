# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of objects, as files beside the state: written once, under a name of their own, and never changed.

A file goes when nothing names it any more: no object, and no state on the disk, from which the next start would read.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from localcloud.world import private

# The folder of them in that of the instance.
BODIES = "spaces"

_ID = re.compile(r"[0-9a-f]{32}")


class Blobs:
    """``home`` None: in a folder of its own that goes with this object."""

    def __init__(self, home: Path | None) -> None:
        self._folder = home / BODIES if home else Path(tempfile.mkdtemp(prefix="localcloud-"))
        if home is None:
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._users: Counter[str] = Counter()
        self._saved: set[str] = set()

    def write(self, body: bytes, id: str | None = None) -> str:
        """Keep a body; its id. Nobody uses it yet."""
        id = id or secrets.token_hex(16)
        path = self._path(id)
        if self._folder.is_symlink():
            raise OSError(f"{self._folder} is a symbolic link, which localcloud does not follow")
        self._folder.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_suffix(".new")
        try:
            private.write(draft, body)
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        return id

    def read(self, id: str, start: int = 0, length: int = -1) -> bytes:
        with self._path(id).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def has(self, id: str) -> bool:
        return self._path(id).is_file()

    def hold(self, ids: Iterable[str]) -> None:
        """Somebody more uses them."""
        self._users.update(ids)

    def release(self, ids: Iterable[str]) -> None:
        """Somebody less uses them."""
        for id in ids:
            self._users[id] -= 1
            if self._users[id] <= 0:
                del self._users[id]
                self._drop(id)

    def to_be_saved(self, ids: set[str]) -> None:
        """A state that names these is about to be written, over one that names others."""
        self._saved |= ids

    def saved(self, ids: set[str]) -> None:
        """The state on the disk names these, and no others any more."""
        before, self._saved = self._saved, ids
        for id in before - ids:
            self._drop(id)

    def sweep(self) -> None:
        """Remove what nobody uses: leavings of one that was killed."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if not _ID.fullmatch(path.name):
                path.unlink(missing_ok=True)
            else:
                self._drop(path.name)

    def _drop(self, id: str) -> None:
        if id not in self._users and id not in self._saved:
            self._path(id).unlink(missing_ok=True)

    def _path(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise ValueError(f"{id!r} is no name of a body")
        return self._folder / id
