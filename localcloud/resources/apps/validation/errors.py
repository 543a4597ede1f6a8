# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How App Platform refuses a spec, and how a spec is read that nobody has checked before.

The API stops at the first problem and answers 400 with ``error validating app spec field "services.name": …``.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError


def invalid(field: str, problem: str) -> ApiError:
    """``field`` is the path without indices, e.g. ``services.envs.key``."""
    return ApiError(400, f'error validating app spec field "{field}": {problem}')


def objects(owner: JSON, key: str, field: str) -> list[JSON]:
    """A list of objects of the spec, empty when left out or null."""
    value = owner.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise invalid(field, "must be a list of objects")
    return value


def object_of(owner: JSON, key: str, field: str) -> JSON:
    """An object of the spec, empty when left out or null."""
    value = owner.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(field, "must be an object")
    return value


def integer(owner: JSON, key: str, field: str, low: int, high: int) -> int | None:
    """An integer within ``low..high``, None when left out."""
    value = owner.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(field, f"must be an integer, not {value!r}")
    if not low <= value <= high:
        raise invalid(field, f"{value} is out of range: it must be between {low} and {high}")
    return value


def text(owner: JSON, key: str, field: str) -> str:
    """A string, empty when left out."""
    value = owner.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(field, "must be a string")
    return value


def one_of(owner: JSON, key: str, field: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words, empty when left out."""
    value = text(owner, key, field)
    if value and value not in allowed:
        raise invalid(field, f'"{value}" is not one of {", ".join(allowed)}')
    return value
