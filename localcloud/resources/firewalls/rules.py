# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of a firewall: what they may say, and the one form in which the API answers with them."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from localcloud import JSON
from localcloud.contract.relaxations import relax, schema
from localcloud.ports.errors import ApiError
from localcloud.resources import tags
from localcloud.resources.droplets import rows as droplets
from localcloud.world.world import World

# direction → where it says with whom.
PEERS = {"inbound_rules": "sources", "outbound_rules": "destinations"}
MOST_RULES = 50
_PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")


@relax("Terraform leaves ports out for icmp, and the Go client an empty one; the schema wants them in every rule")
def _icmp_without_ports(description: JSON) -> None:
    schema(description, "firewall_rule_base")["required"].remove("ports")


def _ports(rule: JSON) -> str:
    """``0`` for all of them: the API takes ``all`` for it as well [G], and answers so for icmp too [S]."""
    given = str(rule.get("ports") or "")
    if given in ("0", "all") or (rule["protocol"] == "icmp" and not given):
        return "0"
    found = _PORTS.fullmatch(given)
    if not found:
        # digitalocean/droplet_kit issue 249
        raise ApiError(422, "You must specify a positive value for ports.")
    first, last = int(found[1]), int(found[2] or found[1])
    if not 0 < first <= last <= 65535:
        # patoroco/doorkeeper PR 17
        raise ApiError(422, "you must specify a valid range for ports")
    return given


def _address(given: Any) -> str:
    try:
        ipaddress.ip_network(str(given), strict=False)
    except ValueError:
        # digitalocean/terraform-provider-digitalocean issue 33
        raise ApiError(422, "invalid address") from None
    return str(given)


def _peers(world: World, given: JSON) -> JSON:
    """Only what is there; 422 for what does not exist, in words that are guesses."""
    found: JSON = {
        "addresses": [_address(address) for address in given.get("addresses") or []],
        "droplet_ids": checked_droplets(world, given.get("droplet_ids")),
        "load_balancer_uids": list(given.get("load_balancer_uids") or []),
        "kubernetes_ids": list(given.get("kubernetes_ids") or []),
        "tags": checked_tags(world, given.get("tags")),
    }
    for id in found["load_balancer_uids"]:
        if world.table("load_balancers").peek(str(id)) is None:
            raise ApiError(422, f"load balancer {id} does not exist")
    if not any(found.values()):
        raise ApiError(422, "you must specify at least one source or destination")
    return {key: list(dict.fromkeys(value)) for key, value in found.items() if value}


def checked_droplets(world: World, given: list[Any] | None) -> list[int]:
    for id in given or []:
        if droplets.droplets(world).peek(str(id)) is None:
            raise ApiError(422, f"droplet {id} does not exist")
    return list(dict.fromkeys(given or []))


def checked_tags(world: World, given: list[Any] | None) -> list[str]:
    """They must be there before, says the description."""
    for tag in given or []:
        if tag not in tags.names(world):
            raise ApiError(422, f"tag {tag} does not exist")
    return list(dict.fromkeys(given or []))


def checked(world: World, direction: str, given: list[JSON] | None) -> list[JSON]:
    """As the API answers with them. ``action`` is younger than the description; without it a rule allows [V]."""
    found: list[JSON] = []
    for rule in given or []:
        action = rule.get("action") or "allow"
        if action not in ("allow", "deny"):
            raise ApiError(422, "action must be allow or deny")
        peers = _peers(world, rule.get(PEERS[direction]) or {})
        form = {"protocol": rule["protocol"], "ports": _ports(rule), "action": action, PEERS[direction]: peers}
        if form not in found:
            found.append(form)
    return found


def check_number(*lists: list[JSON]) -> None:
    """At least one (the description), and no more than fit (product documentation)."""
    number = sum(map(len, lists))
    if not number:
        raise ApiError(422, "you must specify at least one rule")
    if number > MOST_RULES:
        raise ApiError(422, f"a firewall may have at most {MOST_RULES} rules")
