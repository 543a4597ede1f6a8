# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app spec laid over the spec that the API returned.

`overlay` keeps whatever of the current spec already means what is wanted, in the API's own words, so that *nothing
changes* is plain equality of its result with the current spec, and the result is what a PUT (which replaces the whole
spec) has to send. The rules:

- what the wanted spec leaves out (or sets to null) is left alone, at every depth;
- a list that the wanted spec gives holds exactly those elements; elements of the same name are merged;
- an explicitly empty value (``{}``, ``[]``, ``""``) removes what is there;
- naming one of several alternatives (``autoscaling`` or ``instance_count``, ``tag`` or ``digest``) drops the others.
"""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import COMPONENT_KINDS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import routes, schema, shape


def normalise(spec: Data, current: Data | None = None) -> Data:
    """The spec in one way of writing: no nulls, no read-only parts, scalars typed, `routes` written as ingress rules.

    `current` is the app's normalised spec when `spec` is a wanted one: its ingress rules of components for which the
    wanted spec gives no `routes` stay.
    """
    result: Data = clean(schema.SPEC, spec)
    if isinstance(result.get("vpc"), dict):
        result["vpc"].pop("egress_ips", None)
    for component in components(result):
        if "autoscaling" in component and current is None and not shape.empty(component["autoscaling"]):
            component.pop("instance_count", None)  # the API may report how many run at the moment
    return routes.to_ingress(result, current)


def clean(where: schema.Schema, value: Any) -> Any:
    """A part of a spec, of which the place is known: no nulls, scalars typed."""
    if isinstance(value, list):
        return [clean(schema.element(where), item) for item in value if item is not None]
    if isinstance(value, dict):
        return {key: clean(schema.part(where, key), item) for key, item in value.items() if not shape.unsaid(key, item)}
    return schema.typed(where, value)


def components(spec: Data) -> list[Data]:
    """The components that run or are served (databases have neither environment nor routes)."""
    return [component for kind in COMPONENT_KINDS for component in spec.get(kind) or [] if isinstance(component, dict)]


_ABSENT: Any = object()


def overlay(current: Data | None, wanted: Data) -> Data:
    """The whole spec to have: `wanted` over `current`, both normalised. Equal to `current` when nothing changes.

    The result shares nothing with its arguments.
    """
    wanted = copy.deepcopy(wanted)
    if current is None:
        new: Data = _without_empty(wanted)
        return new
    base = copy.deepcopy(current)
    routes.settle(base, wanted)
    return _over_dict("spec", base, wanted)


def _over(context: str, key: str, current: Any, wanted: Any) -> Any:
    if key in shape.PRESENCE and wanted == {}:
        return wanted if current is _ABSENT else current
    if key == "features" and shape.empty(wanted) and all(_is_build_stack(item) for item in current or []):
        return current  # the API would put it there again
    if shape.empty(wanted):
        default = shape.DEFAULTS.get(context, {}).get(key)
        if shape.empty(current if current is not _ABSENT else None):
            return current
        # 0 and false are values where the default is another one; elsewhere they say the same as nothing.
        return wanted if isinstance(wanted, (bool, int)) else default if default is not None else _ABSENT
    if isinstance(wanted, dict):
        merged = _over_dict(key, current if isinstance(current, dict) else {}, wanted)
        if current is not _ABSENT:
            return merged
        return _without_empty(wanted) if merged or key in shape.PRESENCE else _ABSENT
    if shape.is_named(key, wanted):
        return _over_named(key, current if isinstance(current, list) else [], wanted)
    if isinstance(wanted, list):
        return current if isinstance(current, list) and _same_list(key, current, wanted) else wanted
    if current is _ABSENT:
        default = shape.DEFAULTS.get(context, {}).get(key)
        return _ABSENT if default is not None and shape.same_scalar(context, key, wanted, default) else wanted
    return current if shape.same_scalar(context, key, wanted, current) else wanted


def _is_build_stack(feature: Any) -> bool:
    return "buildpack-stack=" in str(feature)


def _over_dict(context: str, current: Data, wanted: Data) -> Data:
    merged = _without_excluded(context, current, wanted)
    for key, item in wanted.items():
        value = _over(context, key, merged.get(key, _ABSENT), item)
        if value is _ABSENT:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def _without_excluded(context: str, current: Data, wanted: Data) -> Data:
    """A copy of `current` without the alternatives that `wanted` decides against."""
    dropped: set[str] = set(current) - set(wanted) if context in shape.EXACT else set()
    for group in shape.EXCLUSIVE.get(context, ()):
        if any(_chosen(key, wanted) for key in group):
            dropped.update(key for key in group if key not in wanted)
    for choice, useless in shape.DROPS.get(context, {}).items():
        if not shape.empty(wanted.get(choice)):
            dropped.update(key for key in useless if key not in wanted)
    for key, value in wanted.items():
        dropped.update(_gone_with(context, key, current, value) - set(wanted))
    return {key: value for key, value in current.items() if key not in dropped}


def _chosen(key: str, wanted: Data) -> bool:
    return key in wanted and (not shape.empty(wanted[key]) or (key in shape.PRESENCE and wanted[key] == {}))


def _gone_with(context: str, key: str, current: Data, value: Any) -> set[str]:
    """The attributes that cannot stay, or were those of another thing, once `key` is `value`."""
    gone: set[str] = set(shape.ANOTHER.get(context, {}).get(key, ())) if current.get(key) != value else set()
    for values, forbidden in shape.FORBIDS.get(context, {}).get(key, ()):
        gone.update(forbidden if value in values else ())
    return gone


def _over_named(listname: str, current: list[Any], wanted: list[Any]) -> list[Any]:
    """Exactly the wanted elements, those that are there in the API's order, then the new ones.

    Of several that bear one name (two alerts of one rule), each first gets what it already is, wherever that stands.
    """
    before, after = ([shape.identity(listname, element) for element in elements] for elements in (current, wanted))
    laid_over = {
        (old, new): _over_dict(listname, current[old], wanted[new])
        for old, name in enumerate(before)
        for new, namesake in enumerate(after)
        if name == namesake
    }
    kept: dict[int, Any] = {}
    taken = set()
    for old, new in sorted(laid_over, key=lambda pair: laid_over[pair] != current[pair[0]]):
        if old not in kept and new not in taken:
            kept[old] = laid_over[old, new]
            taken.add(new)
    return [kept[old] for old in sorted(kept)] + [
        _without_empty(element) for new, element in enumerate(wanted) if new not in taken
    ]


def _same_list(key: str, current: list[Any], wanted: list[Any]) -> bool:
    if len(current) != len(wanted):
        return False
    if key not in shape.UNORDERED:
        return all(_same(key, one, two) for one, two in zip(current, wanted, strict=True))
    rest = list(wanted)
    for one in current:
        match = next((two for two in rest if _same(key, one, two)), _ABSENT)
        if match is _ABSENT:
            return False
        rest.remove(match)
    return True


def _same(key: str, one: Any, two: Any) -> bool:
    if isinstance(one, dict) and isinstance(two, dict):
        return _over_dict(key, one, two) == one
    return shape.same_scalar("", key, one, two)


def _without_empty(value: Any) -> Any:
    """`value` without the explicitly empty parts, which on something new mean nothing."""
    if isinstance(value, dict):
        cleaned = {key: _without_empty(item) for key, item in value.items()}
        meaningful = ("value", "exact", *shape.PRESENCE)
        return {key: item for key, item in cleaned.items() if item not in ({}, [], "") or key in meaningful}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value
