# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of which the API tells one otherwise than all, or answers 403 for what is not there: the list of all tells."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Forbidden
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource


class Listed(Resource):
    """A module about one of them."""

    def fetch(self, key: str) -> Data | None:
        """The one of that key in the list."""
        kind = self.kind
        rows = self.api.rows(kind.collection(self.parent_id), kind.many, kind.tells, fresh=True)
        found = next((row for row in rows if str(row[kind.key]).lower() == key.lower()), None)
        return None if found is None else self.enrich(found)

    def delete(self, current: Data) -> None:
        """One that has gone meanwhile is as good as deleted."""
        try:
            super().delete(current)
        except Forbidden:
            if self.refresh(current) is not None:
                raise


class ListedInfo(Info):
    """A module that lists them: the filters, the key among them, choose from all."""

    def rows(self) -> list[Data]:
        """Without a look at a single one."""
        return self.api.rows(self.kind.collection(self.parent_id), self.kind.many, self.kind.tells)
