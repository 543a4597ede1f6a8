# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags: resources of their own, each of which carries what it is put on."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import TAG
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Change, Updater


def retags(resource_type: str) -> Updater:
    """Change the attribute `tags` of a resource, of which the tags API calls the type so.

    A tag is known by the capitals of its first creation, with which the API answers; making one that is there is no
    error.
    """

    def retag(module: Any, change: Change) -> Data | None:
        before, after = (
            {tag.lower(): tag for tag in tags or []} for tags in (change.current.get("tags"), change.values["tags"])
        )
        this = {"resources": [{"resource_id": str(change.current["id"]), "resource_type": resource_type}]}
        for name in sorted(after.keys() - before.keys()):
            made = module.api.post(TAG.path, {"name": after[name]}, TAG.promise, repeatable=True)
            module.api.post(f"{TAG.location(made['tag']['name'])}/resources", this, repeatable=True)
        for name in sorted(before.keys() - after.keys()):
            module.api.delete(f"{TAG.location(before[name])}/resources", this)
        return None

    return Updater(("tags",), retag)
