# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers on each port. Faults, latency and the journal happen around it (``localcloud.ports.guard``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from localcloud.ports.exchange import Answer, Call
from localcloud.ports.faults import Rule
from localcloud.ports.shared import Shared
from localcloud.ports.words import PORTS


class Front(Protocol):
    """``max_body``: bytes of a request that it takes."""

    max_body: int

    async def __call__(self, call: Call) -> Answer:
        """Never raises. The answer's ``operation`` (``s3:PutBucketAcl``), ``effect`` and ``token`` (the name of it, or
        the id of an access key) are for the journal."""

    def failure(self, call: Call, rule: Rule) -> Answer:
        """What a fault rule wants to be said, in this port's shape of errors."""


FRONTS: dict[str, Callable[[Shared], Front]] = {}


def port(name: str, build: Callable[[Shared], Front]) -> None:
    """``build`` makes what answers on the port of that name. The command line knows the names too (``words.PORTS``)."""
    if name not in PORTS or name in FRONTS:
        raise ValueError(f"{name} is no port, or another answers on it")
    FRONTS[name] = build
