# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dumps in a bucket: each an encrypted object, and beside it a manifest that is written last.

A dump is called `<cluster>/<database>/<time of its snapshot>`. Without a manifest it is an unfinished one.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.objects import Bucket

FORMAT = 1
DUMP, MANIFEST = ".dump.age", ".json"
# What each manifest tells, and of what type.
_TELLS: dict[str, type] = {
    "cluster": str,
    "database": str,
    "server": str,
    "program": str,
    "started": str,
    "finished": str,
    "migration": str,
    "bytes": int,
    "sha256": str,
    "tables": list,
    "recipients": list,
}


def name_of(cluster: str, database: str, moment: datetime) -> str:
    """What a dump of that moment is called."""
    return f"{cluster}/{database}/{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text_of(moment: datetime) -> str:
    """As the API writes times."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def moment_of(name: str) -> str:
    """When that was which is called so, as the API writes times; "" for another name."""
    try:
        begun = datetime.strptime(f"{name.rsplit('/', 1)[-1].split('.', 1)[0]}+0000", "%Y%m%dT%H%M%SZ%z")
    except ValueError:
        return ""
    return text_of(begun)


def write(bucket: Bucket, name: str, manifest: Data) -> None:
    """The dump is finished."""
    content = json.dumps({"format": FORMAT, **manifest}, indent=1, sort_keys=True) + "\n"
    bucket.put(name + MANIFEST, content.encode(), "application/json")


def read(bucket: Bucket, name: str) -> Data:
    """The manifest of a dump. Raises Failure when there is none, or when it is none."""
    try:
        content = bucket.get(name + MANIFEST)
    except NotFound:
        raise Failure(
            f'There is no finished dump "{name}" in Spaces bucket "{bucket.name}": it has no manifest. '
            "database_dump_info lists those that there are."
        ) from None
    return understood(content, name)


def understood(content: bytes, name: str) -> Data:
    """A manifest as it was written. Raises Failure for anything else."""
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(found.get(key), of) for key, of in _TELLS.items()):
        raise Failure(f'The manifest of the dump "{name}" is none: it is corrupt, or was written by something else.')
    if found.get("format") != FORMAT:
        raise Failure(f'The manifest of the dump "{name}" is of format {found.get("format")}, and this reads {FORMAT}.')
    return found


def dumps(bucket: Bucket, prefix: str) -> list[Data]:
    """Those below a prefix, newest first: `name`, `complete`, `size` of the object, and what its manifest tells.

    One whose manifest cannot be read, or has no object beside it, is not complete, and `problem` says why.
    """
    there = bucket.objects(prefix)
    names = {key.removesuffix(end) for key in there for end in (DUMP, MANIFEST) if key.endswith(end)}
    return [_told(bucket, name, there) for name in sorted(names, key=_moment, reverse=True)]


def _moment(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _told(bucket: Bucket, name: str, there: dict[str, Data]) -> Data:
    told: Data = {"name": name, "size": (there.get(name + DUMP) or {}).get("Size"), "complete": False, "problem": ""}
    if name + MANIFEST not in there:
        return {**told, "problem": "It has no manifest: it was never finished."}
    try:
        manifest = read(bucket, name)
    except Failure as failure:
        return {**told, "problem": str(failure)}
    told |= {key: value for key, value in manifest.items() if key != "format"}
    problem = misfit(name, manifest, told["size"])
    return {**told, "complete": not problem, "problem": problem}


def misfit(name: str, manifest: Data, size: int | None) -> str:
    """Why the object is not what the manifest is about, as far as a look at the list tells; "" when it may be."""
    if size is None:
        return f'The dump "{name}" has a manifest, but is not there itself.'
    if size != manifest["bytes"]:
        return f'The dump "{name}" has {size} bytes instead of {manifest["bytes"]}: it is corrupt or cut off.'
    return ""


def remove_unfinished(bucket: Bucket, prefix: str) -> list[str]:
    """Dumps without a manifest, and uploads without an end; their names. Each is looked at again right before."""
    gone = {key.removesuffix(DUMP) for key in bucket.abort_uploads(prefix)}
    there = bucket.objects(prefix)
    for key in there:
        name = key.removesuffix(DUMP)
        if key.endswith(DUMP) and name + MANIFEST not in there and bucket.size(name + MANIFEST) is None:
            bucket.delete(key)
            gone.add(name)
    return sorted(gone)


def newest(found: list[Data]) -> Any:
    """The newest complete one, None when there is none."""
    return next((row for row in found if row["complete"]), None)
