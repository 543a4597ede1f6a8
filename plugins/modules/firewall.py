#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a cloud firewall."""

from __future__ import annotations

DOCUMENTATION = r"""
module: firewall
short_description: Manage a cloud firewall of Droplets
version_added: 0.1.0
description:
  - Creates, changes and deletes a cloud firewall, which stands in front of Droplets. Databases have a list of their own
    (M(fisioflow.digitalocean.database_firewall)), load balancers and apps have none of this kind.
  - What no rule allows is refused. A Droplet behind several firewalls lets in what any of them lets in.
  - Each list is replaced as a whole when it is given, and left alone when it is left out.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, unique in the account. Together with O(id), a name that differs renames the firewall.
    type: str
    required: true
  id:
    description:
      - The id. Without it the firewall is found by its name.
    type: str
  inbound_rules:
    description:
      - What is let in. A firewall has at least one rule, of either direction.
    type: list
    elements: dict
    suboptions:
      protocol:
        description:
          - The protocol.
        type: str
        choices: [tcp, udp, icmp]
        required: true
      ports:
        description:
          - One port, a range such as V(8000-9000), or V(all). Needed unless the protocol is V(icmp), which has none.
        type: str
      action:
        description:
          - Whether that is allowed or denied; allowed when it is left out.
        type: str
        choices: [allow, deny]
      sources: &peers
        description:
          - With whom, by at least one of these.
        type: dict
        required: true
        suboptions:
          addresses:
            description:
              - Addresses and ranges, of IPv4 and IPv6.
            type: list
            elements: str
          droplet_ids:
            description:
              - Ids of Droplets.
            type: list
            elements: str
          load_balancer_uids:
            description:
              - Ids of load balancers.
            type: list
            elements: str
          load_balancers:
            description:
              - Names of load balancers, beside or in the place of their ids.
            type: list
            elements: str
          kubernetes_ids:
            description:
              - Ids of Kubernetes clusters.
            type: list
            elements: str
          tags:
            description:
              - Tags of Droplets. They must be there, see M(fisioflow.digitalocean.tag).
            type: list
            elements: str
  outbound_rules:
    description:
      - What is let out. Without any, Droplets behind it reach nobody, not even their updates.
    type: list
    elements: dict
    suboptions:
      protocol:
        description:
          - The protocol.
        type: str
        choices: [tcp, udp, icmp]
        required: true
      ports:
        description:
          - One port, a range such as V(8000-9000), or V(all). Needed unless the protocol is V(icmp), which has none.
        type: str
      action:
        description:
          - Whether that is allowed or denied; allowed when it is left out.
        type: str
        choices: [allow, deny]
      destinations: *peers
  droplet_ids:
    description:
      - Ids of the Droplets behind it. The product takes ten at most; O(tags) have no such limit.
    type: list
    elements: str
  tags:
    description:
      - Tags whose Droplets are behind it, those that get the tag later as well. They must be there, see
        M(fisioflow.digitalocean.tag).
    type: list
    elements: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.firewall_info
  - module: fisioflow.digitalocean.tag
"""

EXAMPLES = r"""
- name: Only the load balancer gets to the proxies
  fisioflow.digitalocean.firewall:
    name: clinic-edge
    tags: [clinic-edge]
    inbound_rules:
      - protocol: tcp
        ports: "80"
        sources:
          load_balancers: [clinic-edge]
    outbound_rules:
      - protocol: tcp
        ports: all
        destinations: &anywhere
          addresses: [0.0.0.0/0, "::/0"]
      - protocol: udp
        ports: "53"
        destinations: *anywhere

- name: Remove it
  fisioflow.digitalocean.firewall:
    name: clinic-edge
    state: absent
"""

