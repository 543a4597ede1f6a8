# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: trusted_rules
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Rules of a database cluster that only the app and a list may connect to
description:
  - Lists the app itself, its egress addresses and further rules, each once.
  - While the app has no address in the VPC, its range is listed instead.
positional: extra, network_range
options:
  _input:
    description: The app as the API gives it.
    type: dict
    required: true
  extra:
    description: Further rules.
    type: list
    elements: dict
    default: []
  network_range:
    description: Range of the VPC.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show the rules
  ansible.builtin.debug:
    msg: "{{ app | fisioflow.digitalocean.trusted_rules([], '10.20.0.0/20') }}"
"""

RETURN = r"""
_value:
  description: Rules with C(type) and C(value).
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.trusted import trusted_rules


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"trusted_rules": trusted_rules}
