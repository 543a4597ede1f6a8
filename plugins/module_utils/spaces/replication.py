# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bucket lacks of another one: found, copied by rclone, and compared by it. Deletions are never followed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import address
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import connect
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.listing import Object, lacking, objects
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.rclone import Place, Ran, Rclone

MISSING, DIFFERS, SAME, UNREAD = "+", "*", "=", "!"


class Replication:
    """As the options of a module say (modules/spaces_replication.py). Raises Failure."""

    def __init__(
        self, params: Data, secrets: Secrets, clock: Clock, tell: Callable[[str], None], planning: bool
    ) -> None:
        self._params, self._clock, self._tell = params, clock, tell
        self._began = clock.now()
        there = {**params, "region": params["target_region"]}
        self._source = connect(params, secrets, clock, tell)
        self._target = connect(there, secrets, clock, tell)
        self._places = tuple(
            Place(params[name], where["region"], address.endpoint(params["spaces_url"], where["region"]))
            for name, where in (("source", params), ("target", there))
        )
        prefix = params["prefix"]
        self._here = objects(self._source, params["source"], prefix)
        copies = self._copies(prefix) if planning else objects(self._target, params["target"], prefix)
        self._pending = lacking(self._here, copies)
        if params["only_missing"]:
            self._pending = [row for row in self._pending if row.key not in copies]
        self._kept = len(copies.keys() - self._here.keys())

    def _copies(self, prefix: str) -> dict[str, Object]:
        """In check mode the target may be yet to come."""
        try:
            return objects(self._target, self._params["target"], prefix)
        except NotFound:
            return {}

    def planned(self) -> Data:
        """What would be copied; of what was not done, nothing was done."""
        now, made = datetime.now(UTC).timestamp(), [row.modified for row in self._pending]
        newest = datetime.fromtimestamp(max(made), UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if made else ""
        return {
            "source": self._params["source"],
            "target": self._params["target"],
            "objects": len(self._here),
            "bytes": sum(row.size for row in self._here.values()),
            "pending": len(made),
            "pending_bytes": sum(row.size for row in self._pending),
            "lag_seconds": round(max(0.0, now - min(made)), 1) if made else 0.0,
            "newest_pending_at": newest,
            **dict.fromkeys(("copied", "bytes_copied", "checked", "unhashed", "differing", "missing", "meanwhile"), 0),
            "kept": self._kept,
            "why": "",
            "seconds": round(self._clock.now() - self._began, 1),
        }

    def done(self) -> Data:
        """Copy what is lacking, and compare all."""
        told, params = self.planned(), self._params
        source, target = self._places
        rclone = Rclone(
            source, target, params["access_key"], params["secret_key"], params["ca_path"], params["bandwidth"]
        )
        copied = rclone.copy([row.key for row in self._pending], self._tell_of_copy) if self._pending else Ran()
        checked = rclone.check(params["prefix"], lambda _ran: self._tell("comparing what is in both buckets"))
        signs = [(line[0], line[2:]) for line in checked.lines]
        wrong = {key: sign for sign, key in signs if sign in (MISSING, DIFFERS, UNREAD)}
        if params["only_missing"]:
            wrong = {key: sign for key, sign in wrong.items() if sign == MISSING}
        later = self._later(set(wrong))
        of_before = [sign for key, sign in wrong.items() if key not in later]
        return {
            **told,
            "copied": copied.transfers,
            "bytes_copied": copied.bytes,
            "checked": sum(sign == SAME for sign, _key in signs),
            "unhashed": checked.unhashed,
            "differing": sum(sign != MISSING for sign in of_before),
            "missing": of_before.count(MISSING),
            "meanwhile": len(later),
            "why": ", ".join(sorted(copied.whys | checked.whys)) if of_before or copied.code else "",
            "seconds": round(self._clock.now() - self._began, 1),
        }

    def _later(self, keys: set[str]) -> set[str]:
        """Which of these are no longer there, or not as they were when this began."""
        if not keys:
            return set()
        now = objects(self._source, self._params["source"], self._params["prefix"])
        return {key for key in keys if key not in now or now[key] != self._here.get(key)}

    def _tell_of_copy(self, ran: Ran) -> None:
        self._tell(
            f"{ran.transfers} of {len(self._pending)} objects copied, {ran.bytes / 2**20:,.0f} MiB of "
            f"{sum(row.size for row in self._pending) / 2**20:,.0f}"
        )
