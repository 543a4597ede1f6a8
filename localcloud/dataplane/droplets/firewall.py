# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may reach a Droplet: only those that a cloud firewall which covers it lets in; without one, everybody.

Outbound rules are records: nothing here keeps a process from going out.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.droplets import rows as droplets
from localcloud.resources.firewalls.firewalls import TABLE, covered
from localcloud.resources.load_balancers import rows as load_balancers
from localcloud.world.world import World


def inbound(world: World, id: int) -> list[JSON] | None:
    """``{first, last, action, sources}`` of each rule for TCP, sources as networks; None where no firewall is."""
    covering = [row for row in world.table(TABLE).everything() if id in covered(world, row)]
    if not covering:
        return None
    return [
        {**_ports(rule["ports"]), "action": rule["action"], "sources": sorted(_sources(world, rule["sources"]))}
        for row in covering
        for rule in row["inbound_rules"]
        if rule["protocol"] == "tcp"
    ]


def _ports(ports: str) -> JSON:
    first, _, last = ports.partition("-")
    return {"first": int(first), "last": int(last or first) or 65535}


def _sources(world: World, peers: JSON) -> set[str]:
    found = set(peers.get("addresses", []))
    table = load_balancers.table(world)
    balancers = [table.peek(str(id)) for id in peers.get("load_balancer_uids", [])]
    found |= {load_balancers.address(row) for row in balancers if row}
    ids, tags = peers.get("droplet_ids", []), set(peers.get("tags", []))
    for row in droplets.droplets(world).everything():
        if row["id"] in ids or tags & set(row["tags"]):
            found.add(droplets.address(row))
    return found - {""}


def routes(rules: list[JSON] | None, port: int) -> list[JSON]:
    """For the beginning of a server of Caddy at that port: connections that no rule lets in are cut."""
    if rules is None:
        return []
    fitting = [rule for rule in rules if rule["first"] <= port <= rule["last"]]
    allowed = [source for rule in fitting if rule["action"] == "allow" for source in rule["sources"]]
    denied = [source for rule in fitting if rule["action"] == "deny" for source in rule["sources"]]
    refused: list[JSON] = [{"not": [{"remote_ip": {"ranges": allowed}}]}] if allowed else [{}]
    if denied:
        refused.append({"remote_ip": {"ranges": denied}})
    abort = {"handler": "static_response", "abort": True}
    # Without conditions it is for everybody.
    return [{**({"match": refused} if {} not in refused else {}), "handle": [abort], "terminal": True}]
