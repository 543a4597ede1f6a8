# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Information about resources: look-up and shape are those of the modules that manage them, and nothing is written.

How to add a module
===================
plugins/modules/<name>_info.py, documented with the fragments `common`, `filters` and `attributes.info`:

    class VpcInfo(Info):
        '''The VPCs.'''

        kind = VPC
        filters = ("region",)                                # by which a user may choose, beside key and name

It overrides `rows` (all of them) or `enrich` (what has an address of its own) when the API needs more than one call,
`filter_names` when its key is no filter, and `run` when there is more to tell than the list.
"""

from __future__ import annotations

from typing import ClassVar

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.compare import plain
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, Module


class Info(Module):
    """A module that lists resources of one kind, all or those that its filters leave. See the top of this file."""

    # Options that are compared with the attribute of the same name; the kind's key and identity always are.
    filters: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def own_options(cls) -> Data:
        """An option for every filter."""
        return {**{name: {"type": "str"} for name in cls.filter_names()}, **cls.options}

    @classmethod
    def filter_names(cls) -> tuple[str, ...]:
        """The attributes that a user may give."""
        if cls.kind.singleton:
            return cls.filters
        return tuple(dict.fromkeys((cls.kind.key, *cls.kind.identity, *cls.filters)))

    def run(self) -> Data:
        """The list is empty when nothing matches; what it is listed below must be there."""
        return {"changed": False, self.kind.plural: self._found()}

    def rows(self) -> list[Data]:
        """All of them; one of the hooks."""
        kind, collection = self.kind, self.kind.collection(self.parent_id)
        key = self.params.get(kind.key)
        if not (kind.singleton or (key and kind.one)):
            # What has no address of its own is only listed.
            return self.api.rows(collection, kind.many, kind.tells)
        if self.check_mode and key == UNKNOWN:
            return []
        try:
            answer = self.api.get(kind.location(str(key or ""), self.parent_id), kind.promise)
        except NotFound:
            if kind.singleton:
                raise
            return []
        return [kind.unwrap(answer, str(key or ""))]

    def enrich(self, resource: Data) -> Data:
        """Add attributes that the API keeps at addresses of their own; one of the hooks."""
        return resource

    def _found(self) -> list[Data]:
        parent = self.kind.parent
        if parent is not None and not self.parent_id:
            if self.check_mode:
                return []
            raise Failure(f'Could not {self.doing}: there is no {parent.noun} "{self.params[parent.short]}".')
        wanted = {name: self.params[name] for name in self.filter_names() if self.params.get(name) is not None}
        found = [
            self.enrich(row)
            for row in self.rows()
            if all(plain(row.get(name)) == plain(value) for name, value in wanted.items())
        ]
        return found if parent is None else [{**row, f"{parent.short}_id": self.parent_id} for row in found]
