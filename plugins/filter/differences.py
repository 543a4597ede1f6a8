# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: differences
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: What is not as wanted, from results that check mode predicted
description:
  - Turns registered results with diffs into sentences. Loops give one line per item; skipped tasks none.
options:
  _input:
    description: Registered results by the name of what they are about.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: List the differences
  ansible.builtin.debug:
    msg: "{{ {'VPC': network_result} | fisioflow.digitalocean.differences }}"
"""

RETURN = r"""
_value:
  description: One sentence for each attribute that is not as wanted.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import differences


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"differences": differences}
