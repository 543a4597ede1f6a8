# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets sit in an app spec, and how to keep them out of sight.

A *slot* is a place for a secret. Its name is what the option `secrets` calls it:

- ``KEY`` - the app-level env KEY; also the value for every component's env KEY that has none of its own
- ``web.KEY`` - the env KEY of component web
- ``web.registry_credentials`` - of its image; ``registry_credentials`` alone is the value for all images
- ``web.log_destinations.NAME.api_key`` - or ``token``, ``password``, ``headers.KEY``; ``NAME`` is the destination's
- ``ingress.secure_header.value`` - the header by which the app knows what stands in front of it

The API answers some of them encrypted (``EV[…]``: SECRET envs, registry credentials), others in clear (seen with the
tokens of log destinations). Nothing here relies on which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import fingerprints
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import components

_REFERENCE = re.compile(r"(\$\{[^{}]+\})+")
# The dict in which a secret stands → the secret's key there. Envs are secret by their type.
_FIELDS = {
    "image": "registry_credentials",
    "datadog": "api_key",
    "logtail": "token",
    "basic_auth": "password",
    "headers": "value",
    "secure_header": "value",
}
# Names of headers whose values are looked for in whatever is printed; those of others may be everyday words.
_TELLING = re.compile(r"auth|token|key|secret|password|credential|cookie", re.IGNORECASE)
# What a diff shows in place of a secret.
KEPT, RENEWED = "(secret)", "(secret, new value)"


@dataclass
class Slot:
    """One place for a secret: its own name, the dict that holds it, the key there, the name that others share.

    `of` tells what the secret is for, beside its name: credentials of one registry are none of another.
    """

    name: str
    holder: Data
    key: str
    general: str = ""
    of: str = ""

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


def slots(spec: Data | None) -> Iterator[Slot]:
    """Every place of a spec that holds a secret."""
    spec = spec or {}
    yield from _env_slots(spec.get("envs"), "")
    for component in components(spec):
        prefix = f"{component.get('name')}."
        yield from _env_slots(component.get("envs"), prefix)
        image = component.get("image") or {}
        if image and image.get("registry_type") != "DOCR":
            key = "registry_credentials"
            yield Slot(f"{prefix}{key}", image, key, key, str(image.get("registry_type")))
        for destination in component.get("log_destinations") or []:
            yield from _token_slots(destination, f"{prefix}log_destinations.{destination.get('name')}.")
    header = (spec.get("ingress") or {}).get("secure_header")
    if header:
        yield Slot("ingress.secure_header.value", header, "value")


def _env_slots(envs: Any, prefix: str) -> Iterator[Slot]:
    for env in envs or []:
        if env.get("type") == "SECRET":
            yield Slot(f"{prefix}{env.get('key')}", env, "value", str(env.get("key")))


def _token_slots(destination: Data, prefix: str) -> Iterator[Slot]:
    for holders in (destination, destination.get("open_search") or {}):
        for kind in ("datadog", "logtail", "basic_auth"):
            if isinstance(holders.get(kind), dict):
                yield Slot(f"{prefix}{_FIELDS[kind]}", holders[kind], _FIELDS[kind])
    for header in destination.get("headers") or []:
        yield Slot(f"{prefix}headers.{header.get('key')}", header, "value")


def masked(spec: Data, renewed: set[str]) -> Data:
    """A copy for a diff, of a spec that is ours to change: words in place of secrets, no fingerprints."""
    for slot in slots(spec):
        if slot.value:
            slot.write(RENEWED if slot.name in renewed else KEPT)
    return fingerprints.without(spec) or {}


def _secret_key(where: str, holder: Data) -> str:
    """The key of the secret in a dict that stands under `where`, "" when it has none."""
    return "value" if holder.get("type") == "SECRET" and "key" in holder else _FIELDS.get(where, "")


def scrubbed(value: Any, where: str = "") -> Any:
    """A copy of an app, a deployment or a spec for the result: secret values and fingerprints are left out.

    What is left out counts as "keep it" in a spec, so a result can be given back as one.
    """
    if isinstance(value, list):
        return [scrubbed(item, where) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("envs"), list):
        value = fingerprints.without(value) or {}
    return {
        key: scrubbed(item, key)
        for key, item in value.items()
        if key != _secret_key(where, value) and not (isinstance(item, str) and encrypted(item))
    }


def plaintexts(value: Any, where: str = "") -> Iterator[str]:
    """Secrets that stand in plaintext in a spec, given or answered, or in anything that holds one."""
    if isinstance(value, list):
        for item in value:
            yield from plaintexts(item, where)
    elif isinstance(value, dict):
        secret = _secret_key(where, value)
        for key, item in value.items():
            if key != secret or not isinstance(item, str):
                yield from plaintexts(item, key)
            elif not harmless(item) and (where != "headers" or _TELLING.search(str(value.get("key")))):
                yield item
