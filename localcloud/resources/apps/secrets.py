# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of a spec: ``EV[1:<nonce>:<ciphertext>]``, AES-GCM under a key of the account, bound to the app.

SECRET variables and registry credentials are encrypted on first submission. The encrypted form comes back unchanged
when it is sent again, as long as it was issued for this app; the app's runtime can read it (``reveal``), no answer ever
holds the plaintext. Tokens of log destinations come back as they were sent, which the acceptance tests of the vendor's
Terraform provider rely on.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from localcloud import JSON
from localcloud.resources.apps.spec import components
from localcloud.resources.apps.validation.errors import invalid
from localcloud.world import hooks
from localcloud.world.world import World

ENCRYPTED = re.compile(r"EV\[1:([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)\]")
NONCE_BYTES = 24
KEYS = "app_keys"

# What an app that does not exist yet is called. A spec that ``propose`` completed for it can be created as it is.
PROPOSED = "proposed"


def is_encrypted(value: str) -> bool:
    """Anything that starts like an encrypted value is one: a mangled one is refused rather than encrypted again."""
    return value.startswith("EV[")


def encrypt_spec(world: World, spec: JSON, app_id: str) -> None:
    """Encrypt, in place, whatever is secret and still plain. ApiError 400 for an encrypted value of another app."""
    for owner, key, field in _places(spec):
        value = owner.get(key)
        if not value:
            continue
        if not is_encrypted(value):
            owner[key] = _encrypt(world, value, app_id)
        elif reveal(world, app_id, value) is None:
            raise invalid(field, "the encrypted value was not issued for this app; send the plain value instead")


def reveal(world: World, app_id: str, value: str) -> str | None:
    """The plaintext of an encrypted value of this app, None when it is not one."""
    match = ENCRYPTED.fullmatch(value)
    if match is None:
        return None
    try:
        nonce, sealed = (base64.b64decode(part, validate=True) for part in match.groups())
    except binascii.Error:
        return None
    cipher = AESGCM(_key(world))
    for owner in (app_id, PROPOSED):
        try:
            return cipher.decrypt(nonce, sealed, owner.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    return None


def plain_environment(world: World, app_id: str, spec: JSON, component: JSON) -> dict[str, str]:
    """The variables of a component with secrets in clear and bindable variables as written: for the runtime only."""
    found: dict[str, str] = {}
    for env in [*(spec.get("envs") or []), *(component.get("envs") or [])]:
        value = str(env.get("value", ""))
        if env.get("type") == "SECRET" and is_encrypted(value):
            value = reveal(world, app_id, value) or ""
        found[env["key"]] = value
    return found


def _encrypt(world: World, value: str, app_id: str) -> str:
    nonce = bytes.fromhex(world.token_hex(NONCE_BYTES))
    sealed = AESGCM(_key(world)).encrypt(nonce, value.encode(), app_id.encode())
    return f"EV[1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}]"


@hooks.on_start
def new_key(world: World) -> None:
    """Kept with the state of the account, so that secrets survive a restart."""
    world.table(KEYS).insert("secrets", {"_key": world.token_hex(32)})


def _key(world: World) -> bytes:
    return bytes.fromhex(world.table(KEYS)["secrets"]["_key"])


def _places(spec: JSON) -> Iterator[tuple[JSON, str, str]]:
    """``(object, key, field)`` of everything secret in a spec."""
    yield from _env_places(spec, "envs")
    for kind, component in components(spec):
        yield from _env_places(component, f"{kind}.envs")
        if component.get("image"):
            yield component["image"], "registry_credentials", f"{kind}.image.registry_credentials"


def _env_places(owner: JSON, field: str) -> Iterator[tuple[JSON, str, str]]:
    for env in owner.get("envs") or []:
        if env.get("type") == "SECRET":
            yield env, "value", f"{field}.value"
