# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an adoption gathers: an inventory in the making, and what there is to tell of it. No sentence holds a secret."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_secrets import holds_secret, texts
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


@dataclass
class Sketch:
    """The inputs of the roles as `defaults` and what was found make them, and sentences about the rest."""

    # What the roles take where nothing is said.
    defaults: Data
    # The language in which all of it is said.
    say: Words
    # Inputs for the inventory; what is as by default is not among them.
    settings: Data = field(default_factory=dict)
    # Values to keep apart, by the names of the app's variables; "" for one that only the app has.
    secrets: dict[str, str] = field(default_factory=dict)
    # What is dangerous as it is now: {what, where, say}.
    dangers: list[dict[str, str]] = field(default_factory=list)
    # What site.yml would do, by the name that a plan gives it: {name, action, attributes, say}.
    differences: list[Data] = field(default_factory=list)
    # What no run can bring about, since it would be made anew, or whose data has to be moved by people before.
    obstacles: list[str] = field(default_factory=list)
    # Channels of Slack that are told of alerts now.
    channels: list[str] = field(default_factory=list)
    # What of the account or the file has no place in an inventory.
    left_out: list[str] = field(default_factory=list)

    def set(self, name: str, value: object) -> None:
        """An input, unless it is what the roles take anyway."""
        if self.defaults.get(name) != value:
            self.settings[name] = value

    def get(self, name: str) -> object:
        """An input as a role will have it."""
        return self.settings.get(name, self.defaults.get(name))

    def danger(self, what: str, where: str, say: str) -> None:
        self.dangers.append({"what": what, "where": where, "say": say})

    def differs(self, name: str, action: str, say: str = "", attributes: list[str] | None = None) -> None:
        self.differences.append({"name": name, "action": action, "attributes": attributes or [], "say": say})

    def leave_secrets_out(self) -> None:
        """Of what would be written in clear whatever holds a secret: a command, the path of a check, a description."""
        say = self.say
        for name in [name for name, value in self.settings.items() if any(map(holds_secret, texts(value)))]:
            del self.settings[name]
            self.danger(
                "secret in clear",
                name,
                say("{name} holds a secret, and whoever reads the app's spec reads it.", name=name),
            )
            self.left_out.append(
                say(
                    "{name} was left out, since a secret stands in it: put that into a variable of the app, and "
                    "write {name} without it.",
                    name=name,
                )
            )
