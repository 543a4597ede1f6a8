# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that modules have in common; documented once, in the doc fragments `common` and `lifecycle`."""

from __future__ import annotations

import os
import re
from typing import Any

from ansible.module_utils.common.parameters import env_fallback

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import TRUSTED_SOURCES
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import Kind


def first_env(*names: str) -> str:
    """The first of these environment variables that holds something; an empty or blank one is as good as none."""
    return str(env_fallback(*[name for name in names if os.environ.get(name, "").strip()]))


def from_env(*names: str) -> Data:
    """The part of an option's spec that lets it come from the environment."""
    return {"fallback": (first_env, list(names))}


def connection() -> Data:
    """How to reach the API."""
    return {
        # Not `required`: its absence is told in a sentence that says where it can come from.
        "api_token": {
            "type": "str",
            "no_log": True,
            **from_env("DO_API_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"),
        },
        "api_url": {"type": "str", "default": "https://api.digitalocean.com", **from_env("DIGITALOCEAN_API_URL")},
        "ca_path": {"type": "path", **from_env("DIGITALOCEAN_CA_PATH")},
        "timeout": {"type": "int", "default": 120},
    }


def lifecycle(states: tuple[str, ...]) -> Data:
    """What shall be, where there is a choice, and how long to wait until it is."""
    choice = {"state": {"type": "str", "default": states[0], "choices": list(states)}} if len(states) > 1 else {}
    return {
        **choice,
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 1800},
    }


def parent(kind: Kind | None) -> Data:
    """How to name what a resource lives below: by id (no look-up) or by name."""
    if kind is None:
        return {}
    return {f"{kind.short}_id": {"type": "str"}, kind.short: {"type": "str"}}


def parent_rules(kind: Kind | None) -> Data:
    """Exactly one of the two."""
    if kind is None:
        return {}
    pair = [f"{kind.short}_id", kind.short]
    return {"required_one_of": [pair], "mutually_exclusive": [pair]}


def trusted_sources() -> Data:
    """Who may connect to a database cluster."""
    return {
        "type": "list",
        "elements": "dict",
        "options": {
            "type": {"type": "str", "required": True, "choices": list(TRUSTED_SOURCES)},
            "value": {"type": "str", "required": True},
            "description": {"type": "str"},
        },
    }


# What a value of each type is called, and which values Ansible makes it of; it fails in Python's words about others.
_FITTING: dict[str, tuple[str, tuple[type, ...]]] = {
    "dict": ("a dictionary", (dict, str)),
    "list": ("a list", (list, str, int, float)),
    "bool": ("true or false", (bool, int, float, str)),
    "int": ("a whole number", (int, float, str)),
    "float": ("a number", (int, float, str)),
    "json": ("a dictionary or a JSON document", (dict, list, str)),
    "str": ("text", (str, bool, int, float)),
    "path": ("a path", (str,)),
}
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
# What true and false are is told before they count as numbers.
_CALLED = {dict: "a dictionary", list: "a list", bool: "true or false", int: "a number", float: "a number", str: "text"}


def misfits(spec: Data, given: Any, where: str = "") -> list[str]:
    """A sentence for each value in `given` of which the option's type cannot be made. No value is in them.

    Told before Ansible's own validation, which ends in a TypeError for some of them.
    """
    found = []
    for name, rule in spec.items():
        value, place = given.get(name), f"{where}{name}"
        options, kind = rule.get("options"), rule.get("type", "str")
        if value is None:
            if name in given and (rule.get("required") or rule.get("default") is not None):
                way_out = "" if rule.get("required") else "leave it out, or "
                found.append(f"The option {place} has no value: {way_out}give {_FITTING[kind][0]}.")
            continue
        items = [(place, value, kind)]
        if isinstance(value, list) and kind == "list":
            element = rule.get("elements", "str")
            items = [(f"{place}[{number}]", item, element) for number, item in enumerate(value)]
        for at, item, wanted in items:
            called, fitting = _FITTING[wanted]
            if options and wanted == "list":
                fitting = (list, str)
            if wanted == "float" and isinstance(item, str) and not _NUMBER.fullmatch(item):
                # Ansible's words about it are Python's.
                fitting = (int, float)
            if not isinstance(item, fitting) or (isinstance(item, bool) and bool not in fitting):
                # Ansible's own values are of kinds of these.
                other = next((words for type_, words in _CALLED.items() if isinstance(item, type_)), "nothing")
                found.append(f"The value of {at} must be {called}, not {other}.")
            elif options and isinstance(item, dict):
                found.extend(misfits(options, item, f"{at}."))
    return found
