# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of an app: which one changed, which is missing, and where each value comes from.

The API encrypts a secret when it is first sent and answers ``EV[1:…]`` from then on. Sent back unchanged, that form
keeps the secret; plaintext replaces it. A plaintext cannot be compared with its encrypted form, so every secret that
this collection writes leaves a fingerprint (fingerprints.py) in the app's environment. What the API answers in clear
is compared as it is: that tells what somebody else has set, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import fingerprints
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import components
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import encrypted, harmless, slots
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.weak_secrets import weakness


class Plaintext(Failure):
    """A secret stands where it would be shown; `value` is it."""

    def __init__(self, message: str, value: str) -> None:
        super().__init__(message)
        self.value = value


def prepare(current: Data | None, wanted: Data, secrets: Data) -> dict[str, str]:
    """Make room in a normalised wanted spec for secrets, take their values out of it and return those, by slot.

    What stays in a spec are encrypted values and references. The fingerprints' env is ours: it is left out whatever the
    spec says of it. Raises Plaintext when a secret stands there in the clear.
    """
    if "envs" in wanted:
        wanted["envs"] = [env for env in wanted["envs"] if env.get("key") != fingerprints.ENV]
    held = {slot.name for slot in slots(current)}
    for component in [wanted, *components(wanted)]:
        prefix = f"{component['name']}." if component is not wanted else ""
        for env in component.get("envs") or []:
            if "type" not in env:
                _settle_type(env, f"{prefix}{env.get('key')}", held, secrets)
    given = {}
    for slot in list(slots(wanted)):
        if not harmless(slot.value):
            raise Plaintext(
                f"spec holds the secret {slot.name} in plaintext, where logs and diffs would show it: leave its "
                f"{slot.key} out of spec and give it in the option secrets, as secrets['{slot.name}'].",
                slot.value,
            )
        given[slot.name] = slot.value
        slot.write("")
    return {name: value for name, value in given.items() if value}


def _settle_type(env: Data, name: str, held: set[str], secrets: Data) -> None:
    """An env of whose type nothing is said stays a secret, or becomes one when `secrets` has its value."""
    value = str(env.get("value") or "")
    if name in held:
        if not harmless(value):
            raise Plaintext(
                f"env {name} is SECRET in the app and has a plain value in spec: give the value in the option "
                f"secrets, as secrets['{name}'], or say type GENERAL to make it public.",
                value,
            )
        env["type"] = "SECRET"
    elif not value and (name in secrets or env.get("key") in secrets):
        env["type"] = "SECRET"


@dataclass
class Resolution:
    """The outcome: the whole spec to send, whether it differs from what is there, and which slots get a new value.

    `lost` are those whose present value goes, for another one or with their place; `weak` are sentences about new ones.
    """

    spec: Data
    changed: bool
    renewed: set[str]
    lost: set[str]
    weak: list[str]


def resolve(
    current: Data | None, merged: Data, given: dict[str, str], secrets: dict[str, str], predict: bool = False
) -> Resolution:
    """Fill the slots of `merged` (the whole spec to have, which still holds the current values where it may).

    `given` are the values that the spec itself names, `secrets` the option. Raises Failure for a slot without a value
    and for a secret without a slot; writes nothing into `current`. What only predicts pays for no new fingerprints.
    """
    there = {(slot.name, slot.of): slot.value for slot in slots(current)}
    values: fingerprints.Given = {}
    for slot in slots(merged):
        value = secrets.get(slot.name) or (secrets.get(slot.general) if slot.general else None) or given.get(slot.name)
        if value:
            values[slot.name] = (slot.general or slot.name, value)
    marks = fingerprints.Marks(fingerprints.read(current), values)
    renewed, missing, used = set(), [], set()
    for slot in slots(merged):
        used |= {slot.name, slot.general}
        value = values[slot.name][1] if slot.name in values else ""
        held = there.get((slot.name, slot.of), "")
        if not value:
            slot.write(held or slot.value)
            if not slot.value and slot.key != "registry_credentials":  # an image may be public
                missing.append(slot.name)
            marks.keep(slot.name)
        elif value == held or (encrypted(held) and marks.matches(slot.name)):
            slot.write(held)
            marks.keep(slot.name)
        else:
            slot.write(value)
            renewed.add(slot.name)
            marks.renew(slot.name)
    _refuse_unveiled(merged)
    _refuse(missing, sorted(set(secrets) - used), current is None)
    changed = current is None or merged != fingerprints.without(current)
    lost = {name for (name, _slot), value in there.items() if value and (name in renewed or name not in used)}
    weak = _weak({values[name][0]: values[name][1] for name in sorted(renewed)})
    spec = fingerprints.write(merged, marks.made()) if changed and not predict else merged
    return Resolution(spec, changed, renewed, lost, weak)


def _weak(secrets: dict[str, str]) -> list[str]:
    """A sentence for each that a guesser would find with the help of its fingerprint."""
    return [
        f"The secret {name} {why}: whoever may read the app's spec can find it by trying. Give a random one, such "
        "as openssl rand -base64 32 prints."
        for name, value in secrets.items()
        if not harmless(value) and (why := weakness(value))
    ]


def _refuse_unveiled(merged: Data) -> None:
    """A secret that becomes public needs its value: the encrypted form would be taken for it."""
    for component in [merged, *components(merged)]:
        for env in component.get("envs") or []:
            if env.get("type", "GENERAL") == "GENERAL" and encrypted(str(env.get("value") or "")):
                raise Failure(
                    f"env {env['key']} is SECRET in the app and of type GENERAL in spec, where it has no value: give "
                    "its value in spec, or leave its type SECRET."
                )


def _refuse(missing: list[str], unused: list[str], creating: bool) -> None:
    if missing:
        where = "there is no app yet to keep it from" if creating else "the app has none to keep"
        raise Failure(
            f"No value for {'secret' if len(missing) == 1 else 'secrets'} {', '.join(missing)}: {where}. "
            f"Give it in the option secrets, as secrets['{missing[0]}']."
        )
    if unused:
        raise Failure(
            f"secrets names {', '.join(unused)}, for which neither spec nor the app has a place: add an env of type "
            "SECRET (or the image, or the log destination) to spec, or leave it out of secrets."
        )
