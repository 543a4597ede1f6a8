# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as equal: small functions that bring a value into its normal form.

An `Attribute` names one of them. Both sides go through it before they are compared, and the diff shows normal forms, so
that `04:00` and `04:00:00` are neither a change nor a line in a diff. Every normal form is plain JSON.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import TIME_OF_DAY

Normal = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """Itself; numbers and strings of digits are the same id, as the API is of two minds about some of them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str) and value.isascii() and value.isdigit() and str(int(value)) == value:
        return int(value)
    return value


def text(value: Any) -> Any:
    """Free text, of which an absent one equals an empty one."""
    return "" if value is None else str(value)


def time_of_day(value: Any) -> Any:
    """`4:00`, `04:00` and `04:00:00` are the same minute; what is no time stays as it is."""
    found = TIME_OF_DAY.fullmatch(str(value))
    return f"{int(found[1]):02d}:{found[2]}" if found else value


def network(value: Any) -> Any:
    """A CIDR range with its host bits cleared; what is none stays as it is and is the API's to refuse."""
    try:
        return str(ipaddress.ip_network(str(value), strict=False))
    except ValueError:
        return value


def lower(value: Any) -> Any:
    """Text whose case has no meaning."""
    return value.lower() if isinstance(value, str) else value


def underscored(value: Any) -> Any:
    """`allkeys-lru` and `allkeys_lru`: the vendor writes the same policy both ways."""
    return value.replace("-", "_") if isinstance(value, str) else value


def set_of(normal: Normal = plain) -> Normal:
    """A list whose order and repetitions have no meaning; nothing equals an empty list."""

    def form(value: Any) -> Any:
        members = {json.dumps(normal(item), sort_keys=True): normal(item) for item in value or []}
        return [members[key] for key in sorted(members)]

    return form


def record(**attributes: Normal) -> Normal:
    """A dict of which only these attributes matter; one that is missing is None."""
    return lambda value: {name: normal((value or {}).get(name)) for name, normal in attributes.items()}


def prune(value: Any) -> Any:
    """Without the options that were left out: None, at any depth of dicts and lists."""
    if isinstance(value, dict):
        return {key: prune(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [prune(item) for item in value]
    return value


def merge(current: Any, wanted: Any) -> Any:
    """`wanted` laid over `current`: dicts are merged, everything else is replaced."""
    if isinstance(current, dict) and isinstance(wanted, dict):
        return {**current, **{key: merge(current.get(key), item) for key, item in wanted.items()}}
    return wanted


def extract(current: Any, wanted: Any) -> Any:
    """The part of `current` that `wanted` speaks about, in the shape of `wanted`."""
    if isinstance(current, dict) and isinstance(wanted, dict):
        return {key: extract(current.get(key), item) for key, item in wanted.items()}
    return current
