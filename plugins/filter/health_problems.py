# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: health_problems
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: What is wrong by the answer of a health check
description:
  - Reads the body of the answer, since FisioFlow answers C(200) whatever it finds.
  - Each of O(checks) must be there with a good C(status), under C(checks) of the body. Without any, C(200) is enough.
positional: checks
options:
  _input:
    description: Result of M(ansible.builtin.uri) that has asked the health check.
    type: dict
    required: true
  checks:
    description: Names of the checks that count.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Wait until the app reaches its stores
  ansible.builtin.uri:
    url: https://clinic.example/api/health
  register: health
  until: health | fisioflow.digitalocean.health_problems(['database', 'redis']) | length == 0
  retries: 12
"""

RETURN = r"""
_value:
  description: Clauses such as V(says that redis is unhealthy); none when all is well.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.answering import health_problems


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"health_problems": health_problems}
