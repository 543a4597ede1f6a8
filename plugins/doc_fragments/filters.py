# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which modules for information filter (module_utils/resource/info.py: own_options)."""

from __future__ import annotations


class ModuleDocFragment:
    """`filters.id`, `filters.name`, `filters.region`: each where a module filters by it, whatever it lists."""

    ID = r"""
options:
  id:
    description:
      - List only the one with this id.
    type: str
"""

    NAME = r"""
options:
  name:
    description:
      - List only what has this name.
    type: str
"""

    REGION = r"""
options:
  region:
    description:
      - List only what is in this datacentre region, such as V(fra1).
    type: str
"""
