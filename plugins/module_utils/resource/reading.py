# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource module says about its resource, and how it is found, read and compared. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Attribute, Updater
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.compare import plain, prune
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import (
    UNKNOWN,
    alike,
    only_one,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.planned import Planned


class ReadableResource(Planned):
    """A module about one resource: the declarations and hooks that a subclass may override."""

    looks_ahead = True
    attributes: ClassVar[dict[str, Attribute]] = {}
    # What only the API can tell before the resource exists, in the shape of its answer.
    computed: ClassVar[Data] = {"id": UNKNOWN}
    states: ClassVar[tuple[str, ...]] = ("present", "absent")
    # The values of `state(resource)` that mean usable (none: it is usable at once) and that mean it never will be.
    ready: ClassVar[frozenset[str]] = frozenset()
    failed: ClassVar[frozenset[str]] = frozenset()
    updaters: ClassVar[tuple[Updater, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        marked = {
            name: value
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, Updater)
        }
        cls.updaters = tuple(call for updater in marked.values() for call in updater.calls())
        changeable = {name for updater in cls.updaters for name in updater.names}
        stuck = [
            name
            for name, attribute in cls.attributes.items()
            if not (attribute.fixed or attribute.only_at_creation or name in changeable)
        ]
        if twice := sorted(cls.attributes.keys() & cls.options.keys()):
            raise TypeError(f"{cls.__name__}: an attribute carries its option already: {twice}")
        if stuck or changeable - cls.attributes.keys():
            raise TypeError(
                f"{cls.__name__}: neither fixed nor changed by an updater, or no attribute: "
                f"{stuck + sorted(changeable - cls.attributes.keys())}"
            )

    @classmethod
    def own_options(cls) -> Data:
        """Adds those of the attributes."""
        managed = {name: attribute.option for name, attribute in cls.attributes.items()}
        return {**managed, **super().own_options()}

    # ── Hooks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def wanted(self, current: Data | None) -> Data:
        """The attributes that shall be so; what the user left out is not among them."""
        given: Data = prune({name: self.params.get(name) for name in self.attributes})
        past = {name for name in given if current is not None and self.attributes[name].only_at_creation}
        return {name: value for name, value in given.items() if name not in past}

    def check(self, current: Data | None, wanted: Data) -> None:
        """Refuse with a Failure what the API would refuse late or not at all; before any write, and in check mode."""

    def unoffered(self, current: Data | None, asked: Data) -> Iterator[str]:  # noqa: ARG002
        """What of `asked` the API does not offer, one sentence each (offers.py), before it is made or changed.

        Called only when something is; `asked` is all that was given for a new one, else what differs.
        """
        return iter(())

    def enrich(self, resource: Data) -> Data:
        """Add attributes that the API keeps at addresses of their own."""
        return resource

    def state(self, resource: Data) -> str:
        """The state in the API's words."""
        return str(resource.get("status") or "")

    def body(self, wanted: Data) -> Data:
        """The body of the create call."""
        return {name: value for name, value in wanted.items() if self.attributes[name].at_creation}

    def create(self, wanted: Data) -> Data:
        """Make it, once: whoever calls this looks after uncertain outcomes."""
        return self.unwrap(self.api.post(self.kind.collection(self.parent_id), self.body(wanted), self.kind.promise))

    def undeletable(self, current: Data) -> str:  # noqa: ARG002 - of most, each one can be deleted
        """Why the API would refuse for ever to delete it, to continue "Could not delete …:"; "" if it would not."""
        return ""

    def held(self, current: Data) -> str:  # noqa: ARG002 - most hold nothing
        """What would be lost with it, to continue "it holds …"; "" for nothing. Asked unless the option `force` is."""
        return ""

    def recover(self, found: Data) -> Data | None:
        """A create without an answer has made `found`. None: it is of no use and removed, make another one."""
        return found

    def delete(self, current: Data) -> None:
        """Remove it."""
        self.api.delete(self.location(current))

    def fetch(self, key: str) -> Data | None:
        """Read the one whose address ends in `key`."""
        try:
            answer = self.api.get(self.kind.location(key, self.parent_id), self.kind.promise)
        except NotFound:
            return None
        return self.enrich(self.unwrap(answer, key))

    def find(self) -> list[Data]:
        """All that carry the identity which the user gave."""
        rows = self.api.rows(
            self.kind.collection(self.parent_id), self.kind.many, self.kind.tells, fresh=self.api.has_written
        )
        return [
            row for row in rows if all(plain(row.get(name)) == plain(self.params[name]) for name in self.kind.identity)
        ]

    def read(self) -> Data | None:
        """The resource as it is now, or None."""
        if self.kind.parent is not None and not self.parent_id:
            return None
        key = self.params.get(self.kind.key)
        if self.kind.singleton or key:
            return None if self.check_mode and key == UNKNOWN else self.fetch(str(key or ""))
        found = only_one(self.find(), self.kind, self.subject, self.kind.key)
        return self.enrich(found) if found else None

    def refuse_other_case(self) -> None:
        """Something whose name differs only in capitals is not there, and is most likely what is meant."""
        kind, name = self.kind, self.params.get("name")
        if kind.parent is not None and not self.parent_id:
            return
        if name and kind.many and kind.identity == ("name",) and kind.key != "name" and not self.params.get(kind.key):
            alike(self.api.rows(kind.collection(self.parent_id), kind.many, kind.tells), str(name), kind)

    # ── Small parts ──────────────────────────────────────────────────────────────────────────────────────────────────

    def refresh(self, resource: Data) -> Data | None:
        """Read the same one again."""
        return self.fetch(str(resource.get(self.kind.key, "")))

    def location(self, resource: Data) -> str:
        """The path of this one."""
        return self.kind.location(str(resource.get(self.kind.key, "")), self.parent_id)

    def unwrap(self, answer: Data, key: str = "") -> Data:
        """The resource inside the API's envelope, the one of `key` if given."""
        return self.kind.unwrap(answer, key)

    def differing(self, current: Data, wanted: Data) -> list[str]:
        """The names of the attributes that are not as they shall be."""
        before, after = self._views(current, wanted)
        return [name for name in wanted if before[name] != after[name] and not self.attributes[name].only_at_creation]

    def _views(self, current: Data, wanted: Data) -> tuple[Data, Data]:
        pairs = {name: self.attributes[name].view(current.get(name), value) for name, value in wanted.items()}
        return {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}

    def _values_after(self, current: Data, wanted: Data) -> Data:
        return {name: self.attributes[name].after(current.get(name), value) for name, value in wanted.items()}

    def is_ready(self, resource: Data) -> bool:
        return not self.ready or self.state(resource) in self.ready
