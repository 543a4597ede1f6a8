# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading ahead: what a run is sure to ask is asked early and all at once, and kept by its broker for the first look.

An answer that was kept is good for one conclusion only: that there is nothing to do. What is to be done, and what went
wrong, is found out anew from what is there now.
"""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Broker, Exchange, Received

# What a read does with the answers that are kept: it adds its own …
KEEP = "keep"
# … it takes the one to its question, which is then kept no more, or asks …
TAKE = "take"
# … or it asks, and all are thrown away: somebody does something, or waits for something.
DROP = "drop"


class OfBeforeError(Exception):
    """Something is to be done by what was kept: begin anew with what is there now."""


class ReadAhead:
    """The broker of one run of a module, which says of every exchange how it stands to what is kept."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.way = ""
        # Whether something that the module knows may be of before.
        self.took = False

    def looks(self) -> None:
        """A first look, which may take what is kept."""
        self.way = TAKE

    def keeps(self) -> None:
        """What others will ask."""
        self.way = KEEP

    def acts(self) -> None:
        """From now on all is asked anew."""
        self.way, self.took = DROP, False

    def __call__(self, exchange: Exchange) -> Received | None:
        """See Broker."""
        received = self._broker(replace(exchange, ahead=self.way))
        self.took = self.took or (received is not None and received.ahead)
        return received
