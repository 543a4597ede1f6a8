# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: closed_again
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Whether trusted sources are what they were before a network was let in for a while
description:
  - What was opened for a deployment and closed after it is no change.
positional: opened, network_range
options:
  _input:
    description: Rules of the database cluster now.
    type: list
    elements: dict
    required: true
  opened:
    description: Its rules after the network was let in; empty when it was not.
    type: list
    elements: dict
    required: true
  network_range:
    description: Range of the network.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Tell whether anything but the network's way in has changed
  ansible.builtin.debug:
    msg: "{{ now.rules | fisioflow.digitalocean.closed_again(opened.rules, '10.20.0.0/20') }}"
"""

RETURN = r"""
_value:
  description: Whether the rules are as before.
  type: bool
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.trusted import closed_again


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"closed_again": closed_again}
