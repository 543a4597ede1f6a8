# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the options of spaces_restore ask for: refused when it cannot be meant, found, brought back, looked at again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import Spaces
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.versions import (
    Version,
    bring_back,
    chosen,
    one,
    versions,
    write_list,
)

# Marks in a result.
TOLD = 100
# Objects between two words on how far it is.
STEP = 100


class Restoring:
    """Raises Failure for options that cannot be meant."""

    def __init__(self, params: Data) -> None:
        self._params = params
        wanted = [params[name] for name in ("key", "prefix", "everything")]
        if sum(map(bool, wanted)) != 1:
            raise Failure("Nothing was done: choose one object (key), those of a prefix, or everything.")
        if params["version"] and (not params["key"] or params["at"]):
            raise Failure("Nothing was done: version is for a key, and does not go with at.")
        self._at = _moment(params["at"]) if params["at"] else None

    def run(self, spaces: Spaces, check_mode: bool, tell: Callable[[str], None]) -> Data:
        """See RETURN of modules/spaces_restore.py."""
        bucket, began = self._params["bucket"], spaces.clock.now()
        rows = self._rows(spaces)
        wanted = self._wanted(rows)
        gone = {found[0].key for found in rows if found[0].marker}
        if self._params["list_path"]:
            write_list(self._params["list_path"], bucket, wanted)
        left = 0
        if wanted and not check_mode:
            for number in bring_back(spaces, bucket, wanted):
                if not number % STEP:
                    tell(f"{number} of {len(wanted)} objects restored")
            left = len(self._wanted(self._rows(spaces)))
        return {
            "bucket": bucket,
            "objects": len(rows),
            "restored": len(wanted),
            "bytes": sum(row.size for row in wanted),
            "deleted": sum(row.key in gone for row in wanted),
            "left": left,
            "marks": [row.mark(bucket) for row in wanted[:TOLD]],
            "list_path": self._params["list_path"] or "",
            "seconds": round(spaces.clock.now() - began, 1),
        }

    def _rows(self, spaces: Spaces) -> list[list[Version]]:
        key = self._params["key"]
        found = versions(spaces, self._params["bucket"], key or self._params["prefix"] or "")
        return [rows for rows in found if not key or rows[0].key == key]

    def _wanted(self, rows: list[list[Version]]) -> list[Version]:
        if self._params["version"]:
            return one(rows, self._params["key"], self._params["version"])
        return [row for row in (chosen(found, self._at) for found in rows) if row]


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.max
    if moment.tzinfo is None or moment > datetime.now(UTC):
        raise Failure(f"Nothing was done: {text} is no time of the past with its zone, such as 2026-11-24T03:00:00Z.")
    return moment.timestamp()
