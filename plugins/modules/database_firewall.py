#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: the trusted sources of a database cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_firewall
short_description: Manage who may connect to a database cluster (trusted sources)
version_added: 0.1.0
description:
  - Sets, extends or shortens the list of those who may open a connection to a managed database cluster.
  - An empty list admits everybody who has a password, from everywhere.
  - The API replaces the whole list at once, so that nobody on both the old and the new one is ever locked out.
author:
  - FisioFlow contributors (@fisioflow)
options:
  rules:
    description:
      - Who may connect. Left out, the module only reads.
      - A rule that is there keeps its description, unless another one is given.
  mode:
    description:
      - V(exact) makes the list be these rules and no others.
      - V(append) adds those that are missing.
      - V(remove) takes these rules away and leaves the others, also one that has another description than the given
        one. It does not take the last one, without which everybody would be in; say so with V(exact) and an empty
        list.
    type: str
    choices: [exact, append, remove]
    default: exact
  short_lived:
    description:
      - With O(mode=append), the rules that are added go again when the run ends, however it ends - by a kill, too. A
        task with O(mode=remove) takes them away before.
      - Who is in already stays in. Where the list is empty, so that everybody is, nothing is added, which would lock
        the others out.
      - Only possible where tasks run inside of the controller, as they do by default.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.cluster
  - fisioflow.digitalocean.common.trusted_sources
  - fisioflow.digitalocean.lifecycle.waiting
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.database_firewall_info
  - module: fisioflow.digitalocean.database_cluster
"""

EXAMPLES = r"""
- name: The application's private address, the office, and nobody else
  fisioflow.digitalocean.database_firewall:
    cluster: clinic-pg
    rules:
      - type: ip_addr
        value: 10.20.0.5
        description: The app, over the VPC
      - type: ip_addr
        value: 203.0.113.0/24
        description: Office

- name: Let the control node in until the run ends, or until a task lets it out
  fisioflow.digitalocean.database_firewall:
    cluster: clinic-pg
    mode: append
    short_lived: true
    rules:
      - type: ip_addr
        value: 198.51.100.7

- name: And out again
  fisioflow.digitalocean.database_firewall:
    cluster: clinic-pg
    mode: remove
    rules:
      - type: ip_addr
        value: 198.51.100.7
"""

RETURN = r"""
database_firewall:
  description: All rules as the API gives them, and the cluster they are of.
  returned: always
  type: dict
  sample:
    cluster_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
    rules:
      - uuid: 79f26d28-ea8a-41f2-8ad8-8cfcdd020095
        cluster_uuid: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
        type: ip_addr
        value: 10.20.0.5
        description: The app, over the VPC
        created_at: '2026-11-24T03:05:00Z'
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import ranges
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import MOST_TRUSTED_SOURCES
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_FIREWALL
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import arguments, compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource


def source(rule: Data) -> tuple[str, str]:
    """Who a rule is about, in normal form: a single address is a range of one, and tags know no capitals."""
    value = str(rule["value"])
    normal = {"ip_addr": compare.network, "tag": compare.lower}.get(rule["type"], str)
    return rule["type"], str(normal(value))


def shown(rule: Data) -> Data:
    """What of a rule is compared: who it is about, and how it is described."""
    kind, value = source(rule)
    return {"type": kind, "value": value.removesuffix("/32"), "description": rule.get("description") or ""}


def _is(rule: Data, given: Data | None) -> bool:
    """Whether a rule is the given one, also by its description if that was given."""
    return given is not None and given.get("description", rule.get("description")) == rule.get("description")


class DatabaseFirewall(Resource):
    """The list of trusted sources, which the API only replaces as a whole."""

    kind = DATABASE_FIREWALL
    states = ("present",)
    options = {
        "mode": {"type": "str", "default": "exact", "choices": ["exact", "append", "remove"]},
        "short_lived": {"type": "bool", "default": False},
    }
    attributes = {
        "rules": Attribute(
            **arguments.trusted_sources(), normal=lambda rules: compare.set_of()([shown(rule) for rule in rules or []])
        )
    }
    computed = {}

    def wanted(self, current: Data | None) -> Data:
        """The whole list. A rule that stays keeps its id, and its description unless another one is given."""
        if self.params["rules"] is None:
            return {}
        there = {source(rule): rule for rule in (current or {}).get("rules") or []}
        given = {source(rule): compare.prune(rule) for rule in self.params["rules"]}
        if self.params["mode"] == "remove":
            return {"rules": [rule for key, rule in there.items() if not _is(rule, given.get(key))]}
        if self.params["short_lived"] and self.params["mode"] == "append":
            # Who is in stays in afterwards. Of an empty list that is everybody, whom a rule would lock out.
            given = {key: rule for key, rule in given.items() if key not in there and there}
        listed = {
            key: {
                **there.get(key, {}),
                "type": rule["type"],
                "value": there.get(key, rule)["value"],
                **({"description": rule["description"]} if "description" in rule else {}),
            }
            for key, rule in given.items()
        }
        return {"rules": list({**(there if self.params["mode"] == "append" else {}), **listed}.values())}

    def check(self, current: Data | None, wanted: Data) -> None:
        """What the API would refuse in words that name no rule, and an opening that nobody asked for."""
        rules = wanted.get("rules", [])
        if self.params["short_lived"] and self.params["mode"] != "append":
            raise self.refusal("change", "short_lived is for rules that are added; set mode: append")
        if self.params["mode"] == "remove" and not rules and (current or {}).get("rules"):
            raise self.refusal(
                "change", "without the last rule everybody would be let in; set mode: exact to mean that"
            )
        if len(rules) > MOST_TRUSTED_SOURCES:
            raise self.refusal(
                "change",
                f"it would have {len(rules)} rules and the API takes {MOST_TRUSTED_SOURCES}; use ranges or a tag "
                "instead",
            )
        for rule in rules:
            if rule["type"] == "ip_addr" and ranges.network(rule["value"]) is None:
                raise self.refusal(
                    "change",
                    f"{rule['value']} is not an IPv4 address or range such as 203.0.113.0/24, and the API takes no "
                    "others",
                )

    @changes("rules")
    def replace(self, change: Change) -> Data | None:
        """Send all of them, with the ids of those that stay."""
        names = ("uuid", "type", "value", "description")
        rules = [{name: rule[name] for name in names if rule.get(name)} for rule in change.values["rules"]]
        if self.params["short_lived"]:
            there = [source(rule) for rule in change.current.get("rules") or []]
            added = [rule for rule in self.params["rules"] if source(rule) not in there]
            self.invocation.make_short_lived(self.parent_subject, mode="remove", short_lived=False, rules=added)
        self.api.put(self.location(change.current), {"rules": rules})
        if self.params["mode"] == "remove":
            self.invocation.is_gone(self.parent_subject)
        return None


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseFirewall)


if __name__ == "__main__":
    main()
