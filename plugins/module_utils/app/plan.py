# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a wanted spec and the app as it is to the spec that has to be sent, and how people see the difference.

Ansible prints a few lines around each change, and in a long list of components those do not say whose they are. So each
line of a diff carries its place: ``services[web].envs[LOG_LEVEL].value: debug``.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import fingerprints, shape
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.checks import check
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import normalise, overlay
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.secrets import Resolution, prepare, resolve
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import masked


@dataclass
class SpecPlan(Resolution):
    """What shall become of an app's spec."""

    # The wanted spec in its normal form, without the secrets' values.
    wanted: Data
    # For a diff, by place: the part that is spoken of, and whatever differs; words in place of secrets.
    before: Data
    after: Data


def plan_spec(current: Data | None, wanted: Data, secrets: Data, *, predict: bool = False) -> SpecPlan:
    """Lay `wanted` over `current` (the spec as the API gives it, None to create) with the values of `secrets`.

    Raises Failure for a spec that cannot be, before anything is written. To `predict`, the spec is not for sending: it
    lacks the fingerprints of new secrets.
    """
    check(wanted, current)
    now = None if current is None else normalise(current)
    values = {
        str(name): value if isinstance(value, str) else json.dumps(value)
        for name, value in secrets.items()
        if value not in (None, "")
    }
    goal = normalise(wanted, now or {})
    given = prepare(now, goal, values)
    found = resolve(now, overlay(fingerprints.without(now), goal), given, values, predict)
    before = masked(copy.deepcopy(now or {}), set())
    after = masked(copy.deepcopy(found.spec), found.renewed)
    return SpecPlan(
        **vars(found),
        wanted=goal,
        before=lines(_spoken_of("spec", before, goal, after)) if current is not None else {},
        after=lines(_spoken_of("spec", after, goal, before)),
    )


def same(one: Data | None, two: Data | None) -> bool:
    """Whether two specs of the API are the same one, however they are written."""
    return normalise(one or {}) == normalise(two or {})


def told(spec: Data | None) -> Data:
    """A spec of the API as a diff shows it, whole."""
    return lines(masked(normalise(spec or {}), set()))


def lines(spec: Data) -> Data:
    """Place → value, of everything that is no dict and no list of dicts. Lists of plain values are one text."""
    return dict(_lines("spec", spec, ""))


def _lines(context: str, value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and (value or not place):
        for key, item in value.items():
            yield from _lines(key, item, f"{place}.{key}" if place else key)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for label, item in zip(_labels(context, value), value, strict=True):
            yield from _lines(context, item, f"{place}[{label}]")
    else:
        yield place, ", ".join(map(str, value)) if isinstance(value, list) and value else value


def _labels(listname: str, elements: list[Any]) -> Iterator[str]:
    """What each element is called: its name, the second of one name with a number; without a name its position."""
    times: Counter[str] = Counter()
    for number, element in enumerate(elements):
        label = shape.identity(listname, element) if shape.is_named(listname, elements) else str(number)
        times[label] += 1
        yield label if times[label] == 1 else f"{label} #{times[label]}"


def _spoken_of(context: str, node: Any, wanted: Any, other: Any) -> Any:
    """The part of `node` to show in a diff against `other`: what `wanted` speaks about, and whatever differs."""
    if isinstance(node, dict):
        wanted = wanted if isinstance(wanted, dict) else {}
        other = other if isinstance(other, dict) else {}
        return {
            key: _spoken_of(key, value, wanted[key], other.get(key)) if key in wanted else value
            for key, value in node.items()
            if key in wanted or value != other.get(key)
        }
    if shape.is_named(context, node):
        return [_spoken_of(context, item, _find(context, item, wanted), _find(context, item, other)) for item in node]
    return node


def _find(listname: str, element: Data, elements: Any) -> Any:
    """The element of the same identity, {} when there is none."""
    found = [item for item in elements or [] if shape.identity(listname, item) == shape.identity(listname, element)]
    return found[0] if found else {}
