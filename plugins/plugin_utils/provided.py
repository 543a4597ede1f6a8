# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what people provide is theirs, or what an example had in its place. A sentence never tells a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import LONG
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import ORIGIN_SECRETS

# As the environment files, READMEs and inventories of FisioFlow and of this project write them: an example is a whole
# value, or has words of its own. What people write themselves ("Book your appointment", "Loading...") has none.
_PLACEHOLDER = re.compile(
    r"(secret|password|token|key|example|todo|owner/name|placeholder|<[^<>@]*>|x{4,}|…|\.{3})"
    r"|your [\w -]+ here|(change|replace)[-_ ]?(me|it|this)"
    # In one piece, at the place of a name, a host, a user or a password.
    r"|(\S*(://|[@:])|(sk|pk|rk)[-_]([a-z]+[-_])?)?your[-_]\S*|\S*[^\sa-z]your[-_]\S*[-_]here\S*"
    r"|(\S*[^\sa-z])?(change|replace)[-_]?me([^\sa-z]\S*)?|(change|replace)[-_](it|this)[-_]\S*"
    r"|(\w+[-_])?placeholder([-_]\w+)?|[\w-]+[-_](…|\.{3})|\w+://(…|\.{3})\S*",
    re.IGNORECASE,
)
# The app's own secrets, which whoever runs it makes up, with the characters that they must have: (least, most).
_ORIGIN = ("edge_origin_secret", *ORIGIN_SECRETS)
_OWN = {
    **dict.fromkeys(("NEXTAUTH_SECRET", "STATUS_CHECK_TOKEN"), (LONG, None)),
    # Its hash is seen in the names of proxies: decision 46.
    **dict.fromkeys(_ORIGIN, (32, None)),
    "ENCRYPTION_KEY": (32, 32),
}
# What a proxy's configuration takes as it is.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]*")


def placeholder(value: Any) -> bool:
    """Whether a text is an example's, and not anybody's own."""
    return isinstance(value, str) and _PLACEHOLDER.fullmatch(value.strip()) is not None


def placeholders(place: str, value: Any) -> Iterator[str]:
    """A sentence for each placeholder in a value that may be shown, at any depth."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from placeholders(f"{place}.{key}" if isinstance(value, dict) else place, item)
    elif placeholder(value):
        yield f"{place} is {value!r}, which is a placeholder: set your own, or leave it out."


def secret_problems(place: str, value: Any) -> Iterator[str]:
    """A sentence for each secret that cannot be meant: one in a text, or those of a dictionary by name."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from secret_problems(f"{place}.{key}", item)
    elif placeholder(value):
        yield f"{place} is a placeholder: provide the secret itself, by vault, environment or an AWX credential."
    elif value and (own := _OWN.get(place.rsplit(".", 1)[-1])):
        # How long a provider's are is the provider's.
        (least, most), length = own, len(str(value))
        if most and length != most:
            yield f"{place} has {length} characters, and FisioFlow takes exactly {most}."
        elif length < least:
            yield f"{place} has {length} characters: too short to be a secret; give {least} or more."
        if place.rsplit(".", 1)[-1] in _ORIGIN and not _TOKEN.fullmatch(str(value)):
            yield f"{place} may hold letters, digits and . _ ~ + / = - only, as it is sent in a header."
