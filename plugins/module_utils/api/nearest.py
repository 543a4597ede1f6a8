# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], closeness: float = 0.6) -> str:
    """The one of `known` that is most like `word`, "" when none is `closeness` (0 to 1) like it."""
    # A capital letter or a dash is a slip as well.
    forms = {name.lower().replace("-", "_"): name for name in sorted(known, reverse=True)}
    found = get_close_matches(word.lower().replace("-", "_"), sorted(forms), n=1, cutoff=closeness)
    return forms[found[0]] if found else ""
