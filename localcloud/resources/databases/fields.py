# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading request bodies. With a contract at hand its validation comes first; without one these refusals remain.

Go clients send a field that they have no value for as ``""`` or ``null`` (``project_id``, ``private_network_uuid``,
``rules``) [G]: both count as left out.
"""

from __future__ import annotations

import re
from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError

MAX_TAGS_LENGTH = 255

# What a new cluster or replica may be given by tokens with these scopes only [S].
SCOPES = {"tags": "tag:create", "private_network_uuid": "vpc:read", "project_id": "project:assign_resource"}


def text(body: JSON, key: str, default: str | None = None) -> str:
    value = body.get(key)
    if value is None or value == "":
        if default is None:
            raise ApiError(422, f"{key} is required")
        return default
    if not isinstance(value, str):
        raise ApiError(422, f"{key} must be a string")
    return value


def whole(body: JSON, key: str, default: int | None = None) -> int:
    value = body.get(key)
    if value is None:
        if default is None:
            raise ApiError(422, f"{key} is required")
        return default
    if not isinstance(value, int) or isinstance(value, bool):
        raise ApiError(422, f"{key} must be an integer")
    return value


def flag(body: JSON, key: str, default: bool | None = None) -> bool:
    value = body.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, bool):
        raise ApiError(422, f"{key} must be true or false")
    return value


def rows(body: JSON, key: str) -> list[Any]:
    value = body.get(key) or []
    if not isinstance(value, list):
        raise ApiError(422, f"{key} must be a list")
    return value


def part(body: JSON, key: str) -> JSON:
    value = body.get(key) or {}
    if not isinstance(value, dict):
        raise ApiError(422, f"{key} must be an object")
    return value


def tags(body: JSON) -> list[str] | None:
    """Each tag once; at most 255 characters when joined by commas [M]. None when there are none: shown as null [S]."""
    given = rows(body, "tags")
    for tag in given:
        if not isinstance(tag, str) or not re.fullmatch(r"[A-Za-z0-9_\-:]{1,255}", tag):
            raise ApiError(422, f"invalid tag name: {tag}")
    found = list(dict.fromkeys(given))
    if len(",".join(found)) > MAX_TAGS_LENGTH:
        raise ApiError(422, f"combined tags cannot exceed {MAX_TAGS_LENGTH} characters")
    return found or None


_CNAME = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)+")


def do_settings(body: JSON) -> JSON:
    """``{service_cnames: […]}`` of a body's ``do_settings``: at most 16 host names of at most 253 characters [S]."""
    names = rows(part(body, "do_settings"), "service_cnames")
    if len(names) > 16:
        raise ApiError(422, "service_cnames must not hold more than 16 names")
    for name in names:
        if not isinstance(name, str) or len(name) > 253 or not _CNAME.fullmatch(name):
            raise ApiError(422, f"invalid service CNAME: {name}")
    return {"service_cnames": names}
