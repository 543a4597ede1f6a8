# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a target of an uptime check is on this machine."""

from __future__ import annotations

import ipaddress
import ssl
from urllib.parse import urlsplit

from localcloud.dataplane.asking import Target
from localcloud.dataplane.dns.answers import addresses, zone_of
from localcloud.dataplane.ground import usable
from localcloud.world.world import World

PORTS = {"http": 80, "https": 443}


class ElsewhereError(Exception):
    """It is not on this machine, and nobody asks further than that."""


def target(world: World, url: str, kind: str, trust: ssl.SSLContext) -> Target | None:
    """What to ask; None when its name leads nowhere, though we answer for it. ElsewhereError for what is not here."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    host, found = parts.hostname or "", _address(world, parts.hostname or "")
    if found is None:
        return None
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    port = parts.port or usable(PORTS.get(kind, 80))
    return Target(found, port, host, path, trust if kind == "https" else None)


def _address(world: World, host: str) -> str | None:
    if host == "localhost":
        return "127.0.0.1"
    try:
        found = [str(ipaddress.IPv4Address(host))]
    except ValueError:
        found = addresses(world, host)
        if not found and zone_of(world, host) is None:
            raise ElsewhereError(f"{host} is in no domain of this account") from None
    here = [address for address in found if ipaddress.IPv4Address(address).is_loopback]
    if found and not here:
        raise ElsewhereError(f"{host} leads to {found[0]}, which is not on this machine")
    return here[0] if here else None
