# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which component a request goes to: ingress rules, and the `routes` of components, which they have replaced.

All specs here are normalised, but for the `routes` that become rules. Without any rule the platform makes one, for
everything, to the first component that takes requests.
"""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import shape

#: Kinds of components that take requests, in the order in which the platform looks for the first one.
ROUTED = ("services", "static_sites", "functions")


def of_component(component: Data) -> list[Data]:
    """Its `routes` (and with them its `cors`) as rules."""
    rules = []
    for route in component.get("routes") or []:
        target = {"name": component.get("name")}
        if "preserve_path_prefix" in route:
            target["preserve_path_prefix"] = route["preserve_path_prefix"]
        rule = {"match": {"path": {"prefix": route.get("path") or "/"}}, "component": target}
        rules.append({**rule, "cors": component["cors"]} if component.get("cors") else rule)
    return rules


def to_ingress(spec: Data, current: Data | None) -> Data:
    """The spec with rules in place of `routes`.

    With those of a wanted spec, rules that `current` has stay, but for those of the components that `routes` are given
    for, those of components that go, and those that match what a given route does.
    """
    made, routed = [], set()
    for component in _routed(spec):
        if "routes" in component:
            made += of_component(component)
            routed.add(component.get("name"))
            if component.pop("routes"):
                component.pop("cors", None)
    if not routed:
        return spec
    ingress = spec.get("ingress") or {}
    rules, there = ingress.get("rules"), _rules(current)
    if rules is None:
        taken = [shape.identity("rules", rule) for rule in made]
        rules = [
            rule
            for rule in _not_dangling(there, _names(current or {}, spec))
            if _target(rule) not in routed and shape.identity("rules", rule) not in taken
        ]
        if not made and rules == there:
            return spec
    known = {shape.identity("rules", rule) for rule in rules}
    new = [rule for rule in made if shape.identity("rules", rule) not in known]
    return {**spec, "ingress": {**ingress, "rules": [*rules, *new]}}


def settle(base: Data, wanted: Data) -> None:
    """Before `wanted` is laid over `base`: take out of both, in place, what would neither be nor make a difference.

    Those are rules to components that go, and the wish to be without the rule that the platform would make again.
    """
    names = _names(base, wanted)
    rules = _not_dangling(_rules(base), names)
    if rules != _rules(base):
        base["ingress"] = {**base["ingress"], "rules": rules}
        if not rules:
            del base["ingress"]["rules"]
        if not base["ingress"]:
            del base["ingress"]
    platforms = {"match": {"path": {"prefix": "/"}}, "component": {"name": names[0]}} if names else None
    if rules != [platforms] or "ingress" not in wanted:
        return
    given = wanted["ingress"] or {}
    wanted["ingress"] = {key: value for key, value in given.items() if (key, value) != ("rules", [])}
    if not wanted["ingress"] and (given or set(base["ingress"]) == {"rules"}):
        del wanted["ingress"]


def cut_off(before: Data | None, after: Data, wanted: Data) -> list[str]:
    """The components that lose their last rule to a route of another one, without a word on that in `wanted`."""
    decided = {component.get("name") for component in _routed(wanted) if "routes" in component}
    if (wanted.get("ingress") or {}).get("rules") is not None:
        return []
    lost = {_target(rule) for rule in _rules(before)} - {_target(rule) for rule in _rules(after)} - decided
    return [name for name in _names(after, {}) if name in lost]


def _routed(spec: Data) -> list[Data]:
    return [component for kind in ROUTED for component in spec.get(kind) or [] if isinstance(component, dict)]


def _names(current: Data, wanted: Data) -> list[str]:
    """The components that will take requests, in the order of the spec to have."""
    names = []
    for kind in ROUTED:
        here, there = ([row.get("name") for row in spec.get(kind) or []] for spec in (wanted, current))
        names += (
            [*(name for name in there if name in here), *(name for name in here if name not in there)]
            if (kind in wanted)
            else there
        )
    return names


def _rules(spec: Data | None) -> list[Data]:
    return ((spec or {}).get("ingress") or {}).get("rules") or []


def _target(rule: Data) -> str | None:
    return (rule.get("component") or {}).get("name")


def _not_dangling(rules: list[Data], names: list[str]) -> list[Data]:
    return [rule for rule in rules if not rule.get("component") or _target(rule) in names]
