# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: monthly_bill
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Monthly bill of what is planned
description:
  - Computes what the inputs of the roles cost a month, in US dollars. C(preflight_prices) among them prices what the
    API does not.
positional: instance_sizes
options:
  _input:
    description: Inputs of the roles by name.
    type: dict
    required: true
  instance_sizes:
    description: Instance sizes of App Platform with their price, as the API gives them.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Tell the bill
  ansible.builtin.debug:
    msg: "{{ (desired.inputs | fisioflow.digitalocean.monthly_bill(sizes)).total }}"
"""

RETURN = r"""
_value:
  description: C(lines), C(total), C(total_max) and C(unpriced).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import monthly_bill


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"monthly_bill": monthly_bill}
