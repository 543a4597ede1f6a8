# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules about dumps have in common: the bucket where they are, and how far a long one is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.objects import Bucket

# Bytes between two words to who waits.
SPEAK_EVERY = 64 * 2**20


def options() -> Data:
    """Where dumps are; documented in the fragments `spaces` and `dumps`."""
    return {
        "region": {"type": "str", "required": True},
        **spaces.options(),
        "bucket": {"type": "str", "required": True},
    }


class Stored(Module):
    """A module about dumps in a bucket; `api` is that of Spaces here."""

    @cached_property
    def api(self) -> spaces.Spaces:
        """The region's endpoint. Past the broker of the run: what passes here is too large to be handed around."""
        return spaces.connect(self.params, self.secrets, self.clock, self.tell_of_delay)

    @cached_property
    def bucket(self) -> Bucket:
        """Where they are."""
        return Bucket(self.api, self.params["bucket"])

    def tell_of_bytes(self, doing: str) -> Callable[[int], None]:
        """Tells who waits how far it is."""
        told = 0

        def tell(count: int) -> None:
            nonlocal told
            if count - told >= SPEAK_EVERY:
                told = count
                self.progress(f"{doing}: {count / 2**20:.0f} MiB")

        return tell
