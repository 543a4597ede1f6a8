# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an app's outgoing traffic comes from: an address in its VPC, and dedicated public addresses.

The address in the VPC is there from the first deployment that is attached (its PRE_DEPLOY jobs use it already) and
stays. On the real platform it can change with a redeployment: ``POST /_localcloud/seed {"apps.new_egress_ips": 1}``
makes the next deployment of every attached app come with a new one.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources import vpcs
from localcloud.world import hooks
from localcloud.world.world import World

DEDICATED_ADDRESSES = 2


def vpc_id(spec: JSON) -> str:
    return str((spec.get("vpc") or {}).get("id") or "")


def attach(world: World, app: JSON, spec: JSON) -> None:
    """A deployment starts to roll out: give it an address when the app has none in that VPC."""
    wanted = vpc_id(spec)
    known = {(app["_vpc"] or {}).get("id"), (app.get("_next_vpc") or {}).get("id")}
    if wanted and wanted not in known and world.table("vpcs").peek(wanted):
        app["_next_vpc"] = _allocate(world, wanted)


def settle(world: World, app: JSON, spec: JSON) -> None:
    """A deployment has become active: the app's addresses are those of its spec."""
    wanted, current = vpc_id(spec), app["_vpc"] or {}
    following = app.pop("_next_vpc", None)
    if following and following["id"] == wanted:
        app["_vpc"] = following
    elif not wanted:
        app["_vpc"] = None
    elif current.get("id") == wanted and app.pop("_move_egress", False) and world.table("vpcs").peek(wanted):
        app["_vpc"] = _allocate(world, wanted)
    for address in app["_dedicated_ips"]:
        address["status"] = "ASSIGNED"


def _allocate(world: World, id: str) -> JSON:
    return {"id": id, "egress_ips": [{"ip": vpcs.allocate_ip(world, id)}]}


def dedicate(world: World, app: JSON) -> None:
    """Bring the dedicated addresses in line with the app's spec: they are assigned with its next active deployment."""
    if (app["spec"].get("egress") or {}).get("type") != "DEDICATED_IP":
        app["_dedicated_ips"] = []
    elif not app["_dedicated_ips"]:
        app["_dedicated_ips"] = [
            {"id": world.uuid(), "ip": _public_address(world), "status": "ASSIGNING"}
            for _number in range(DEDICATED_ADDRESSES)
        ]


def _public_address(world: World) -> str:
    """An address of 198.18.0.0/15, which is set aside for such purposes (RFC 2544) and never anybody's."""
    return f"198.{world.random.randint(18, 19)}.{world.random.randint(0, 255)}.{world.random.randint(1, 254)}"


@hooks.seeder("apps.new_egress_ips")
def move_all(world: World, count: int) -> None:
    """Every attached app gets a new address with its next deployment; 0 takes that back."""
    for app in world.table("apps").everything():
        if app["_vpc"]:
            app["_move_egress"] = count > 0
