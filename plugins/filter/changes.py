# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: changes
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: What a run changed
description:
  - Names the registered results that report a change.
options:
  _input:
    description: Registered results by the name of what they are about.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: List the changes
  ansible.builtin.debug:
    msg: "{{ {'VPC': network_result} | fisioflow.digitalocean.changes }}"
"""

RETURN = r"""
_value:
  description: Names of what was changed.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import changes


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"changes": changes}
