# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: failed_step
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: The step of a deployment that failed
description:
  - Finds the innermost failed step in the progress of an App Platform deployment.
options:
  _input:
    description: A deployment as the API gives it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Tell why a deployment failed
  ansible.builtin.debug:
    msg: "{{ (deployment | fisioflow.digitalocean.failed_step).reason }}"
"""

RETURN = r"""
_value:
  description: C(component), C(step), C(reason) and C(phase).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import failed_step


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"failed_step": failed_step}
