# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told when something happens: e-mail addresses, and Slack channels by webhooks, whose addresses are secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Attribute

_OPTIONS: Data = {
    "email": {"type": "list", "elements": "str"},
    "slack": {
        "type": "list",
        "elements": "dict",
        "options": {
            "channel": {"type": "str", "required": True},
            "url": {"type": "str", "required": True, "no_log": True},
        },
    },
}


def _digest(url: Any) -> str:
    """In a diff: enough to tell two apart."""
    return f"(secret {hashlib.sha256(str(url).encode()).hexdigest()[:6]})"


_FORMS = {
    "email": compare.set_of(compare.lower),
    "slack": compare.set_of(compare.record(channel=compare.text, url=_digest)),
}


def _normal(value: Data | None) -> Data:
    return {name: _FORMS[name](who) for name, who in (value or {}).items() if name in _FORMS}


def attribute() -> Attribute:
    """The recipients, of which a list that is left out stays."""
    return Attribute("dict", options=_OPTIONS, normal=_normal, needed=True)


def complete(given: Data) -> Data:
    """For a create call, which takes both lists."""
    return {"email": [], "slack": [], **given}


def webhooks(data: Any) -> Iterator[str]:
    """The addresses of webhooks in an answer."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == "slack" and isinstance(value, list):
                yield from (str(hook["url"]) for hook in value if isinstance(hook, dict) and hook.get("url"))
            else:
                yield from webhooks(value)
    elif isinstance(data, list):
        for item in data:
            yield from webhooks(item)
