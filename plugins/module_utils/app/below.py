# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of an app, for modules about something below it."""

from __future__ import annotations

from functools import cached_property

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.following import find_apps
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import plaintexts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, Module, only_one


class BelowApp(Module):
    """A module with the options `app_id` and `app`."""

    finders = (plaintexts,)

    @cached_property
    def app(self) -> Data:
        """The app as it was at first sight; {} when there is none (or in check mode, not yet)."""
        key, name = self.params.get("app_id"), str(self.params.get("app") or "")
        if not key:
            return only_one(find_apps(self, name), APP, self.parent_subject, "app_id")
        return {} if self.check_mode and key == UNKNOWN else self.read_app(str(key)) or {}

    @cached_property
    def parent_id(self) -> str:
        """An app carries its name inside its spec."""
        given = self.params.get("app_id")
        return str(given if given and given != UNKNOWN else self.app.get("id", ""))

    def read_app(self, key: str) -> Data | None:
        """The app as it is now."""
        try:
            return APP.unwrap(self.api.get(APP.location(key), APP.promise), key)
        except NotFound:
            return None
