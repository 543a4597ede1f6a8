# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what people provide is theirs, or what an example had in its place. A sentence never tells a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.secrets import LONG

# As the environment files, READMEs and inventories of FisioFlow and of this project write them.
_PLACEHOLDER = re.compile(
    r"(^|[^a-z])your[-_ ]|change[-_ ]?(me|it|this)\b|replace[-_ ]?(me|this)\b|placeholder|…|\.\.\.|^<.*>$|^x{4,}$"
    r"|^(secret|password|token|key|example|todo|owner/name)$",
    re.IGNORECASE,
)
# Characters of a secret that FisioFlow takes in one length only.
LENGTHS = {"ENCRYPTION_KEY": 32}


def placeholder(value: Any) -> bool:
    """Whether a text is an example's, and not anybody's own."""
    return isinstance(value, str) and _PLACEHOLDER.search(value.strip()) is not None


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
    elif value and len(str(value)) < LONG:
        yield f"{place} has {len(str(value))} characters: too short to be kept out of a log; give {LONG} or more."
    elif value and (length := LENGTHS.get(place.rsplit(".", 1)[-1])) and len(str(value)) != length:
        yield f"{place} has {len(str(value))} characters, and FisioFlow takes exactly {length}."
