# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: urns
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: URNs of what a run provided
description:
  - Finds the clusters, apps and buckets among registered results, as a project wants them.
options:
  _input:
    description: Registered results by the name of what they are about.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what belongs to the project
  ansible.builtin.debug:
    msg: "{{ lookup('fisioflow.digitalocean.run_results') | fisioflow.digitalocean.urns }}"
"""

RETURN = r"""
_value:
  description: URNs such as C(do:app:<id>), each once.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import urns


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"urns": urns}
