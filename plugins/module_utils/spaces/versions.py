# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of objects that come back: which, and how. What is there becomes a version by that, and nothing goes.

Names of objects may tell of patients: in results, versions are called by `mark`, from which no name can be guessed,
since the id of a version cannot.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import NamedTemporaryFile

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import Spaces
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.listing import pages, seconds

# What S3 copies in one piece.
MOST = 5 * 2**30
# Copies at a time.
AT_ONCE = 8


@dataclass(frozen=True)
class Version:
    """`marker`: that it was deleted then; `modified` as S3 writes it, `size` in bytes."""

    key: str
    id: str
    modified: str
    latest: bool
    marker: bool = False
    etag: str = ""
    size: int = 0

    def mark(self, bucket: str) -> str:
        """What it is called where names are not told."""
        return hashlib.sha256(f"{bucket}/{self.key}/{self.id}".encode()).hexdigest()[:16]

    def holds(self, other: Version) -> bool:
        """Whether both have the same content."""
        return not self.marker and (self.etag, self.size) == (other.etag, other.size)


def versions(spaces: Spaces, bucket: str, prefix: str) -> Iterator[list[Version]]:
    """Those of each object, the newest first."""
    found: list[Version] = []
    for page in pages(spaces, "list_object_versions", Bucket=bucket, Prefix=prefix):
        for name, marker in (("Versions", False), ("DeleteMarkers", True)):
            found += [
                Version(
                    row["Key"],
                    row["VersionId"],
                    row["LastModified"],
                    bool(row["IsLatest"]),
                    marker,
                    str(row.get("ETag", "")).strip('"'),
                    int(row.get("Size", 0)),
                )
                for row in page.get(name) or []
            ]
    # S3 tells each kind newest first, but not how they lie among each other; the latest is said.
    found.sort(key=lambda row: (row.key, not row.latest, -seconds(row.modified)))
    for _key, rows in groupby(found, key=lambda row: row.key):
        yield list(rows)


def chosen(rows: list[Version], at: float | None) -> Version | None:
    """What of one object comes back: as it was then, or where it is deleted now, as it was last. None: nothing does."""
    now = rows[0]
    if at is None:
        return next((row for row in rows if not row.marker), None) if now.marker else None
    then = next((row for row in rows if seconds(row.modified) <= at), None)
    return None if then is None or then.marker or now.holds(then) else then


def one(rows: Iterable[list[Version]], key: str, id: str) -> list[Version]:
    """That version, nothing when what is there is the same. Raises Failure when there is none."""
    mine = next((found for found in rows if found[0].key == key), [])
    wanted = next((row for row in mine if row.id == id and not row.marker), None)
    if wanted is None:
        raise Failure(
            "There is no such version of that object, nothing was done: --check and restore_list tell which come back."
        )
    return [] if mine[0].holds(wanted) else [wanted]


def bring_back(spaces: Spaces, bucket: str, wanted: list[Version]) -> Iterator[int]:
    """Copy each onto its name, within S3; how many are done so far."""
    if big := [row for row in wanted if row.size > MOST]:
        raise Failure(
            f"{len(big)} of the versions are larger than S3 copies (5 GiB), nothing was done: leave them out."
        )

    def copy(row: Version) -> None:
        source = {"Bucket": bucket, "Key": row.key, "VersionId": row.id}
        spaces.call("copy_object", Bucket=bucket, Key=row.key, CopySource=source)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, _done in enumerate(pool.map(copy, wanted), 1):
            yield number


def write_list(path: str, bucket: str, wanted: list[Version]) -> None:
    """Names and versions as lines of JSON, for whoever may see them: the file is its owner's alone."""
    with NamedTemporaryFile("w", dir=Path(path).parent, delete=False) as file:
        for row in wanted:
            told = {"key": row.key, "version": row.id, "modified": row.modified, "size": row.size}
            file.write(json.dumps({**told, "mark": row.mark(bucket)}, ensure_ascii=False) + "\n")
    Path(file.name).replace(path)
