# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private address ranges: which may be a VPC's, and a free one for who names none."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from localcloud.ports.errors import ApiError

RFC1918 = tuple(ipaddress.IPv4Network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
# What the platform uses itself (product documentation, VPC limits).
RESERVED = tuple(
    ipaddress.IPv4Network(net) for net in ("10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24")
)

# Generated ranges are cut from here; addresses in a /20.
POOL = ipaddress.IPv4Network("10.64.0.0/10")
GENERATED = 4096


def check_range(text: object, taken: Iterable[str]) -> str | None:
    """The range that a client wishes, None when it wishes none; 422 when it cannot be had beside those ``taken``."""
    if text in (None, ""):
        return None
    try:
        network = ipaddress.IPv4Network(str(text))
    except ValueError:
        raise ApiError(422, f"ip_range {text} is not a valid CIDR block") from None
    if not 16 <= network.prefixlen <= 28:
        raise ApiError(422, "ip_range size must be between /16 and /28")
    if not any(network.subnet_of(private) for private in RFC1918):
        raise ApiError(422, "ip_range must be a private network of RFC 1918")
    if any(network.overlaps(reserved) for reserved in RESERVED):
        raise ApiError(422, f"ip_range {text} overlaps with a range that is reserved by DigitalOcean")
    for other in taken:
        if network.overlaps(ipaddress.IPv4Network(other)):
            raise ApiError(422, f"This range/size overlaps with another VPC network in your account: {other}")
    return str(network)


def free_range(taken: Iterable[str]) -> str:
    """A /20 that overlaps nothing. Numbers, not networks, are compared: hundreds of VPCs are made at once in tests."""
    networks = [ipaddress.IPv4Network(text) for text in taken]
    used = [(int(network.network_address), int(network.broadcast_address)) for network in networks]
    for first in range(int(POOL.network_address), int(POOL.broadcast_address), GENERATED):
        last = first + GENERATED - 1
        if not any(low <= last and first <= high for low, high in used):
            return f"{ipaddress.IPv4Address(first)}/20"
    raise ApiError(422, "There is no free /20 range left for a VPC.")
