# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses. Public ones are of ranges that are nobody's: 198.18.0.0/15 (RFC 2544) and 2001:db8::/32 (RFC 3849)."""

from __future__ import annotations

import ipaddress

from localcloud import JSON
from localcloud.resources import vpcs
from localcloud.resources.droplets import rows
from localcloud.world.world import World

PUBLIC = ipaddress.IPv4Network("198.18.0.0/15")
PREFIX = "2001:db8:0:1010"


def attach(world: World, row: JSON, *, public: bool) -> None:
    """Give it a private address of its VPC and, unless it is to have none, a public one."""
    network = ipaddress.IPv4Network(world.table(vpcs.TABLE)[row["vpc_uuid"]]["ip_range"])
    v4 = row["_networks"]["v4"]
    if public:
        host = rows.number(world, "address", 255)
        near = ipaddress.IPv4Network(f"{PUBLIC[host % PUBLIC.num_addresses]}/20", strict=False)
        v4.append(_v4(str(PUBLIC[host % PUBLIC.num_addresses]), str(near.netmask), str(near[1]), "public"))
    # The description's word for no gateway.
    v4.append(_v4(vpcs.allocate_ip(world, row["vpc_uuid"]), str(network.netmask), "nil", "private"))


def attach_v6(world: World, row: JSON) -> None:
    """Give it a public IPv6 address."""
    host = rows.number(world, "address", 255)
    address = f"{PREFIX}::{host:x}"
    row["_networks"]["v6"].append({"ip_address": address, "netmask": 64, "gateway": f"{PREFIX}::1", "type": "public"})


def _v4(address: str, netmask: str, gateway: str, kind: str) -> JSON:
    return {"ip_address": address, "netmask": netmask, "gateway": gateway, "type": kind}
