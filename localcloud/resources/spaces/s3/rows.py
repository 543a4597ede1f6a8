# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is inside one bucket: versions of objects, uploads under way, and what is set on it.

Rows are never changed, only replaced: a snapshot of a bucket is a list of them.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from localcloud.resources.spaces.s3.blobs import Blobs

NULL = "null"
Strings = dict[str, str]


@dataclass(frozen=True)
class Piece:
    """A body, or one part of it: ``size`` bytes in the file ``blob``, encrypted when there is a ``nonce``."""

    blob: str
    size: int
    nonce: str = ""


@dataclass(frozen=True)
class Version:
    """One version of an object, or a delete marker.

    ``modified`` in RFC 3339 with milliseconds; ``headers`` are given back as they came; ``lock`` is what tells whether
    a customer's key is the right one (see ``customer_keys``), empty without encryption; ``parts`` of a multipart
    upload: how many there were, else 0; ``upload`` is that upload's id.
    """

    key: str
    id: str
    modified: str
    marker: bool = False
    etag: str = ""
    pieces: tuple[Piece, ...] = ()
    headers: Strings = field(default_factory=dict)
    checksums: Strings = field(default_factory=dict)
    tags: Strings = field(default_factory=dict)
    public: bool = False
    lock: Strings = field(default_factory=dict)
    parts: int = 0
    upload: str = ""

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)

    @property
    def blobs(self) -> list[str]:
        return [piece.blob for piece in self.pieces]


@dataclass(frozen=True)
class Part:
    number: int
    modified: str
    etag: str
    piece: Piece


@dataclass(frozen=True)
class Upload:
    """``parts`` by number. ``object`` holds what the completed object will have."""

    id: str
    object: Version
    parts: dict[int, Part] = field(default_factory=dict)

    @property
    def blobs(self) -> list[str]:
        return [part.piece.blob for part in self.parts.values()]


class Contents:
    """Keys in the order of their bytes; the versions of a key with the newest first."""

    def __init__(self, blobs: Blobs, settings: dict[str, Any] | None = None) -> None:
        self._blobs = blobs
        self._keys: list[str] = []
        self._versions: dict[str, list[Version]] = {}
        self.uploads: dict[str, Upload] = {}
        # "cors", "lifecycle" and "website" are there when they are set.
        self.settings: dict[str, Any] = settings or {"grants": [], "versioning": ""}

    @property
    def versioning(self) -> str:
        return str(self.settings["versioning"])

    @property
    def keys(self) -> Sequence[str]:
        """All keys, also of those of which only delete markers are left."""
        return self._keys

    def versions(self, key: str) -> list[Version]:
        return self._versions.get(key, [])

    def current(self, key: str) -> Version | None:
        """The newest version, which may be a delete marker."""
        found = self._versions.get(key)
        return found[0] if found else None

    def find(self, key: str, id: str) -> Version | None:
        return next((version for version in self.versions(key) if version.id == id), None)

    def put(self, version: Version) -> Version:
        """A new version on top, in place of the one with the same id (``null``) wherever that is."""
        if version.key not in self._versions:
            insort(self._keys, version.key)
        self._blobs.hold(version.blobs)
        self._take_out(version.key, version.id)
        self._versions.setdefault(version.key, []).insert(0, version)
        return version

    def append(self, version: Version) -> None:
        """An older version below those that are there: for what a state holds, which has them in order."""
        if version.key not in self._versions:
            insort(self._keys, version.key)
        self._blobs.hold(version.blobs)
        self._versions.setdefault(version.key, []).append(version)

    def replace(self, old: Version, **changes: Any) -> None:
        """Change what is not the body."""
        rows = self._versions[old.key]
        rows[rows.index(old)] = replace(old, **changes)

    def remove(self, key: str, id: str) -> Version | None:
        """Take one version away for good."""
        gone = self._take_out(key, id)
        if gone and not self._versions[key]:
            del self._versions[key]
            del self._keys[bisect_left(self._keys, key)]
        return gone

    def _take_out(self, key: str, id: str) -> Version | None:
        gone = self.find(key, id)
        if gone is not None:
            self._versions[key].remove(gone)
            self._blobs.release(gone.blobs)
        return gone

    def put_upload(self, upload: Upload) -> None:
        self._blobs.hold(upload.blobs)
        self.remove_upload(upload.id)
        self.uploads[upload.id] = upload

    def remove_upload(self, id: str) -> None:
        gone = self.uploads.pop(id, None)
        if gone is not None:
            self._blobs.release(gone.blobs)

    def clear(self) -> None:
        """Let go of every body."""
        for key in self._keys:
            for version in self._versions[key]:
                self._blobs.release(version.blobs)
        for id in list(self.uploads):
            self.remove_upload(id)
        self._keys, self._versions = [], {}

    def snapshot(self) -> dict[str, Any]:
        """As it is now; rows are shared, since they never change."""
        return {
            "settings": dict(self.settings),
            "versions": [version for key in self._keys for version in self._versions[key]],
            "uploads": list(self.uploads.values()),
        }
