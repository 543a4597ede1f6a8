# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dumps in a bucket are worth: listed, read, decrypted, unpacked, as far as one wants to know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import age, manifest, restoring
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps.dump import Encrypted
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.objects import Bucket

Progress = Callable[[str], Callable[[int], None]]


def found(bucket: Bucket, params: Data, progress: Progress) -> list[Data]:
    """The dumps that the options of database_dump_info choose, with `age_hours`. Raises Failure for a bad identity."""
    keys = age.identities(params["identity_file"]) if params["check"] == "archive" else []
    parts = [params["cluster"], params["database"]] if params["database"] else [params["cluster"]]
    prefix = "".join(f"{part}/" for part in parts if part)
    name = params["name"]
    rows = [row for row in manifest.dumps(bucket, name or prefix) if name in ("", row["name"])]
    now = bucket.spaces.now()
    rows = rows[: params["limit"]] if params["limit"] > 0 else rows
    whole = [row["name"] for row in rows if row["complete"] and params["check"] != "none"]
    read = whole[: params["checked"]] if params["checked"] > 0 else whole
    return [
        {
            **(_checked(bucket, row, params, keys, progress) if row["name"] in read else row),
            "age_hours": _age(row["name"], now),
        }
        for row in rows
    ]


def _age(name: str, now: datetime) -> float | None:
    """Of the moment in its name, which an unfinished one has, too."""
    try:
        begun = datetime.strptime(name.rsplit("/", 1)[-1] + "+0000", "%Y%m%dT%H%M%SZ%z")
    except ValueError:
        return None
    return round((now - begun).total_seconds() / 3600, 2)


def _checked(bucket: Bucket, row: Data, params: Data, keys: list[Any], progress: Progress) -> Data:
    try:
        encrypted = Encrypted(bucket, row["name"], row, progress(f"{row['name']} is being read"))
        if params["check"] == "checksum":
            encrypted.all_of_it()
        else:
            restoring.check(encrypted, row, params["programs"], keys)
    except ApiError:
        # That it could not be read says nothing of it.
        raise
    except Failure as failure:
        return {**row, "complete": False, "problem": str(failure)}
    return row
