# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is inside the buckets of a world: their rows in memory, the bodies in files, and both in the state.

In state.json: ``{"buckets": {name: {"settings": …, "versions": [row], "uploads": [row]}}}``, with the fields of
``rows.Version`` and ``rows.Upload``. Whoever asks the admin API gets the bodies as well, ``{"bodies": {id: base64}}``.
"""

from __future__ import annotations

import base64
import json
from typing import Any
from weakref import WeakKeyDictionary

from localcloud.resources.spaces.s3.blobs import Blobs
from localcloud.resources.spaces.s3.rows import Contents, Part, Piece, Upload, Version
from localcloud.world.world import World


class Store:
    def __init__(self, world: World) -> None:
        self.blobs = Blobs(world.home)
        self._buckets: dict[str, Contents] = {}

    def create(self, name: str) -> Contents:
        self._buckets[name] = Contents(self.blobs)
        return self._buckets[name]

    def remove(self, name: str) -> None:
        self._buckets.pop(name).clear()

    def __getitem__(self, name: str) -> Contents:
        return self._buckets[name]

    def clear(self) -> None:
        """Forget every bucket."""
        for name in list(self._buckets):
            self.remove(name)

    def snapshot(self) -> dict[str, Any]:
        return {"buckets": {name: contents.snapshot() for name, contents in self._buckets.items()}}

    def export(self) -> dict[str, Any]:
        """The snapshot as plain JSON, with the bodies."""
        state = self.snapshot()
        plain: dict[str, Any] = json.loads(json.dumps(state, default=vars))
        bodies = {id: base64.b64encode(self.blobs.read(id)).decode() for id in sorted(_blobs(state))}
        return {**plain, "bodies": bodies}

    def restore(self, data: dict[str, Any]) -> None:
        """Hold what ``data`` says instead; ValueError when a body is missing."""
        for id, body in data.get("bodies", {}).items():
            self.blobs.write(base64.b64decode(body), id)
        # All is read before any of it is held.
        rows = {
            name: (
                bucket["settings"],
                [self._version(row) for row in bucket["versions"]],
                [self._upload(row) for row in bucket["uploads"]],
            )
            for name, bucket in data["buckets"].items()
        }
        old, self._buckets = self._buckets, {}
        for name, (settings, versions, uploads) in rows.items():
            contents = self._buckets[name] = Contents(self.blobs, settings)
            for version in versions:
                contents.append(version)
            for upload in uploads:
                contents.put_upload(upload)
        for contents in old.values():
            contents.clear()
        self.blobs.sweep()

    def _upload(self, row: dict[str, Any]) -> Upload:
        parts = [Part(**{**part, "piece": self._piece(part["piece"])}) for part in row["parts"].values()]
        return Upload(row["id"], self._version(row["object"]), {part.number: part for part in parts})

    def _version(self, row: dict[str, Any]) -> Version:
        return Version(**{**row, "pieces": tuple(self._piece(piece) for piece in row["pieces"])})

    def _piece(self, row: dict[str, Any]) -> Piece:
        if not self.blobs.has(row["blob"]):
            raise ValueError(f"the body {row['blob']} of an object is missing")
        return Piece(**row)


def _blobs(state: dict[str, Any]) -> set[str]:
    rows = [row for bucket in state["buckets"].values() for row in (*bucket["versions"], *bucket["uploads"])]
    return {blob for row in rows for blob in row.blobs}


class State:
    """How the buckets' insides get into the state; see ``hooks.Persistent``."""

    @staticmethod
    def snapshot(world: World) -> dict[str, Any]:
        store = store_of(world)
        state = store.snapshot()
        store.blobs.to_be_saved(_blobs(state))
        return state

    @staticmethod
    def export(world: World) -> dict[str, Any]:
        return store_of(world).export()

    @staticmethod
    def restore(world: World, data: dict[str, Any]) -> None:
        store_of(world).restore(data)

    @staticmethod
    def saved(world: World, snapshot: dict[str, Any]) -> None:
        store_of(world).blobs.saved(_blobs(snapshot))


_STORES: WeakKeyDictionary[World, Store] = WeakKeyDictionary()


def store_of(world: World) -> Store:
    """The one store of a world."""
    store = _STORES.get(world)
    if store is None:
        store = _STORES[world] = Store(world)
    return store
