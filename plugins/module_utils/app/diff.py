# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of an app spec as people see it.

Ansible prints a few lines around each change, and in a long list of components those do not say whose they are. So each
line of a diff carries its place: ``services[web].envs[LOG_LEVEL].value: debug``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import shape


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


def view(spec: Data | None, wanted: Data, other: Data | None) -> Data:
    """The part of `spec` to show in a diff against `other`: what `wanted` speaks about, and whatever differs."""
    return _view("spec", spec or {}, wanted, other or {}) if spec else {}


def _view(context: str, node: Any, wanted: Any, other: Any) -> Any:
    if isinstance(node, dict):
        wanted = wanted if isinstance(wanted, dict) else {}
        other = other if isinstance(other, dict) else {}
        return {
            key: _view(key, value, wanted[key], other.get(key)) if key in wanted else value
            for key, value in node.items()
            if key in wanted or value != other.get(key)
        }
    if shape.is_named(context, node):
        return [_view(context, item, _find(context, item, wanted), _find(context, item, other)) for item in node]
    return node


def _find(listname: str, element: Data, elements: Any) -> Any:
    """The element of the same identity, {} when there is none."""
    found = [item for item in elements or [] if shape.identity(listname, item) == shape.identity(listname, element)]
    return found[0] if found else {}
