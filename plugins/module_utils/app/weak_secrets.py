# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a secret is one that somebody guesses: a judgement by length and entropy, for warnings before it is set."""

from __future__ import annotations

import math
import re
from itertools import pairwise

# Below these a search ends within what an attacker spends. Twelve random letters and digits have 71 bits; the estimate
# below, which leaves out what chance repeats, seldom falls under 50.
LENGTH = 12
BITS = 44
# What a word list begins with. Each counts as one character.
_WORDS = re.compile(
    r"pass(word|wd)?|secret|token|admin|root|user|login|welcome|letmein|change-?me|default|example|"
    r"test|qwerty|asdf|fisioflow|digitalocean|localhost|(19|20)\d\d",
    re.IGNORECASE,
)
_ALPHABETS = {r"[a-z]": 26, r"[A-Z]": 26, r"[0-9]": 10, r"[^a-zA-Z0-9]": 33}


def weakness(value: str) -> str:
    """Why `value` is weak, to continue "It …": for example `has 5 characters, 12 are the least`; "" when it is not."""
    if len(value) < LENGTH:
        return f"has {len(value)} character{'' if len(value) == 1 else 's'}, {LENGTH} are the least"
    if bits(value) < BITS:
        return f"is easy to guess (about {bits(value):.0f} bits, {BITS} are the least)"
    return ""


def bits(value: str) -> float:
    """An estimate of what a guesser does not know: of a word, a repetition, a sequence only the first character."""
    text = _WORDS.sub("a", value)
    size = (
        16
        if re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", text)
        else sum(count for alphabet, count in _ALPHABETS.items() if re.search(alphabet, text))
    )
    fresh = 1 + sum(abs(ord(one) - ord(next_one)) > 1 for one, next_one in pairwise(text))
    return min(fresh, 2 * len(set(text))) * math.log2(size)
