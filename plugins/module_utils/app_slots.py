# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets sit in an app spec, and how to keep them out of sight.

A *slot* is a place for a secret. Its name is what the option `secrets` calls it:

- ``KEY`` - the app-level env KEY; also the value for every component's env KEY that has none of its own
- ``web.KEY`` - the env KEY of component web
- ``web.registry_credentials`` - of its image; ``registry_credentials`` alone is the value for all images
- ``web.log_destinations.NAME.api_key`` - or ``token``, or ``password``; ``NAME`` is the destination's
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils import app_fingerprints as fingerprints
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app_spec import components

Json = dict[str, Any]

_REFERENCE = re.compile(r"(\$\{[^{}]+\})+")
_TOKENS = (("datadog", "api_key"), ("logtail", "token"), ("basic_auth", "password"))
# What a diff shows in place of a secret.
KEPT, RENEWED = "(secret)", "(secret, new value)"


@dataclass
class Slot:
    """One place for a secret: its own name, the dict that holds it, the key there, the name that others share."""

    name: str
    holder: Json
    key: str
    general: str

    @property
    def value(self) -> str:
        """What stands there now, "" when nothing does."""
        return str(self.holder.get(self.key) or "")

    def write(self, value: str) -> None:
        """Put a value there; "" leaves the attribute out."""
        self.holder.pop(self.key, None)
        if value:
            self.holder[self.key] = value


def encrypted(value: str) -> bool:
    """Whether the API made this of a secret."""
    return value.startswith("EV[")


def harmless(value: str) -> bool:
    """Whether a secret's value may stand in a spec: the encrypted form, or nothing but bindable variables."""
    return not value or encrypted(value) or _REFERENCE.fullmatch(value) is not None


def slots(spec: Json | None) -> Iterator[Slot]:
    """Every place of a spec that holds a secret."""
    spec = spec or {}
    yield from _env_slots(spec.get("envs"), "")
    for component in components(spec):
        prefix = f"{component.get('name')}."
        yield from _env_slots(component.get("envs"), prefix)
        image = component.get("image") or {}
        if image and image.get("registry_type") != "DOCR":
            yield Slot(f"{prefix}registry_credentials", image, "registry_credentials", "registry_credentials")
        for destination in component.get("log_destinations") or []:
            yield from _token_slots(destination, f"{prefix}log_destinations.{destination.get('name')}.")


def _env_slots(envs: Any, prefix: str) -> Iterator[Slot]:
    for env in envs or []:
        if env.get("type") == "SECRET":
            yield Slot(f"{prefix}{env.get('key')}", env, "value", str(env.get("key")))


def _token_slots(destination: Json, prefix: str) -> Iterator[Slot]:
    for kind, key in _TOKENS:
        holder = (destination.get("open_search") or {}).get(kind) if kind == "basic_auth" else destination.get(kind)
        if isinstance(holder, dict):
            yield Slot(f"{prefix}{key}", holder, key, "")


def masked(spec: Json, renewed: set[str]) -> Json:
    """A copy for a diff, of a spec that is ours to change: words in place of secrets, no fingerprints."""
    for slot in slots(spec):
        if slot.value:
            slot.write(RENEWED if slot.name in renewed else KEPT)
    return fingerprints.without(spec) or {}


def scrubbed(value: Any) -> Any:
    """A copy of an app, a deployment or a spec for the result: secret values and fingerprints are left out.

    What is left out counts as "keep it" in a spec, so a result can be given back as one.
    """
    if isinstance(value, list):
        return [scrubbed(item) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("envs"), list):
        value = fingerprints.without(value) or {}
    secret = {"registry_credentials", *(["value"] if value.get("type") == "SECRET" and "key" in value else [])}
    for kind, key in _TOKENS:
        if isinstance(value.get(kind), dict) and key in value[kind]:
            value = {**value, kind: {name: item for name, item in value[kind].items() if name != key}}
    return {
        key: scrubbed(item)
        for key, item in value.items()
        if key not in secret and not (isinstance(item, str) and encrypted(item))
    }


def plaintexts(value: Any) -> Iterator[str]:
    """Secrets that stand in plaintext in what was given as a spec, whatever else is wrong with it."""
    if isinstance(value, list):
        for item in value:
            yield from plaintexts(item)
    elif isinstance(value, dict):
        keys = {"registry_credentials", *(token[1] for token in _TOKENS)}
        keys |= {"value"} if value.get("type") == "SECRET" else set()
        for key, item in value.items():
            if key in keys and isinstance(item, str) and not harmless(item):
                yield item
            else:
                yield from plaintexts(item)
