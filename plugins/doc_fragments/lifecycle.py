# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of modules that make a resource be as described (module_utils/resource/arguments.py: lifecycle)."""

from __future__ import annotations


class ModuleDocFragment:
    """`lifecycle`: with a state, present or absent. `lifecycle.waiting`: only the waiting, for other states."""

    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) creates the resource, or changes what differs; what is left out is left alone.
      - V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  wait:
    description:
      - Whether to wait until the resource is usable (or gone). V(false) lets slow resources start together; a later
        task with V(true) then waits for each, and sets what can only be set once the resource is usable.
      - V(true) also waits for what a new resource lives in, such as a database cluster that is still being created.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait, in seconds.
    type: int
    default: 1800
"""

    WAITING = r"""
options:
  wait:
    description:
      - Whether to wait until the change has taken effect.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait, in seconds.
    type: int
    default: 1800
"""
