# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the README tells, for tests that hold it against what is so."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def scopes(playbook: str) -> set[str]:
    """Those that its table names for the token of a playbook."""
    rows = re.findall(r"^\| (`[a-z_]+\.yml`[^|]*) \| (`[a-z_]+:.*) \|$", (ROOT / "README.md").read_text(), re.M)
    (row,) = (scopes for names, scopes in rows if f"`{playbook}.yml`" in names)
    return set(re.findall(r"`([a-z_]+:[a-z_]+)`", row))