RETURN = r"""
firewall:
  description:
    - The firewall as the API gives it, where V(0) stands for all ports; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: bb4b2611-3d72-467b-8602-280330ecd65c
    name: clinic-edge
    status: succeeded
    created_at: '2026-11-24T04:00:00Z'
    pending_changes: []
    droplet_ids: []
    tags: [clinic-edge]
    inbound_rules:
      - protocol: tcp
        ports: "80"
        action: allow
        sources:
          load_balancer_uids: [4de7ac8b-495b-4884-9a69-1050c6793cd6]
    outbound_rules:
      - protocol: udp
        ports: "53"
        action: allow
        destinations:
          addresses: [0.0.0.0/0, "::/0"]
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import FIREWALL, LOAD_BALANCER
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Attribute, puts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

DIRECTIONS = {"inbound_rules": "sources", "outbound_rules": "destinations"}
PEERS = {
    "addresses": compare.set_of(compare.network),
    "droplet_ids": compare.set_of(),
    "load_balancer_uids": compare.set_of(),
    "kubernetes_ids": compare.set_of(),
    "tags": compare.set_of(),
}


def _ports(value: Data) -> str:
    """The API says 0 for all, and for icmp, which has none."""
    given = str(value.get("ports") or "")
    return "0" if given == "all" or (value["protocol"] == "icmp" and not given) else given


def _rules(peers: str) -> Attribute:
    """A set of rules, each with sets of peers; a rule without an action allows."""

    def normal(rule: Data) -> Data:
        return {
            "protocol": rule["protocol"],
            "ports": _ports(rule),
            "action": rule.get("action") or "allow",
            peers: compare.record(**PEERS)(rule.get(peers)),
        }

    lists = {name: {"type": "list", "elements": "str"} for name in (*PEERS, "load_balancers")}
    options = {
        "protocol": {"type": "str", "choices": ["tcp", "udp", "icmp"], "required": True},
        "ports": {"type": "str"},
        "action": {"type": "str", "choices": ["allow", "deny"]},
        peers: {"type": "dict", "required": True, "options": lists},
    }
    return Attribute("list", elements="dict", options=options, normal=compare.set_of(normal))


class Firewall(Resource):
    """A firewall: PUT changes all of it."""

    kind = FIREWALL
    options = {"id": {"type": "str"}}
    attributes = {
        "name": Attribute(required=True),
        **{direction: _rules(peers) for direction, peers in DIRECTIONS.items()},
        "droplet_ids": Attribute("list", elements="str", normal=compare.set_of()),
        "tags": Attribute("list", elements="str", normal=compare.set_of()),
    }
    computed = dict.fromkeys(("id", "status", "created_at", "pending_changes"), UNKNOWN)
    ready = frozenset({"succeeded"})
    failed = frozenset({"failed"})
    put = puts(*attributes)

    def state(self, resource: Data) -> str:
        """Without anything pending, all has been applied, whatever the word for it is."""
        state = super().state(resource)
        return "succeeded" if state == "waiting" and not resource.get("pending_changes") else state

    def wanted(self, current: Data | None) -> Data:
        """In the API's form: numbers as numbers, and ports always."""
        wanted = super().wanted(current)
        if "droplet_ids" in wanted:
            wanted["droplet_ids"] = compare.plain(wanted["droplet_ids"])
        for direction, peers in DIRECTIONS.items():
            for rule in wanted.get(direction, []):
                rule["ports"] = _ports(rule)
                if names := rule[peers].pop("load_balancers", []):
                    ids = [self.id_of(LOAD_BALANCER, name) for name in names]
                    rule[peers]["load_balancer_uids"] = [*rule[peers].get("load_balancer_uids", []), *ids]
                if "droplet_ids" in rule[peers]:
                    rule[peers]["droplet_ids"] = compare.plain(rule[peers]["droplet_ids"])
        return wanted

    def check(self, current: Data | None, wanted: Data) -> None:
        """What the API says in riddles, or not at all."""
        doing = "change" if current else "create"
        whole = {**(current or {}), **wanted}
        if not any(whole.get(direction) for direction in DIRECTIONS):
            raise self.refusal(doing, "it would have no rule: give one in inbound_rules or outbound_rules")
        for direction, peers in DIRECTIONS.items():
            for rule in wanted.get(direction, []):
                if not rule["ports"]:
                    raise self.refusal(doing, f"ports of a {rule['protocol']} rule are missing: give them, or all")
                if not any(rule[peers].values()):
                    raise self.refusal(doing, f"{peers} of a rule name nobody: give addresses, or leave the rule out")


def main() -> None:
    """Run as an ordinary module."""
    run_module(Firewall)


if __name__ == "__main__":
    main()
