# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may connect to a database: its trusted sources, told as loopback addresses.

What connects here connects from loopback, where no address of a VPC exists. So every app and Droplet that runs leaves
from a loopback address of its own, ``_egress_at`` of its row, which stands for all the addresses that its record has,
in its VPC and public. A rule with an address or a range lets in those whose record has such an address; a rule with
a loopback address means that address itself: a person at this machine, who comes from 127.0.0.1.

DigitalOcean's rule ``app`` covers the app's public addresses only, not the one in its VPC. Both are one here, so it
covers both.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from localcloud import JSON
from localcloud.world.world import World

LOOPBACK = ipaddress.IPv4Network("127.0.0.0/8")
EVERYBODY = [str(LOOPBACK)]


def allowed(world: World, cluster: JSON) -> list[str]:
    """Networks of loopback addresses, sorted: ``127.0.0.1/32``. Without a rule everybody may come, as there."""
    if not cluster["rules"]:
        return EVERYBODY
    found = {network for rule in cluster["rules"] for network in _of(world, rule)}
    return [str(network) for network in sorted(ipaddress.collapse_addresses(found))]


def _of(world: World, rule: JSON) -> Iterator[ipaddress.IPv4Network]:
    kind, value = rule["type"], rule["value"]
    if kind == "ip_addr":
        network = ipaddress.IPv4Network(value, strict=False)
        if network.overlaps(LOOPBACK):
            yield network if network.subnet_of(LOOPBACK) else LOOPBACK
        rows = [row for row in _residents(world) if any(address in network for address in _addresses(row))]
    elif kind == "app":
        rows = [row for row in world.table("apps").everything() if row["id"] == value]
    elif kind == "droplet":
        rows = [row for row in world.table("droplets").everything() if str(row["id"]) == value]
    elif kind == "tag":
        rows = [row for row in world.table("droplets").everything() if value in row["tags"]]
    else:
        rows = []
    yield from (ipaddress.IPv4Network(row["_egress_at"]) for row in rows if row.get("_egress_at"))


def _residents(world: World) -> list[JSON]:
    return [*world.table("apps").everything(), *world.table("droplets").everything()]


def _addresses(row: JSON) -> Iterator[ipaddress.IPv4Address]:
    """What its record says that its traffic comes from; of an app that moves, the next one too (its jobs use it)."""
    for network in (row.get("_vpc"), row.get("_next_vpc")):
        for egress in (network or {}).get("egress_ips", []):
            yield ipaddress.IPv4Address(egress["ip"])
    for dedicated in row.get("_dedicated_ips", []):
        yield ipaddress.IPv4Address(dedicated["ip"])
    for attached in (row.get("_networks") or {}).get("v4", []):
        yield ipaddress.IPv4Address(attached["ip_address"])
