# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the secrets that a plan calls new are those that it was made with, told without them.

As an app's fingerprints do (module_utils/app/fingerprints.py, which says what they give away): 32 bits of a slow hash,
here one over all of them together. Its salt is what the plan is about, so that two plans of one state are the same.
"""

from __future__ import annotations

import hashlib
import json
import re

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import RENEWED

VARIABLE = re.compile(r"envs\[(\w+)\]\.value$")
# About 55 ms and 32 MiB.
PRICE, MEMORY, BYTES = 2**15, 2**26, 4


def new_secrets_mark(resources: list[Data], about: Data, secrets: Data) -> str:
    """Eight digits, or "" when nothing new is among `secrets` (variable of the app → value)."""
    changes = [change for row in resources for change in row["changes"] if change["after"] == RENEWED]
    named = {found[1] for change in changes if (found := VARIABLE.search(change["attribute"]))}
    given = {name: str(secrets[name]) for name in sorted(named) if secrets.get(name)}
    if not given:
        return ""
    salt = json.dumps([about["environment"], about["account"], about["owner"]]).encode()
    text = json.dumps(given).encode()
    return hashlib.scrypt(text, salt=salt, n=PRICE, r=8, p=1, maxmem=MEMORY, dklen=BYTES).hex()
