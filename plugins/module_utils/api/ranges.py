# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which address ranges a private network can have: for the module before it writes, and for preflight."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

_PRIVATE = [ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


def network(text: Any) -> ipaddress.IPv4Network | None:
    """The range, None for what is none. Host bits are cut off."""
    try:
        return ipaddress.IPv4Network(str(text), strict=False)
    except ValueError:
        return None


def problem(text: Any) -> str:
    """Why no network can have this range, to continue its name in a sentence; "" if one can."""
    wanted = network(text)
    if wanted is None or str(wanted.network_address) != str(text).partition("/")[0]:
        return f"{text!r} is not a network such as 10.20.0.0/20 (its host bits must be zero)"
    if not any(wanted.subnet_of(private) for private in _PRIVATE):
        return f"{text} is not inside the private ranges 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
    if not 16 <= wanted.prefixlen <= 28:
        return f"{text} has a /{wanted.prefixlen} prefix; DigitalOcean allows /16 to /28"
    return ""


def overlapping(text: Any, vpcs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of `vpcs` whose ranges overlap it."""
    wanted = network(text)
    return [vpc for vpc in vpcs if wanted and (other := network(vpc["ip_range"])) and wanted.overlaps(other)]


def refusals(option: str, text: Any, vpcs: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Why no further network beside `vpcs` can have the range that `option` gives."""
    if why := problem(text):
        yield f"{option} {why}"
    for vpc in overlapping(text, vpcs):
        yield f"{option} {text} overlaps {vpc['ip_range']} of the VPC {vpc['name']!r}: choose a free one"
