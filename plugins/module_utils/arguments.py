# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that modules have in common; documented once, in the doc fragments `common` and `lifecycle`."""
from __future__ import annotations

import os
from typing import Any

from ansible.module_utils.common.parameters import env_fallback

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.kinds import Kind

Spec = dict[str, Any]


def first_env(*names: str) -> str:
    """The first of these environment variables that holds something; an empty one is as good as none."""
    return str(env_fallback(*[name for name in names if os.environ.get(name)]))


def from_env(*names: str) -> Spec:
    """The part of an option's spec that lets it come from the environment."""
    return {"fallback": (first_env, list(names))}


def connection() -> Spec:
    """How to reach the API."""
    return {
        # Not `required`: its absence is told in a sentence that says where it can come from.
        "api_token": {"type": "str", "no_log": True,
                      **from_env("DO_API_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN")},
        "api_url": {"type": "str", "default": "https://api.digitalocean.com", **from_env("DIGITALOCEAN_API_URL")},
        "ca_path": {"type": "path", **from_env("DIGITALOCEAN_CA_PATH")},
        "timeout": {"type": "int", "default": 120},
    }


def lifecycle(states: tuple[str, ...]) -> Spec:
    """What shall be, where there is a choice, and how long to wait until it is."""
    choice = {"state": {"type": "str", "default": states[0], "choices": list(states)}} if len(states) > 1 else {}
    return {
        **choice,
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 1800},
    }


def parent(kind: Kind | None) -> Spec:
    """How to name what a resource lives below: by id (no look-up) or by name."""
    if kind is None:
        return {}
    return {f"{kind.short}_id": {"type": "str"}, kind.short: {"type": "str"}}


def parent_rules(kind: Kind | None) -> Spec:
    """Exactly one of the two."""
    if kind is None:
        return {}
    pair = [f"{kind.short}_id", kind.short]
    return {"required_one_of": [pair], "mutually_exclusive": [pair]}


def trusted_sources() -> Spec:
    """Who may connect to a database cluster."""
    return {"type": "list", "elements": "dict", "options": {
        "type": {"type": "str", "required": True, "choices": ["app", "droplet", "ip_addr", "k8s", "tag"]},
        "value": {"type": "str", "required": True},
        "description": {"type": "str"},
    }}
